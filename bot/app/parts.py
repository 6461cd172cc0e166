"""What the bot is built of, from its settings: the way to Jira, and who listens to Slack."""

from dataclasses import replace
from typing import TYPE_CHECKING

from slack_bolt.async_app import AsyncApp

from bot.actions import listeners as actions_listeners
from bot.asking import listeners as asking_listeners
from bot.asking.home_views import OnHomes
from bot.engine.intake import Intake
from bot.engine.ritual import OnCard
from bot.rituals import RITUALS
from bot.settings import Settings
from bot.teams import listeners as teams_listeners

if TYPE_CHECKING:
    from bot.actions.connection import Access, Connection


def access(settings: Settings) -> "Access | None":
    """To Jira, where its settings are there; nothing of it is loaded otherwise."""
    if settings.jira_url is None or settings.jira_token is None:
        return None
    from bot.actions.connection import Access

    secret = settings.jira_webhook_secret
    return Access(
        url=settings.jira_url,
        token=settings.jira_token.get_secret_value(),
        email=settings.jira_email,
        webhook_secret=secret.get_secret_value() if secret is not None else None,
        token_expires=settings.jira_token_expires,
    )


def offered(on_card: OnCard, *, hears_dms: bool) -> OnCard:
    """What is put on cards: an answer in the DM is offered only where it would be heard."""
    return replace(on_card, by_message=on_card.by_message and hears_dms)


def listen(bolt: AsyncApp, intake: Intake, on_homes: OnHomes, jira: "Connection | None") -> None:
    """Let everything that answers people hear what they do."""
    for ritual in RITUALS:
        ritual.listen(bolt, intake)
    asking_listeners.listen(bolt, intake, on_homes)
    teams_listeners.listen(bolt, intake)
    actions_listeners.listen(bolt, intake)
    if jira is not None:
        jira.listen(bolt, intake)
