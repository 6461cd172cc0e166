"""A month of a team around the world, as chance has it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import absences, preferences, wishes
from bot.asking.absences import Request
from bot.asking.items import SPANS
from bot.asking.preferences import GUESSED
from bot.asking.statuses import Status
from bot.asking.wishes import Noted
from bot.core.cadence import local_date, zone
from bot.core.states import AbsenceKind, BlockerState, PromptState, RitualState, RunState
from bot.db.tables import Absence, Blocker, Person, Prompt, Ritual, Run
from bot.rituals.standup import answers, dialogue, unblocking
from bot.rituals.standup.answers import NOTHING, Beside, Saved
from bot.rituals.standup.dialogue import Said
from tests.asking.record import Recorded
from tests.asking.world import EVERY_DAY, utc
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
class PutOff:
    """Somebody's wish to be asked again at `back`."""

    who: str
    back: datetime


WORDS = ("Trained it on the new labels", "Evaluate it", "none", "4", "Thanks!")
"""What is said in the DM, one after the other: to each question, and once more."""


class Month(Recorded):
    """The recorded world with chance in it."""

    def __init__(self, session: Session, machine: HandMachine, seed: int) -> None:
        super().__init__(session, machine, utc(FIRST))
        self.holidays = True
        self.chance = Random(seed)  # noqa: S311, nothing is kept secret by it
        self.wishes: list[PutOff] = []
        self.said: list[tuple[str, datetime]] = []  # in the DM: who, and when
        self.named: list[tuple[str, int]] = []  # who can unblock, and which person
        self.did: Counter[str] = Counter()

    # --- what people do

    def answers_or_edits(self, who: str, prompt: Prompt) -> None:
        edited = prompt.state is PromptState.ANSWERED
        late = prompt.closes_at <= self.at
        skipped = prompt.state is PromptState.SKIPPED
        said = {"learned": f"At {self.at}", "next": self.chance.choice(["", "More of it"])}
        beside = NOTHING
        if self.chance.random() < 0.25:
            said["blockers"] = f"{who} waits since {self.at}"
            helper = self.chance.choice([one for one in ZONES if one != who])
            beside = Beside(helper=helper, anew=True)
            self.named.append((helper, prompt.person_id))
        use = (self.session, self.at, self.workspace_id, who, prompt.id, said, beside)
        assert isinstance(answers.submit(*use), Saved)
        self.did["edited" if edited else "late" if late else "answered"] += 1
        self.did["answered anyway"] += skipped
        self.send()

    def writes(self, who: str, prompt: Prompt) -> None:
        """Say some of what is asked in the DM, and maybe leave off there."""
        for text in WORDS[: self.chance.randint(1, len(WORDS))]:
            self.said.append((who, self.at))
            said = Said(f"{int(self.at.timestamp())}.{len(self.said):06}", text)
            dialogue.hear(self.session, self.at, self.workspace_id, who, said)
            self.send()
        self.session.refresh(prompt)
        self.did["half-said" if prompt.draft is not None else "written"] += 1

    def helps_or_not(self, who: str, blocker: Blocker) -> None:
        """Whoever was told of a blocker says what they make of it."""
        helps = self.chance.random() < 0.7
        act = unblocking.unblock if helps else unblocking.decline
        act(self.session, self.at, self.workspace_id, who, blocker.id)
        self.did["unblocked" if helps else "declined"] += 1
        self.send()

    def skips(self, who: str, prompt: Prompt) -> None:
        done = wishes.skip(self.session, self.at, self.workspace_id, who, prompt.id)
        self.did["skipped"] += done == Noted() and prompt.reason == wishes.SKIPPED
        self.send()

    def puts_off(self, who: str, prompt: Prompt) -> None:
        minutes = self.chance.choice(list(SPANS))
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

        self._some_help()

    def _some_help(self) -> None:
        rows = self.session.execute(
            select(Person.slack_id, Blocker)
            .join(Person, Blocker.unblocker_id == Person.id)
            .where(Blocker.state == BlockerState.OPEN, Blocker.told_at.is_not(None))
            .order_by(Blocker.id)
        ).all()
        for who, blocker in rows:
            if self.chance.random() < 0.1:
                self.helps_or_not(who, blocker)

    def _acts(self, state: PromptState) -> list[tuple[float, Callable[[str, Prompt], None]]]:
        """What people do within two hours, and how likely each is."""
        match state:
            case PromptState.ASKED:
                return [
                    (0.14, self.answers_or_edits),
                    (0.05, self.writes),
                    (0.04, self.skips),
                    (0.12, self.puts_off),
                ]
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
