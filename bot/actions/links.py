"""The way back from an issue to Slack: to the message that an item came from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import tickets
from bot.core.states import MirrorKind
from bot.db.tables import ActionItem, Mirror
from bot.jira.model import RemoteLink

TITLE = "In Slack"


def back(session: Session, item: ActionItem, uid: str, root: str) -> RemoteLink | None:
    """The link; None where the item came from no channel. `root` is the workspace's address.

    By its own id a second one replaces the first, so it may be written again at any time.
    """
    if item.channel is None or not root:
        return None
    ts = item.message_ts or _of_run(session, item)
    return RemoteLink(tickets.label(uid), address(root, item.channel, ts), TITLE)


def address(root: str, channel: str, ts: str | None) -> str:
    """A channel's address, or that of a message there, as Slack's own permalinks read."""
    place = f"{root.rstrip('/')}/archives/{channel}"
    return place if ts is None else f"{place}/p{ts.replace('.', '')}"


def _of_run(session: Session, item: ActionItem) -> str | None:
    """The run's message in the channel, where the item came from one that stands."""
    if item.run_id is None:
        return None
    return session.scalar(
        select(Mirror.remote_id)
        .where(
            Mirror.run_id == item.run_id,
            Mirror.kind == MirrorKind.MESSAGE,
            Mirror.target == item.channel,
            Mirror.parent_id.is_(None),
            Mirror.remote_id.is_not(None),
        )
        .order_by(Mirror.id)
        .limit(1)
    )
