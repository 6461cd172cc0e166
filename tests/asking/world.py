"""A workspace whose weeks pass in a test: people, stand-ups, due timers, and cards that arrive."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.actions import beside
from bot.actions.slice import Actions
from bot.asking import cards, deck, people, undelivered
from bot.asking.slice import Asking
from bot.asking.statuses import Status
from bot.core.cadence import Cadence
from bot.core.content import Content
from bot.core.states import MirrorKind, Outcome, PromptState
from bot.db.tables import Mirror, Person, Prompt, Ritual, Run, Timer, Workspace
from bot.engine import threads, timers
from bot.engine.ritual import Step, View
from bot.engine.timers import Fired
from bot.rituals import RITUALS
from bot.rituals.standup import answers, setup
from bot.rituals.standup.answers import Saved
from bot.rituals.standup.lifecycle import Gone, NotOwner
from bot.rituals.standup.model import Config, Started
from bot.rituals.standup.setup import Outsiders, Plan
from bot.slack.gateway import Member
from tests.clocks import HandMachine

CHANNEL = "C1"
WORKDAYS = (0, 1, 2, 3, 4)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
HALF_PAST_NINE = time(9, 30)
_BATCH = 100


@dataclass(frozen=True)
class Asked:
    """Somebody was asked: in the run of which date, and when."""

    person: str
    day: date
    at: datetime


@dataclass(frozen=True)
class Sent:
    """A message that notified somebody, or appeared in a channel."""

    view: str
    subject: str
    target: str
    at: datetime
    content: Content


class World:
    """One workspace at one calendar instant, `at`, which only goes forward."""

    def __init__(
        self, session: Session, machine: HandMachine, at: datetime, *, online: bool = True
    ) -> None:
        """Without `online` nothing is sent: quicker, where only asking matters."""
        self.session = session
        self.machine = machine
        self.at = at
        self.online = online
        self.holidays = False
        self.asked: list[Asked] = []
        self.sent: list[Sent] = []
        slices = (
            *RITUALS,
            Asking(
                {one.kind: one.on_card for one in RITUALS if one.on_card is not None},
                {one.kind: one.on_home for one in RITUALS if one.on_home is not None},
                (*(offer for one in RITUALS for offer in one.offers), beside.OFFER),
            ),
            Actions(),
        )
        self._steps: dict[tuple[str, str], Step] = {
            (one.kind, name): step for one in slices for name, step in one.steps.items()
        }
        self._views: dict[str, View] = {
            name: view for one in slices for name, view in one.views.items()
        }
        workspace = Workspace(slack_id="T1", name="Acme", bot_user="UBOT")
        session.add(workspace)
        session.flush()
        self.workspace_id = workspace.id

    # --- who and what

    def person(
        self,
        slack_id: str,
        tz: str | None,
        *,
        admin: bool = False,
        bot: bool = False,
        external: bool = False,
        deleted: bool = False,
    ) -> Person:
        """Slack tells of a person, or that something about them has changed.

        They have no public holidays but in a world with `holidays`: those of their zone's country.
        """
        member = Member(slack_id, slack_id.lower(), tz, admin, bot, external, deleted)
        person = people.learn(self.session, self.at, self.workspace_id, member)
        if not self.holidays:
            person.country = ""
        self.session.flush()
        return person

    def says(self, slack_id: str, status: Status | None) -> None:
        """Somebody sets their status in Slack, or clears it, and the bot does what is due."""
        who, said = self.slack(slack_id), status or Status()
        member = Member(
            slack_id,
            who.name,
            who.tz,
            who.is_admin,
            who.is_bot,
            who.is_external,
            who.deleted,
            said.emoji,
            said.text,
            said.until,
        )
        people.change(self.session, self.at, self.workspace_id, member)
        self.tick()
        self.send()

    def set_up(
        self,
        members: Iterable[str],
        *,
        at: time = HALF_PAST_NINE,
        weekdays: Sequence[int] = WORKDAYS,
        channel: str = CHANNEL,
        by: str | None = None,
        key: str | None = None,
        open_minutes: int | None = None,
        cadence: Cadence | None = None,
        config: Config | None = None,
    ) -> Started | NotOwner | Outsiders | Gone:
        """Submit the setup screen; by the first member where nobody is named.

        A `cadence` stands for days and time, a `config` for how long it is open.
        """
        chosen = tuple(members)
        how = config or Config(open_minutes=open_minutes or 480)
        plan = Plan(
            channel,
            "team",
            chosen,
            cadence or Cadence(weekdays=tuple(weekdays), at=at),
            key or f"key-{channel}",
            config=how,
        )
        return setup.start(self.session, self.at, self.workspace_id, by or chosen[0], plan)

    def ritual(self, channel: str = CHANNEL) -> Ritual:
        return self.session.scalars(select(Ritual).where(Ritual.channel == channel)).one()

    def slack(self, slack_id: str) -> Person:
        return self.session.scalars(select(Person).where(Person.slack_id == slack_id)).one()

    def run(self, day: date, channel: str = CHANNEL) -> Run:
        """The run of a date, as SQL has it now."""
        return self.session.scalars(
            select(Run)
            .join(Ritual)
            .where(Ritual.channel == channel, Run.local_date == day)
            .execution_options(populate_existing=True)
        ).one()

    def prompts(self, day: date, channel: str = CHANNEL) -> Mapping[str, Prompt]:
        """The prompts of a date by Slack id, as SQL has them now."""
        rows = self.session.execute(
            select(Person.slack_id, Prompt)
            .join(Prompt, Prompt.person_id == Person.id)
            .join(Run, Prompt.run_id == Run.id)
            .join(Ritual)
            .where(Ritual.channel == channel, Run.local_date == day)
            .execution_options(populate_existing=True)
        )
        return dict(rows.all())

    def states(self, day: date, channel: str = CHANNEL) -> dict[str, PromptState]:
        return {who: prompt.state for who, prompt in self.prompts(day, channel).items()}

    def answer(self, slack_id: str, day: date, text: str = "Done", channel: str = CHANNEL) -> None:
        """Somebody answers, and it is saved."""
        prompt = self.prompts(day, channel)[slack_id]
        said = answers.submit(
            self.session, self.at, self.workspace_id, slack_id, prompt.id, {"learned": text}
        )
        assert isinstance(said, Saved), said
        self.send()

    # --- time

    def until(self, instant: datetime) -> None:
        """Let time pass, with the bot awake: each timer runs at its own moment."""
        while (due := timers.next_due(self.session)) is not None and due <= instant:
            self._pass(max(due, self.at))
            self.tick()
        self._pass(instant)
        self.tick()

    def sleep_until(self, instant: datetime) -> None:
        """Let time pass with the bot down; at `instant` it is up again."""
        self._pass(instant)
        self.tick()

    def _pass(self, instant: datetime) -> None:
        assert instant >= self.at
        self.machine.advance((instant - self.at).total_seconds())
        self.at = instant

    def tick(self) -> None:
        """Run what is due, and after each batch send what is stale: the relay is as quick."""
        while due := timers.take_due(self.session, self.at, _BATCH):
            timers.consume(self.session, self.at, due)
            self._steps[due[0].kind, due[0].step](self.session, self.at, due)
            if due[0].step == "ask":
                self._note_asked(due)
            self.send()

    def _note_asked(self, due: Sequence[Fired]) -> None:
        rows = self.session.execute(
            select(Person.slack_id, Run.local_date)
            .join(Prompt, Prompt.person_id == Person.id)
            .join(Run, Prompt.run_id == Run.id)
            .join(
                Timer,
                (Timer.run_id == Run.id) & (Timer.person_id == Person.id) & (Timer.step == "ask"),
            )
            .where(Timer.id.in_([one.id for one in due]), Prompt.state == PromptState.ASKED)
        )
        self.asked += [Asked(who, day, self.at) for who, day in rows]

    def send(self) -> None:
        """Send what is stale, as the relay would through a Slack that takes everything."""
        if not self.online:
            return
        while stale := self.session.scalars(_stale()).all():
            for mirror in stale:
                self._send(mirror)
            self.session.flush()

    def _send(self, mirror: Mirror) -> None:
        creates = mirror.kind is MirrorKind.MESSAGE and mirror.remote_id is None
        if creates and mirror.not_after is not None and mirror.not_after < self.machine.utc():
            self.stop(mirror, Outcome.MISSED)
            return
        content = self.drawn(mirror)
        mirror.shown = mirror.wanted
        if content is None or not creates:
            return
        mirror.remote_id, mirror.channel = f"{len(self.sent) + 1}.0", mirror.target
        self.sent.append(Sent(mirror.view, mirror.subject, mirror.target, self.at, content))
        self.session.flush()
        cards.stands(self.session, self.at, mirror)

    def stop(self, mirror: Mirror, outcome: Outcome) -> None:
        """Let a mirror end as the relay would settle it."""
        mirror.outcome = outcome
        self.session.flush()
        undelivered.stopped(self.session, self.at, mirror, outcome)

    def drawn(self, mirror: Mirror) -> Content | None:
        """What a mirror shows now."""
        view = self._views[mirror.view]
        loaded = view.load(self.session, mirror.subject, self.at)
        return None if loaded is None else view.draw(loaded)

    # --- what people see

    def mirrors(self, view: str, target: str | None = None) -> list[Mirror]:
        query = select(Mirror).where(Mirror.view == view).order_by(Mirror.subject)
        if target is not None:
            query = query.where(Mirror.target == target)
        return list(self.session.scalars(query.execution_options(populate_existing=True)))

    def card(self, slack_id: str, day: date, number: int = 1) -> str:
        """All that a person's card says now; nothing where there is none."""
        subject = deck.subject(self.slack(slack_id).id, day, number)
        found = [one for one in self.mirrors(deck.VIEW, slack_id) if one.subject == subject]
        return str(self.drawn(found[0])) if found else ""

    def notified(self, slack_id: str) -> list[Sent]:
        """The messages that came to a person's notice."""
        return [one for one in self.sent if one.target == slack_id]


@cache
def _stale() -> Select[Mirror]:
    """What is stale. Kept, since to build it takes longer than to run it."""
    return (
        select(Mirror)
        .where(Mirror.shown < Mirror.wanted, Mirror.outcome.is_(None), threads.may_go())
        .order_by(Mirror.id)
        .execution_options(populate_existing=True)
    )


def utc(text: str) -> datetime:
    """An instant in UTC: 2026-03-30T07:30."""
    return datetime.fromisoformat(f"{text}+00:00")


def day(text: str) -> date:
    return date.fromisoformat(text)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
