"""One team's stand-up, driven at random through its own functions, beside a model of a page.

Each step is something that a person does, or time that passes. The model knows the calendar, who is
on it, and what was acknowledged; it is compared with SQL and with what was sent after every step.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.asking import wishes
from bot.asking.items import SPANS
from bot.asking.wishes import Noted, NoTime, NotOwed, Over
from bot.core.states import PromptState, RitualState
from bot.db.tables import Answer, AnswerRevision, Person, Prompt, Ritual, Run
from bot.rituals.standup import answers, lifecycle
from bot.rituals.standup.answers import Incomplete, Saved
from bot.rituals.standup.model import Act, Started
from bot.rituals.standup.sheets import Closed
from tests.asking.world import CHANNEL, World, utc
from tests.clocks import HandMachine

BERLIN = ZoneInfo("Europe/Berlin")
OWNER, OTHERS = "UOWN", ("UANA", "UBEN", "UCAT")
EVERYBODY = (OWNER, *OTHERS)
START = "2026-03-26T06:00"  # a Thursday; Berlin's clocks go forward on Sunday
ASK, OPEN = time(9, 30), timedelta(hours=8)
_LAST_MOMENTS, _SHORTEST = timedelta(minutes=15), timedelta(minutes=5)

number = st.integers(0, 99)


@dataclass
class Asked:
    """What the model knows of somebody's prompt."""

    closes: datetime
    state: PromptState = PromptState.ASKED
    text: str | None = None
    edits: int = 0
    sure: bool = True  # else only what was acknowledged is known


@dataclass
class Team:
    """The model: a calendar, and what people did."""

    state: RitualState | None = None
    members: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    prompts: dict[tuple[str, date], Asked] = field(default_factory=dict)
    put_off: Counter[str] = field(default_factory=Counter)  # whose return is beyond the day's two

    def pass_to(self, since: datetime, until: datetime) -> None:
        """Time passes: whoever is on it is asked at half past nine on workdays, and it closes."""
        day = since.astimezone(BERLIN).date()
        while day <= until.astimezone(BERLIN).date():
            asked = datetime.combine(day, ASK, BERLIN)
            if day.weekday() < 5 and since < asked <= until and self.state is RitualState.ACTIVE:
                for one in self.members - self.gone:
                    self.prompts[one, day] = Asked(asked + OPEN)
            day += timedelta(days=1)
        for prompt in self.prompts.values():
            if prompt.closes <= until and prompt.state is PromptState.ASKED:
                prompt.state = PromptState.MISSED

    def open(self, one: str, at: datetime) -> tuple[date, Asked] | None:
        """Somebody's prompt that takes an answer now."""
        found = [
            (day, prompt)
            for (person, day), prompt in self.prompts.items()
            if person == one and prompt.closes > at
        ]
        return found[-1] if found else None


@dataclass(frozen=True)
class _Stored:
    """What SQL has of somebody's prompt."""

    state: PromptState
    text: str | None
    edits: int


class Machine(RuleBasedStateMachine):
    """The bot's functions on the left, the model on the right."""

    session: Session  # set by the test

    def __init__(self) -> None:
        super().__init__()
        machine = HandMachine(utc(START))
        self.session.info["machine"] = machine
        self.world = World(self.session, machine, utc(START))
        for one in EVERYBODY:
            self.world.person(one, "Europe/Berlin")
        self.team = Team()
        self.keys = 0
        self.said = 0

    def teardown(self) -> None:
        self.session.rollback()

    # --- what happens

    @initialize(members=st.sets(st.sampled_from(OTHERS), min_size=1))
    def begin(self, members: set[str]) -> None:
        """It begins, and the first morning comes."""
        self.set_up(members)
        self.to_the_next_asking()

    @rule(members=st.sets(st.sampled_from(OTHERS)))
    def set_up(self, members: set[str]) -> None:
        """Start it, or change who is on it: who joins after the moment begins the next day."""
        on_it = sorted({OWNER, *members} - self.team.gone)
        if self.team.state is None:
            self.keys += 1
        done = self.world.set_up(on_it, by=OWNER, key=f"key {self.keys}")
        self.world.send()
        assert isinstance(done, Started)
        for (one, _day), prompt in self.team.prompts.items():
            if one in self.team.members - set(on_it) and prompt.closes > self.world.at:
                prompt.sure = False  # whether they may finish is the bot's to say
        self.team.members = set(on_it)
        self.team.state = self.team.state or RitualState.ACTIVE

    @rule(minutes=st.sampled_from([1, 20, 45, 90, 240, 480, 24 * 60, 71 * 60]))
    def pass_time(self, minutes: int) -> None:
        """The bot is awake meanwhile."""
        since, until = self.world.at, self.world.at + timedelta(minutes=minutes)
        self.world.until(until)
        self.team.pass_to(since, until)

    @rule()
    def to_the_next_asking(self) -> None:
        """The morning comes, or the afternoon with its end."""
        local = self.world.at.astimezone(BERLIN)
        day = local.date() + timedelta(days=local.time() >= ASK)
        until = datetime.combine(day, ASK, BERLIN).astimezone(self.world.at.tzinfo)
        since = self.world.at
        self.world.until(until)
        self.team.pass_to(since, until)

    @rule(number=number, blank=st.integers(0, 4).map(lambda one: not one))
    def answer(self, number: int, blank: bool) -> None:
        """In time, late, again, or with nothing in it."""
        one = self._somebody(number)
        prompt = one and self._last(one)
        if not one or not prompt:
            return
        self.said += 1
        text = " \n" if blank else f"learned {self.said}"
        done = answers.submit(
            self.session, self.world.at, self.world.workspace_id, one, prompt, {"learned": text}
        )
        self.world.send()
        found = self.team.open(one, self.world.at)
        if found is None or self.team.state is None:
            assert isinstance(done, Closed), done
            return
        _, known = found
        if not known.sure and isinstance(done, Closed):
            return
        if blank:
            assert isinstance(done, Incomplete), done
            return
        assert done == Saved(edited=known.text is not None)
        known.edits += known.text is not None
        known.text, known.state = text, PromptState.ANSWERED

    @rule(number=number)
    def skip(self, number: int) -> None:
        """Today they'd rather not."""
        one = self._somebody(number)
        prompt = one and self._last(one)
        if not one or not prompt:
            return
        done = wishes.skip(self.session, self.world.at, self.world.workspace_id, one, prompt)
        self.world.send()
        found = self.team.open(one, self.world.at)
        if found is None or self.team.state is None:
            assert isinstance(done, (Over, Noted)), done
        elif found[1].sure:
            owed = found[1].state in (PromptState.ASKED, PromptState.SKIPPED)
            assert done == (Noted() if owed else NotOwed(answered=True))
            if owed:
                found[1].state = PromptState.SKIPPED
        elif isinstance(done, Noted):
            found[1].state = PromptState.SKIPPED

    @rule(number=number, minutes=st.sampled_from(list(SPANS)))
    def snooze(self, number: int, minutes: int) -> None:
        """Later, but before it closes."""
        one = self._somebody(number)
        prompt = one and self._last(one)
        if not one or not prompt:
            return
        at = self.world.at
        done = wishes.later(self.session, at, self.world.workspace_id, one, prompt, minutes)
        self.world.send()
        self.team.put_off[one] += isinstance(done, Noted)
        found = self.team.open(one, at)
        if found is None or self.team.state is None:
            assert isinstance(done, Over), done
        elif found[1].sure and found[1].state is PromptState.ASKED:
            has_time = found[1].closes - _LAST_MOMENTS >= at + _SHORTEST
            assert isinstance(done, Noted if has_time else NoTime), done
        elif found[1].sure:
            assert isinstance(done, NotOwed), done

    @precondition(lambda self: self.team.state is not None)
    @rule(what=st.sampled_from([Act.PAUSE, Act.RESUME]))
    def rest(self, what: Act) -> None:
        """Who was asked may finish; nobody new is asked meanwhile."""
        self._act(what)
        self.team.state = RitualState.PAUSED if what is Act.PAUSE else RitualState.ACTIVE

    @precondition(lambda self: self.team.state is not None)
    @rule()
    def delete(self) -> None:
        """What is open closes at once; what was said stays."""
        self._act(Act.DELETE)
        for prompt in self.team.prompts.values():
            if prompt.closes > self.world.at:
                prompt.closes = self.world.at
                if prompt.state is PromptState.ASKED:
                    prompt.state = PromptState.SKIPPED
        self.team.state, self.team.members = None, set()

    @rule(one=st.sampled_from(OTHERS))
    def leave(self, one: str) -> None:
        """Somebody leaves the workspace: nothing is owed any more, and nothing asked."""
        self.world.person(one, "Europe/Berlin", deleted=True)
        self.world.send()
        self.team.gone.add(one)
        self.team.members.discard(one)
        for (person, _day), prompt in self.team.prompts.items():
            if person == one and prompt.closes > self.world.at:
                prompt.sure = False

    @rule(one=st.sampled_from(OTHERS))
    def come_back(self, one: str) -> None:
        """They are in the workspace again; nobody puts them back on it but its owner."""
        self.world.person(one, "Europe/Berlin")
        self.world.send()
        self.team.gone.discard(one)

    # --- what holds after each

    @invariant()
    def everybody_stands_where_the_model_says(self) -> None:
        """Asked, answered, skipped or missed; once a date; with the last text, and those before."""
        found = self._rows()
        for (one, day), known in self.team.prompts.items():
            stored = found.pop((one, day))
            assert stored.text == known.text, (one, day)
            assert stored.edits == known.edits, (one, day)
            if known.sure:
                assert stored.state is known.state, (one, day, stored.state, known)
        left = {key: one.state for key, one in found.items()}
        assert {PromptState.ASKED, PromptState.ANSWERED}.isdisjoint(left.values()), left

    @invariant()
    def nobody_is_asked_twice_or_told_too_often(self) -> None:
        """An asking for each prompt; a message of a run's in the channel; two a day at the most."""
        asked = [(one.person, one.day) for one in self.world.asked]
        assert sorted(asked) == sorted(self.team.prompts)
        for one in EVERYBODY:
            days = [sent.at.astimezone(BERLIN).date() for sent in self.world.notified(one)]
            assert len(days) <= 2 * len(set(days)) + self.team.put_off[one], days
        runs = [sent.subject for sent in self.world.sent if sent.target == CHANNEL]
        assert len(runs) == len(set(runs))

    # --- looking

    def _act(self, what: Act) -> None:
        ritual = self.session.scalars(
            select(Ritual).where(Ritual.state != RitualState.DELETED)
        ).one()
        lifecycle.act(self.session, self.world.at, self.world.workspace_id, OWNER, ritual.id, what)
        self.world.send()

    def _somebody(self, number: int) -> str | None:
        """One of those who were asked on the last date that somebody was, mostly."""
        last = max((day for _one, day in self.team.prompts), default=None)
        asked = [one for one, day in self.team.prompts if day == last or number > 90]
        return asked[number % len(asked)] if asked else None

    def _last(self, one: str) -> int | None:
        """The number of the prompt that somebody was asked for last."""
        days = [day for person, day in self.team.prompts if person == one]
        return self.session.scalar(
            select(func.max(Prompt.id))
            .join(Run)
            .where(
                Prompt.person_id == self.world.slack(one).id,
                Run.local_date == max(days, default=None),
                Prompt.state != PromptState.WAITING,
            )
        )

    def _rows(self) -> dict[tuple[str, date], _Stored]:
        """What SQL has, of the last prompt of each date."""
        revisions = (
            select(func.count(AnswerRevision.id))
            .where(AnswerRevision.answer_id == Answer.id)
            .scalar_subquery()
        )
        rows = self.session.execute(
            select(Person.slack_id, Run.local_date, Prompt.state, Answer.text, revisions)
            .select_from(Prompt)
            .join(Run)
            .join(Person)
            .outerjoin(Answer, (Answer.prompt_id == Prompt.id) & (Answer.question == "learned"))
            .order_by(Prompt.id)
            .execution_options(populate_existing=True)
        )
        return {
            (one, day): _Stored(state, text, edits or 0) for one, day, state, text, edits in rows
        }


@pytest.mark.timeout(600)  # what fails is cut down first
@pytest.mark.parametrize(
    ("examples", "steps"),
    [(8, 25), pytest.param(500, 60, marks=pytest.mark.exhaustive)],
)
def test_whatever_a_team_does_its_stand_up_is_as_the_model_says(
    engine: Engine, examples: int, steps: int
) -> None:
    """Set up, asked, answered, edited, skipped, put off, left, joined, paused, deleted, closed."""
    with Session(engine, expire_on_commit=False) as session:
        run_state_machine_as_test(
            type("Driven", (Machine,), {"session": session}),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
