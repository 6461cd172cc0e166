"""Use case of submitting the answer modal, which may be older than what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.rituals.standup import answers, values
from bot.rituals.standup.answers import Beside, Incomplete, Saved
from bot.rituals.standup.forms import Submitted
from bot.rituals.standup.questions import fingerprint
from bot.rituals.standup.sheets import Closed, NotYours, Place, Sheet, place, sheet


@dataclass(frozen=True)
class Changed:
    """Not stored: other questions are asked by now.

    The sheet has what was said and still fits; `lost` are the keys of what doesn't.
    """

    sheet: Sheet
    lost: tuple[str, ...]


def submit(
    session: Session, at: datetime, workspace_id: int, slack_id: str, form: Submitted
) -> Saved | Incomplete | Changed | Closed | NotYours:
    """Store what a form says; where its questions are asked no more, show those that are."""
    found = place(session, workspace_id, slack_id, form.prompt_id)
    if found is None:
        return NotYours()
    if not _still_asks(found, form):
        now = sheet(session, at, workspace_id, slack_id, form.prompt_id)
        if isinstance(now, Sheet):
            return _changed(now, form.said, form.beside)
    return answers.store(session, at, workspace_id, found, form.said, form.beside)


def _still_asks(place: Place, form: Submitted) -> bool:
    return form.asked in ("", fingerprint(place.config.questions))


def _changed(now: Sheet, said: Mapping[str, str], beside: Beside) -> Changed:
    tidied = values.tidy(now.questions, said)
    fitting = {
        one.key: tidied[one.key]
        for one in now.questions
        if tidied.get(one.key) and values.problem(one, tidied[one.key]) is None
    }
    back = now.back
    blocked = (
        replace(one, resolved=beside.resolved.get(one.id, one.resolved)) for one in back.blocked
    )
    plan = replace(back.plan, fate=beside.fate) if back.plan is not None else None
    again = replace(back, plan=plan, blocked=tuple(blocked), chosen=beside.helper)
    lost = (key for key, text in tidied.items() if text and key not in fitting)
    return Changed(replace(now, said={**now.said, **fitting}, back=again), tuple(lost))
