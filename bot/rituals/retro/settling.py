"""*I'm done*: somebody owes nothing more in a stage; with the last of them it ends early.

Of an anonymous retro it is a step of its own, later than any note, and all that is kept of who took
part: not whether anything was written, and no time of its own. (The card is marked then.)
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import by_hand, cards
from bot.core.states import PromptState, RunState
from bot.db.tables import Person, Prompt, Run
from bot.engine.mirrors import Urgency
from bot.rituals.retro.counting import too_few
from bot.rituals.retro.finding import Place, by_id, by_run, person_of, stage_run_id
from bot.rituals.retro.model import KIND, NoRetro, NotOnIt, Past, Stage
from bot.rituals.retro.running import mark
from bot.rituals.retro.tables import Retro


@dataclass(frozen=True)
class AllDone:
    """They owe nothing more in this stage."""

    stage: Stage


def stage_run(session: Session, retro: Retro) -> Run | None:
    """The round of asking of the stage that a retro is in."""
    run_id = stage_run_id(retro)
    return None if run_id is None else session.get(Run, run_id)


def done(
    session: Session, at: datetime, workspace_id: int, slack_id: str, retro_id: int
) -> AllDone | Past | NotOnIt | NoRetro:
    """Somebody says that they are done: with their notes, their votes, or the discussion."""
    place = by_id(session, workspace_id, retro_id)
    person = person_of(session, workspace_id, slack_id)
    if place is None:
        return NoRetro()
    if place.retro.stage in (Stage.SORT, Stage.CLOSED):
        return Past(place.retro.stage, retro_id, place.retro.anonymous)
    stage = place.retro.stage
    if person is None or not settle(session, at, place, person):
        return NotOnIt()
    return AllDone(stage)


def done_of_prompt(
    session: Session, at: datetime, workspace_id: int, slack_id: str, prompt_id: int
) -> AllDone | Past | NotOnIt | NoRetro:
    """The same from a card, whose button names the prompt."""
    found = retro_of_prompt(session, workspace_id, slack_id, prompt_id)
    if found is None:
        return NotOnIt()
    retro, run_id = found
    if stage_run_id(retro) != run_id:
        return Past(retro.stage, retro.id, retro.anonymous)
    return done(session, at, workspace_id, slack_id, retro.id)


def retro_of_prompt(
    session: Session, workspace_id: int, slack_id: str, prompt_id: int
) -> tuple[Retro, int] | None:
    """The retro that a person's prompt is about, and the round it belongs to."""
    run_id = session.scalar(
        select(Prompt.run_id)
        .join(Person, Prompt.person_id == Person.id)
        .where(
            Prompt.id == prompt_id,
            Person.workspace_id == workspace_id,
            Person.slack_id == slack_id,
        )
    )
    retro = None if run_id is None else by_run(session, run_id)
    return None if retro is None or run_id is None else (retro, run_id)


def settle(session: Session, at: datetime, place: Place, person: Person) -> bool:
    """Nothing more is owed by somebody; answers whether they were asked at all."""
    run = stage_run(session, place.retro)
    if run is None:
        return False
    prompt = session.scalar(
        select(Prompt).where(Prompt.run_id == run.id, Prompt.person_id == person.id)
    )
    if prompt is None or run.state is RunState.CLOSED:
        return False
    collects_unsigned = place.retro.anonymous and place.retro.stage is Stage.COLLECT
    prompt.state, prompt.reason, prompt.excuse = PromptState.ANSWERED, None, None
    prompt.answered_at = None if collects_unsigned else at
    prompt.snoozed_until = None
    session.flush()
    on = prompt.asked_on or cards.today(person, at)  # or who could not be asked looks after it
    cards.refresh(session, at, [(person.id, on)], Urgency.CLICKED)
    if not collects_unsigned:
        mark(session, at, place)
    if place.retro.held:
        if not too_few(session, place):  # it was the one that was wanting
            by_hand.move_end(session, at, KIND, run, at)
    else:
        by_hand.end_if_settled(session, at, KIND, run)
    return True
