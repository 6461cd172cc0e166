"""Those who look after a ritual pause it, let it go on, delete it, and change who is on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.simulation.cast import Setting
from tests.simulation.people.act import Act
from tests.simulation.people.office import Office, Outcome

_STANDUP = "standup"
_UNSURE = "the reference"


@dataclass(frozen=True)
class Pause:
    """Somebody pauses a ritual, or lets it go on, by a command in its channel."""

    at: datetime
    who: str
    channel: str
    resumes: bool
    kind: str = _STANDUP

    async def perform(self, office: Office) -> None:
        history = office.books.running[office.books.title_of(self.channel)]
        change = history.begin(self.resumes, office.now())
        what = "resume" if self.resumes else "pause"
        done = await office.command(self.who, self.channel, what, f"/{self.kind}")
        said = str((done or {}).get("response") or "")
        if " is paused" in said or " goes on" in said or "isn't paused" in said:
            change.sure = office.now()
        elif done is None or (done["acked"] and _UNSURE not in said):
            history.drop(change)  # it isn't theirs


@dataclass(frozen=True)
class Delete:
    """Somebody deletes a ritual, and says yes where they are asked whether they mean it."""

    at: datetime
    who: str
    channel: str
    kind: str = _STANDUP

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, "delete", f"/{self.kind}")
        if await office.modal(self.who, f"{self.kind}.delete.confirm") is not None:
            history = office.books.running[office.books.title_of(self.channel)]
            change = history.begin(False, office.now())
            done = await office.submit(self.who, {})
            if "is deleted" in done.said:
                change.sure = office.now()
            elif done.outcome is not Outcome.UNKNOWN and not done.unsure:
                history.drop(change)
            if change in history.changes:
                office.books.ended.add(office.books.title_of(self.channel))
        office.close(self.who)


@dataclass(frozen=True)
class ChangeMembers:
    """Somebody puts people on a ritual, or takes them off it, in its settings."""

    at: datetime
    who: str
    channel: str
    members: tuple[str, ...]
    kind: str = _STANDUP

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, "settings", f"/{self.kind}")
        view = await office.modal(self.who, f"{self.kind}.setup")
        if view is None:
            office.close(self.who)
            return
        title = office.books.title_of(self.channel)
        histories = {
            one.id: office.books.members[title, one.id] for one in office.books.setting.people
        }
        changes = [
            (history, history.begin(who in self.members, office.now()))
            for who, history in histories.items()
        ]
        done = await office.submit(self.who, {"members": {"members": list(self.members)}})
        for history, change in changes:
            if done.outcome in (Outcome.UPDATED, Outcome.CLOSED) and "changed" in done.said:
                change.sure = office.now()
            elif done.outcome is not Outcome.UNKNOWN and not done.unsure:
                history.drop(change)
        office.close(self.who)


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Now and then; by an admin, who may, or by its owner."""
    length = setting.end - setting.start
    admin = setting.people[0].id
    for standup in setting.standups:
        at = setting.start + chance.random() * length
        who = chance.choice((admin, standup.owner))
        if chance.random() < 0.15:
            yield Pause(at, who, standup.channel, resumes=False)
            back = at + chance.random() * timedelta(hours=16)
            yield Pause(back, who, standup.channel, resumes=True)
        elif chance.random() < 0.05:
            yield Delete(at, who, standup.channel)
        if chance.random() < 0.2:
            at = setting.start + chance.random() * length
            members = chance.sample(setting.people, chance.randint(1, len(setting.people)))
            ids = tuple(sorted(one.id for one in members))
            yield ChangeMembers(at, who, standup.channel, ids)
