"""People answer in the form: in time, late, the evening before; and think better of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from tests.simulation.cast import Setting
from tests.simulation.model.books import Key, Named, Statement
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import moments
from tests.simulation.people.office import Form, Office, Outcome, inputs


class Way(StrEnum):
    """How somebody comes to the form."""

    CARD = "card"
    SAME = "same as planned"
    COMMAND = "command"


@dataclass(frozen=True)
class Answer:
    """Somebody answers, or changes their answer."""

    at: datetime
    who: str
    title: str
    way: Way
    words: str
    blocker: str = ""
    helper: str = ""  # who can unblock
    resolves: bool = False  # what is shown back as blocked still

    async def perform(self, office: Office) -> None:
        if not await self._open(office):
            return
        form = await office.form(self.who)
        if form is not None:
            await self._submit(office, form)
        office.close(self.who)

    async def _open(self, office: Office) -> bool:
        if self.way is Way.COMMAND:
            return await self._by_command(office)
        action = "standup.same" if self.way is Way.SAME else "standup.answer"
        found = office.on_card(self.who, self.title, action)
        if found is None:
            return False
        message, item = found
        return bool(await office.click(self.who, message, action, item.elements[action]["value"]))

    async def _by_command(self, office: Office) -> bool:
        channel = next(
            one.channel for one in office.books.setting.standups if one.title == self.title
        )
        done = await office.command(self.who, channel)
        view = (done or {}).get("view")
        if view is not None and view["title"]["text"] == "Which stand-up?":
            for block in view["blocks"]:
                if f"*{self.title}*" in str(block.get("text")):
                    value = block["accessory"]["value"]
                    return bool(await office.click_view(self.who, "standup.answer", value))
        return view is not None

    async def _submit(self, office: Office, form: Form) -> None:
        said = {"learned": self.words, "next": f"{self.words}, and on"}
        if self.blocker:
            said["blockers"] = self.blocker
        statement = Statement(said, office.now())
        books = office.books
        answers = books.answers[Key(books.title_of(form.channel), form.day, self.who)]
        answers.statements.append(statement)
        done = await office.submit(self.who, self._values(form, said))
        taken = done.outcome is Outcome.CLOSED
        if done.outcome in (Outcome.REFUSED, Outcome.UPDATED) and not done.unsure:
            answers.statements.remove(statement)  # it was handed back
            return
        if taken:
            statement.sure = office.now()
        if self.helper:
            about = (self.who, self.helper, self.blocker, self.words)
            books.named.append(Named(*about, statement.since, taken))

    def _values(self, form: Form, said: Mapping[str, str]) -> dict[str, dict[str, object]]:
        asked = inputs(form.view)
        values: dict[str, dict[str, object]] = {
            key: {"text": text} for key, text in said.items() if key in asked
        }
        if "-helper" in asked:
            values["-helper"] = {"text": self.helper}
        if self.resolves:
            values |= {one: {"text": "resolved"} for one in asked if one.startswith("-blocker-")}
        return values


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Most answer in time; some the evening before, late, not at all, or more than once."""
    for number, (standup, person, due, ends) in enumerate(moments(setting)):
        words = f"{person.name} {number}"
        if chance.random() < 0.12:
            early = due - timedelta(hours=chance.uniform(0.5, 14))
            yield Answer(early, person.id, standup.title, Way.COMMAND, f"{words} early")
        if chance.random() < 0.75:
            at = due + chance.uniform(0.002, 1.3) * (ends - due)
            yield _answer(setting, chance, at, person.id, standup.title, words)
            if chance.random() < 0.3:
                again = at + timedelta(minutes=chance.choice((0, 2, 40, 200)))
                yield _answer(setting, chance, again, person.id, standup.title, f"{words} again")


def _answer(
    setting: Setting, chance: Random, at: datetime, who: str, title: str, words: str
) -> Answer:
    blocked = chance.random() < 0.3
    others = [one.id for one in setting.people if one.id != who]
    return Answer(
        at=at,
        who=who,
        title=title,
        way=chance.choice((Way.CARD, Way.CARD, Way.COMMAND, Way.SAME)),
        words=words,
        blocker=f"{words} is stuck" if blocked else "",
        helper=chance.choice(["", *others]) if blocked else "",
        resolves=chance.random() < 0.4,
    )
