"""Waiting or asked prompts with what is around them: what the steps of a round work on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.cadence import local_date, zone
from bot.core.states import PromptState, RunState
from bot.db.tables import Person, Prompt, Ritual, Run
from bot.engine.timers import Fired


@dataclass(frozen=True)
class Place:
    """A prompt with what is around it."""

    prompt: Prompt
    run: Run
    ritual: Ritual
    person: Person

    @property
    def on(self) -> date:
        """The date on which they are asked, or would be."""
        return asked_for(self.run, self.prompt)


def asked_for(run: Run, prompt: Prompt) -> date:
    """The local date on which a person is asked: their run's, or in a round by hand their own."""
    return run.local_date if run.ordinal == 0 else local_date(prompt.due_at, zone(prompt.zone))


def places_of(session: Session, due: Iterable[Fired], state: PromptState) -> list[Place]:
    """The prompts that timers are about, where they still are in `state`."""
    pairs = {(timer.run_id, timer.person_id) for timer in due}
    # Apart from their people: a few runs, which would be read anew with each of hundreds.
    runs = session.execute(
        select(Run, Ritual)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(Run.id.in_({run_id for run_id, _person in pairs}), Run.state != RunState.CLOSED)
    )
    around = {run.id: (run, ritual) for run, ritual in runs}
    rows = session.execute(
        select(Prompt, Person)
        .join(Person, Prompt.person_id == Person.id)
        .where(
            Prompt.run_id.in_(around),
            Prompt.person_id.in_({person_id for _run, person_id in pairs}),
            Prompt.state == state,
        )
    )
    return [
        Place(prompt, *around[prompt.run_id], person)
        for prompt, person in rows
        if (prompt.run_id, person.id) in pairs
    ]
