"""A world that keeps a record of every message it sends, and of what a reminder spared."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.excuses import excuses
from bot.asking.quiet import is_quiet
from bot.core.cadence import local, zone
from bot.core.states import PromptState, RunState
from bot.db.tables import Mirror, Person, Prompt, Run, Timer
from bot.engine.ritual import Step
from bot.engine.timers import Fired
from tests.asking.world import World
from tests.clocks import HandMachine


@dataclass(frozen=True)
class Told:
    """A new message to a person or a channel, and what the bot was doing when it was sent."""

    view: str
    subject: str
    target: str
    at: datetime
    clock: datetime | None  # a person's own, then
    disturbs: bool  # a person in their quiet hours, or on a day off
    step: str | None  # None: what people did
    run_id: int | None
    reply: bool  # below another message

    @property
    def on(self) -> date | None:
        """A person's local date then."""
        return self.clock.date() if self.clock else None


@dataclass(frozen=True)
class Reminder:
    """A message that a reminder brought."""

    who: str
    at: datetime
    quiet: bool  # in their quiet hours
    owed: int  # answers that they owed and might forget
    excused: bool  # though they were away on one of those dates


class Recorded(World):
    """The world with a note of all that the tests look back on."""

    def __init__(self, session: Session, machine: HandMachine, at: datetime) -> None:
        super().__init__(session, machine, at)
        self.told: list[Told] = []
        self.times_asked: Counter[int] = Counter()  # by prompt
        self.reminders: list[Reminder] = []
        self.spared: Counter[str] = Counter()
        self._step: str | None = None
        self._steps = {key: self._noting(key[1], step) for key, step in self._steps.items()}

    def _noting(self, name: str, step: Step) -> Step:
        def run(session: Session, at: datetime, due: Sequence[Fired]) -> None:
            self._step = name
            if name == "remind":
                self._note_spared(due)
            before = self._asked_prompts(due) if name == "ask" else set()
            step(session, at, due)
            if name == "ask":
                self.times_asked.update(self._asked_prompts(due) - before)

        return run

    def _asked_prompts(self, due: Sequence[Fired]) -> set[int]:
        """The prompts that these timers are about and that are asked already."""
        self.session.flush()
        return set(
            self.session.scalars(
                select(Prompt.id)
                .join(
                    Timer, (Timer.run_id == Prompt.run_id) & (Timer.person_id == Prompt.person_id)
                )
                .where(Timer.id.in_([one.id for one in due]), Prompt.state == PromptState.ASKED)
            )
        )

    def _note_spared(self, due: Sequence[Fired]) -> None:
        """Count whom a reminder would have reached, were it not for quiet hours or their wish."""
        for timer in due:
            person = self.session.get_one(Person, timer.person_id)
            owed = self._owed(person)
            if owed and is_quiet(person, self.at):
                self.spared["quiet"] += 1
            elif any(put_off for _on, put_off in owed):
                self.spared["put off"] += 1

    def tick(self) -> None:
        super().tick()
        self._step = None

    def send(self) -> None:
        """As ever, but quicker: only where something was marked stale."""
        if self.session.info.pop("stale", False):
            super().send()

    def _send(self, mirror: Mirror) -> None:
        if mirror.remote_id is not None:  # an edit notifies nobody: how it looks is not asked here
            mirror.shown = mirror.wanted
            return
        before = len(self.sent)
        super()._send(mirror)
        for one in self.sent[before:]:
            person = self.session.scalar(select(Person).where(Person.slack_id == one.target))
            clock = local(self.at, zone(person.tz or "UTC")) if person else None
            self.told.append(
                Told(
                    one.view,
                    one.subject,
                    one.target,
                    self.at,
                    clock,
                    bool(person and clock and self._disturbs(person, clock.date())),
                    self._step,
                    mirror.run_id,
                    mirror.parent_id is not None,
                )
            )
            if person and self._step == "remind":
                self.reminders.append(self._reminder(person))

    def _disturbs(self, person: Person, on: date) -> bool:
        off = excuses(self.session, self.at, [(person, on)])
        return is_quiet(person, self.at) or bool(off)

    def _owed(self, person: Person) -> list[tuple[date, bool]]:
        """What somebody owes in the last hour of their own window, and whether they put it off."""
        rows = self.session.execute(
            select(Run.local_date, Prompt.snoozed_until)
            .join(Prompt, Prompt.run_id == Run.id)
            .where(
                Prompt.person_id == person.id,
                Prompt.state == PromptState.ASKED,
                Prompt.closes_at > self.at,
                Prompt.closes_at <= self.at + timedelta(hours=1),
                Run.state == RunState.OPEN,
            )
        ).all()
        lately = self.at - timedelta(minutes=30)
        return [(on, back is not None and back > lately) for on, back in rows]

    def _reminder(self, person: Person) -> Reminder:
        owed = [on for on, put_off in self._owed(person) if not put_off]
        excused = excuses(self.session, self.at, [(person, on) for on in owed])
        quiet = is_quiet(person, self.at)
        return Reminder(person.slack_id, self.at, quiet, len(owed), bool(excused))
