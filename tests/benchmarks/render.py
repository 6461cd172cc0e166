"""What Slack is shown, drawn from SQL: a summary of 200 answers, and a Home with 50 stand-ups."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.session import Database
from bot.db.tables import Person, Prompt, Run
from bot.engine.ritual import View
from bot.rituals.standup import answers
from tests.benchmarks.answer import SUNDAY
from tests.benchmarks.bare import machine
from tests.benchmarks.report import Row, middle, milliseconds
from tests.benchmarks.team import database, people, stand_up, views, workspace

_AT = datetime(2026, 3, 30, 12, tzinfo=UTC)
_ANSWERS, _RITUALS, _TIMES = 200, 50, 20
_AIM = 0.050


def run(*, quick: bool) -> list[Row]:
    times = 3 if quick else _TIMES
    return [_summary(times), _home(times)]


def _row(what: str, seconds: float) -> Row:
    return Row(
        "render",
        what,
        milliseconds(seconds),
        aim=f"≤ {milliseconds(_AIM)}",
        met=seconds <= _AIM,
    )


def _summary(times: int) -> Row:
    with database() as opened:
        opened.write_now(_answered)
        view = views()["standup.run"]
        run_id = opened.read_now(lambda session: session.scalars(select(Run.id)).first())
        return _row(f"a summary of {_ANSWERS} answers", _drawn(opened, view, str(run_id), times))


def _answered(session: Session) -> None:
    workspace_id = workspace(session)
    members = people(session, workspace_id, 0, _ANSWERS)
    stand_up(session, SUNDAY, workspace_id, members, time(9, 30))
    prompts = session.execute(select(Prompt.id, Person.slack_id).join(Person)).all()
    for prompt_id, person in prompts:
        said = {
            "learned": "Boosting says PR-AUC 0.71, which is too good: one feature is written late.",
            "next": "Drop all that is written after the request, and train again.",
            "blockers": "The GDPR export" if prompt_id % 10 == 0 else "",
        }
        at = SUNDAY + timedelta(hours=13, minutes=40)
        answers.submit(session, at, workspace_id, person, prompt_id, said)


def _home(times: int) -> Row:
    with database() as opened:
        opened.write_now(_busy)
        return _row(
            f"a Home with {_RITUALS} stand-ups", _drawn(opened, views()["home"], "1", times)
        )


def _busy(session: Session) -> None:
    """Somebody on fifty stand-ups."""
    workspace_id = workspace(session)
    members = people(session, workspace_id, 0, _RITUALS + 1)
    for other in members[1:]:
        stand_up(session, SUNDAY, workspace_id, [other, members[0]], time(9, 30))


def _drawn(opened: Database, view: View, subject: str, times: int) -> float:
    def once(session: Session) -> float:
        began = machine.elapsed()
        loaded = view.load(session, subject, _AT)
        if loaded is None or view.draw(loaded) is None:
            raise RuntimeError(f"nothing to draw of {subject}")
        return machine.elapsed() - began

    return middle([opened.read_now(once) for _ in range(times + 1)][1:])
