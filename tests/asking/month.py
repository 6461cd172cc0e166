"""A month of a team around the world, as chance has it, and a record of every message sent."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import absences, preferences, wishes
from bot.asking.absences import Request
from bot.asking.excuses import excuses
from bot.asking.preferences import GUESSED
from bot.asking.quiet import is_quiet
from bot.asking.statuses import Status
from bot.asking.wishes import Noted
from bot.core.cadence import local_date, zone
from bot.core.states import AbsenceKind, PromptState, RitualState, RunState
from bot.db.tables import Absence, Mirror, Person, Prompt, Ritual, Run, Timer
from bot.engine.ritual import Step
from bot.rituals.standup import answers
from bot.rituals.standup.answers import Saved
from tests.asking.world import EVERY_DAY, World, utc
from tests.clocks import HandMachine

FIRST, LAST = "2026-03-06T12:00", "2026-04-06T12:00"
"""Clocks change in America on 8 March, in Europe on 29 March, in New Zealand on 5 April."""
ZONES = {
    "UAUC": "Pacific/Auckland",
    "UTOK": "Asia/Tokyo",
    "UKOL": "Asia/Kolkata",
    "UBER": "Europe/Berlin",
    "ULIS": "Europe/Lisbon",
    "USAO": "America/Sao_Paulo",
    "UNYC": "America/New_York",
    "ULAX": "America/Los_Angeles",
}
_STEP = timedelta(hours=2)


@dataclass(frozen=True)
class Told:
    """A new message to a person or a channel, and what the bot was doing when it was sent."""

    view: str
    subject: str
    target: str
    at: datetime
    on: date | None  # a person's local date then
    step: str | None  # None: what people did
    run_id: int | None
    reply: bool  # below another message


@dataclass(frozen=True)
class PutOff:
    """Somebody's wish to be asked again at `back`."""

    who: str
    back: datetime


@dataclass(frozen=True)
class Reminder:
    """A message that a reminder brought."""

    who: str
    at: datetime
    quiet: bool  # in their quiet hours
    owed: int  # answers that they owed and might forget
    excused: bool  # though they were away on one of those dates


class Month(World):
    """The world with chance in it, and a note of all that the tests look back on."""

    def __init__(self, session: Session, machine: HandMachine, seed: int) -> None:
        super().__init__(session, machine, utc(FIRST))
        self.holidays = True
        self.chance = Random(seed)  # noqa: S311, nothing is kept secret by it
        self.told: list[Told] = []
        self.wishes: list[PutOff] = []
        self.did: Counter[str] = Counter()
        self.times_asked: Counter[int] = Counter()  # by prompt
        self.reminders: list[Reminder] = []
        self.spared: Counter[str] = Counter()
        self._step: str | None = None
        self._steps = {key: self._noting(key[1], step) for key, step in self._steps.items()}

    def _noting(self, name: str, step: Step) -> Step:
        def run(session: Session, at: datetime, due: Sequence[Timer]) -> None:
            self._step = name
            if name == "remind":
                self._note_spared(due)
            before = self._asked_prompts(due) if name == "ask" else set()
            step(session, at, due)
            if name == "ask":
                self.times_asked.update(self._asked_prompts(due) - before)

        return run

    def _asked_prompts(self, due: Sequence[Timer]) -> set[int]:
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

    def _note_spared(self, due: Sequence[Timer]) -> None:
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
            on = local_date(self.at, zone(person.tz or "UTC")) if person else None
            self.told.append(
                Told(
                    one.view,
                    one.subject,
                    one.target,
                    self.at,
                    on,
                    self._step,
                    mirror.run_id,
                    mirror.parent_id is not None,
                )
            )
            if person and self._step == "remind":
                self.reminders.append(self._reminder(person))

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

    # --- what people do

    def answers_or_edits(self, who: str, prompt: Prompt) -> None:
        edited = prompt.state is PromptState.ANSWERED
        late = prompt.closes_at <= self.at
        skipped = prompt.state is PromptState.SKIPPED
        said = {"learned": f"At {self.at}", "next": self.chance.choice(["", "More of it"])}
        done = answers.submit(self.session, self.at, self.workspace_id, who, prompt.id, said)
        assert isinstance(done, Saved)
        self.did["edited" if edited else "late" if late else "answered"] += 1
        self.did["answered anyway"] += skipped
        self.send()

    def skips(self, who: str, prompt: Prompt) -> None:
        done = wishes.skip(self.session, self.at, self.workspace_id, who, prompt.id)
        self.did["skipped"] += done == Noted() and prompt.reason == wishes.SKIPPED
        self.send()

    def puts_off(self, who: str, prompt: Prompt) -> None:
        minutes = self.chance.choice(wishes.SPANS)
        done = wishes.later(self.session, self.at, self.workspace_id, who, prompt.id, minutes)
        if done == Noted():
            self.did["put off"] += 1
            assert prompt.snoozed_until is not None
            self.wishes.append(PutOff(who, prompt.snoozed_until))
        self.send()

    def goes_away(self, who: str, days: int) -> None:
        today = local_date(self.at, zone(self.slack(who).tz or "UTC"))
        last = today + timedelta(days=days)
        key = f"{who}-{self.at}"
        request = Request(None, today, last, AbsenceKind.LEAVE, "", key)
        absences.enter(self.session, self.at, self.workspace_id, who, request)
        self.tick()
        self.send()

    def comes_back(self, who: str) -> None:
        theirs = select(Absence.id).where(Absence.person_id == self.slack(who).id)
        for one in self.session.scalars(theirs).all():
            absences.remove(self.session, self.at, self.workspace_id, who, one)
        self.tick()
        self.send()

    def something_happens(self) -> None:
        """Each who has something open may do something about it."""
        rows = self.session.execute(
            select(Person.slack_id, Prompt)
            .join(Prompt, Prompt.person_id == Person.id)
            .join(Run, Prompt.run_id == Run.id)
            .join(Ritual, Run.ritual_id == Ritual.id)
            .where(
                Prompt.asked_on.is_not(None),
                Run.state == RunState.OPEN,
                Run.closes_at > self.at,
                Ritual.state == RitualState.ACTIVE,
            )
            .order_by(Prompt.id)
            .execution_options(populate_existing=True)
        ).all()
        for who, prompt in rows:
            for likely, act in self._acts(prompt.state):
                if self.chance.random() < likely:
                    act(who, prompt)
                    break

    def _acts(self, state: PromptState) -> list[tuple[float, Callable[[str, Prompt], None]]]:
        """What people do within two hours, and how likely each is."""
        match state:
            case PromptState.ASKED:
                return [(0.16, self.answers_or_edits), (0.04, self.skips), (0.12, self.puts_off)]
            case PromptState.ANSWERED:
                return [(0.03, self.answers_or_edits), (0.01, self.skips)]
            case PromptState.SKIPPED:
                return [(0.05, self.answers_or_edits)]
            case _:
                return []


def pass_month(month: Month) -> None:
    """Three stand-ups of overlapping people, flights, leave, a status, a day without the bot."""
    for who, tz in ZONES.items():
        month.person(who, tz)
    month.set_up(ZONES, channel="C1")
    month.set_up(
        ["UBER", "UTOK", "ULAX"],
        channel="C2",
        at=time(15, 30),
        weekdays=EVERY_DAY,
        open_minutes=330,  # so that the reminder falls at 20:00, when quiet hours usually begin
    )
    month.set_up(
        ["UBER", "ULIS", "UAUC", "UKOL"],
        channel="C3",
        at=time(13),
        weekdays=(0, 2, 4),
        open_minutes=24 * 60,
    )
    for who, begins, ends in (("ULIS", 18, 9), ("ULAX", 7, 7), ("UKOL", 11, 13)):
        hours = (time(begins), time(ends))
        use = (month.session, month.at, month.workspace_id, who, GUESSED, "", hours)
        assert isinstance(preferences.keep(*use), preferences.Kept)
    plans: dict[datetime, Callable[[], object]] = {
        utc("2026-03-10T14:00"): lambda: month.goes_away("USAO", 2),
        utc("2026-03-11T12:00"): lambda: month.comes_back("USAO"),
        utc("2026-03-16T00:00"): lambda: month.goes_away("UTOK", 3),
        utc("2026-03-17T22:00"): lambda: month.person("UBER", "America/New_York"),
        utc("2026-03-19T14:00"): lambda: month.says(
            "UNYC", Status(":palm_tree:", "Vacation", utc("2026-03-21T04:00"))
        ),
        utc("2026-03-20T23:00"): lambda: month.person("ULAX", "Pacific/Auckland"),
        utc("2026-03-23T01:00"): lambda: month.says("UNYC", None),
        utc("2026-03-25T21:00"): lambda: month.person("ULAX", "America/Los_Angeles"),
        utc("2026-03-26T09:00"): lambda: month.person("UBER", "Europe/Berlin"),
    }
    while month.at < utc(LAST):
        following = month.at + _STEP
        if month.at == utc("2026-03-31T04:00"):
            month.sleep_until(following + timedelta(hours=9))
        else:
            month.until(following)
        month.something_happens()
        for at in [one for one in plans if one <= month.at]:
            plans.pop(at)()
            month.send()
    assert not plans
