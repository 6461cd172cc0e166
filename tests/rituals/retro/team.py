"""Seven people in six zones, and what they do in a retro; with the bot's use cases alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from bot.asking import absences
from bot.asking.absences import Request
from bot.asking.upkeep import setup
from bot.asking.upkeep.model import Plan, Started
from bot.core.cadence import Cadence
from bot.core.content import Message
from bot.core.states import AbsenceKind
from bot.db.tables import Person, Prompt, Ritual, Run
from bot.rituals.retro import leading, notes, settling, votes
from bot.rituals.retro.model import KIND, TITLE, Config, Extended, Moved, Stage
from bot.rituals.retro.notes import Kept
from bot.rituals.retro.running import TOPIC_VIEW, VIEW
from bot.rituals.retro.settling import AllDone, stage_run
from bot.rituals.retro.tables import Retro, Topic
from bot.rituals.retro.votes import Voted
from bot.teams.teams import team_of
from tests.asking.world import CHANNEL, World, utc

ZONES: Mapping[str, str] = {
    "UMEI": "Asia/Tokyo",
    "UARJ": "Asia/Kolkata",
    "ULEN": "Europe/Berlin",
    "UINE": "Europe/Lisbon",
    "URAF": "America/Sao_Paulo",
    "USAM": "America/Los_Angeles",
    "UTOM": "Europe/Berlin",
}
LEADER = "ULEN"
EVERYBODY = utc("2026-03-31T17:00")  # ten in Los Angeles, the last to be asked


@dataclass
class Team:
    """A team with a retro every second Tuesday at 10:00, on each person's own clock."""

    world: World
    config: Config = field(default_factory=Config)
    people: Iterable[str] = tuple(ZONES)
    written: int = 0

    def gather(self) -> Started:
        """Everybody is known, and the retro is set up."""
        for slack_id, tz in ZONES.items():
            if slack_id in self.people:
                self.world.person(slack_id, tz)
        plan = Plan(
            CHANNEL,
            "team",
            tuple(self.people),
            Cadence(weekdays=(1,), at=time(10), every_weeks=2, anchor=self._coming(1)),
            "retro-key",
            TITLE,
            self.config,
        )
        world = self.world
        done = setup.start(world.session, world.at, KIND, team_of, world.workspace_id, LEADER, plan)
        assert isinstance(done, Started), done
        return done

    def _coming(self, weekday: int) -> date:
        today = self.world.at.date()
        return today + timedelta(days=(weekday - today.weekday()) % 7)

    # --- what people do

    def note(self, slack_id: str, text: str, column: int = 0, token: str | None = None) -> str:
        """Write a note; answers its token."""
        self.written += 1
        token = token or f"token-{self.written}-{slack_id}"
        world = self.world
        kept = notes.put(
            world.session,
            world.at,
            world.workspace_id,
            slack_id,
            self.retro.id,
            token,
            column,
            text,
        )
        assert isinstance(kept, Kept), kept
        world.send()
        return token

    def done(self, slack_id: str) -> None:
        """Say *I'm done*; if that was the last, the stage ends with the next tick."""
        world = self.world
        said = settling.done(world.session, world.at, world.workspace_id, slack_id, self.retro.id)
        assert isinstance(said, AllDone), said
        world.send()

    def vote(self, slack_id: str, *texts: str) -> None:
        """Vote for topics by what they say."""
        world = self.world
        chosen = [self.topic(text).id for text in texts]
        said = votes.vote(
            world.session, world.at, world.workspace_id, slack_id, self.retro.id, chosen
        )
        assert isinstance(said, Voted), said
        world.send()

    def next(self, by: str = LEADER, stage: Stage | None = None, *, few: bool = False) -> Any:
        """The facilitator moves it on, by the button of the stage that it is in."""
        return self._move(by, stage or self.stage(), few=few)

    def type_next(self, by: str = LEADER) -> Any:
        """The same by a word, which names no stage."""
        return self._move(by, None)

    def _move(self, by: str, stage: Stage | None, *, few: bool = False) -> Any:
        world = self.world
        result = leading.move_on(
            world.session, world.at, world.workspace_id, by, self.retro.id, stage, few=few
        )
        world.send()
        return result

    def start(self, by: str = LEADER, key: str = "start") -> Any:
        """Run one now."""
        world = self.world
        result = leading.start(world.session, world.at, world.workspace_id, by, self.ritual.id, key)
        world.tick()
        world.send()
        return result

    # --- what there is

    @property
    def ritual(self) -> Ritual:
        return self.world.session.scalars(select(Ritual).where(Ritual.kind == KIND)).one()

    @property
    def retro(self) -> Retro:
        """The newest."""
        query = select(Retro).order_by(Retro.id.desc()).limit(1)
        return self.world.session.scalars(query.execution_options(populate_existing=True)).one()

    def stage(self) -> Stage:
        return self.retro.stage

    @property
    def run(self) -> Run:
        """The round of asking of the stage that it is in."""
        run = stage_run(self.world.session, self.retro)
        assert run is not None
        return run

    def topics(self) -> list[Topic]:
        query = select(Topic).where(Topic.retro_id == self.retro.id).order_by(Topic.position)
        return list(self.world.session.scalars(query.execution_options(populate_existing=True)))

    def topic(self, text: str) -> Topic:
        return next(one for one in self.topics() if one.text == text)

    def prompts(self) -> dict[str, Prompt]:
        """Of the round that its stage is in, by Slack id."""
        rows = self.world.session.execute(
            select(Person.slack_id, Prompt)
            .join(Prompt, Prompt.person_id == Person.id)
            .where(Prompt.run_id == self.run.id)
            .execution_options(populate_existing=True)
        )
        return dict(rows.all())

    def message(self, view: str = VIEW) -> str:
        """All that the retro's newest message says now."""
        content = self.content(view)
        return "" if content is None else str(content)

    def content(self, view: str = VIEW) -> Message | None:
        found = [one for one in self.world.mirrors(view) if one.subject == str(self.retro.id)]
        drawn = self.world.drawn(found[0]) if found else None
        assert drawn is None or isinstance(drawn, Message)
        return drawn

    def threads(self) -> list[str]:
        """What the topics' own messages say, in the order in which they were posted."""
        mirrors = sorted(self.world.mirrors(TOPIC_VIEW), key=lambda one: one.id)
        return [str(self.world.drawn(one)) for one in mirrors]

    def until(self, instant: datetime) -> None:
        self.world.until(instant)

    def until_stage(self, stage: Stage, within: timedelta = timedelta(days=7)) -> None:
        """Let time pass until it is in a stage."""
        end = self.world.at + within
        while self.retro.stage is not stage:
            assert self.world.at < end, self.retro.stage
            self.world.until(self.world.at + timedelta(minutes=30))


def moved(result: Any) -> Moved:
    assert isinstance(result, Moved), result
    return result


def more_time(team: Team, by: timedelta, stage: Stage | None = None) -> Extended:
    """The facilitator gives it more time; by a word, where no stage is named."""
    world = team.world
    about = (world.workspace_id, LEADER, team.retro.id)
    result = leading.extend(world.session, world.at, *about, stage, by)
    assert isinstance(result, Extended), result
    return result


def away(team: Team, who: str, first: date) -> None:
    """Somebody is on leave for three days."""
    last = first + timedelta(days=2)
    request = Request(who, first, last, AbsenceKind.LEAVE, "", f"away-{who}")
    world = team.world
    absences.enter(world.session, world.at, world.workspace_id, who, request)
    world.send()


def card(team: Team, who: str) -> str:
    """What somebody's newest card says."""
    return str(team.world.drawn(team.world.mirrors("card", who)[-1]))
