"""Answers as replies, and those that wait for the close, on their way through Slack."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.db.tables import Run
from bot.rituals.standup.model import Config, Layout, Reveal
from tests.endtoend.office import GENERAL, INES, LENA, Office, shown


async def _set_up(office: Office, **config: object) -> None:
    """Monday morning; Lena and Inês have been asked, by a run that shows answers in this way."""
    await office.set_up(LENA, INES)
    await office.until("30T07:31")
    changed = Config(**config).model_dump(mode="json")  # type: ignore[arg-type]

    def configure(session: Session) -> None:
        session.execute(update(Run).values(config=changed))

    await office.bot.database.write(configure)


async def _answer(office: Office, who: str, learned: str) -> None:
    await office.standup(who)
    await office.answer(who, learned=learned)
    await office.rest()


async def test_each_answer_is_one_reply_changed_in_place(either: Office) -> None:
    """Below one message in the channel; none is shown in the channel too."""
    await _set_up(either, layout=Layout.REPLIES)
    await _answer(either, LENA, "One")
    await _answer(either, INES, "Two")
    await _answer(either, LENA, "One and a half")
    parent, *below = await either.messages(GENERAL)
    assert {one["thread_ts"] for one in below} == {parent["ts"]}
    texts = [shown(one) for one in below]
    assert len(texts) == 2
    assert "One and a half" in texts[0]
    assert "(edited)" in texts[0]
    assert "Two" in texts[1]
    assert "One" not in shown(parent)
    assert not any("broadcast" in str(one.get("subtype")) for one in below)


@pytest.mark.parametrize("layout", list(Layout))
async def test_answers_that_wait_come_together_at_the_close(either: Office, layout: Layout) -> None:
    """Nothing of them is anywhere in the channel before."""
    await _set_up(either, layout=layout, reveal=Reveal.AT_CLOSE)
    await _answer(either, LENA, "One")
    await _answer(either, INES, "Two")
    (parent,) = await either.messages(GENERAL)
    assert "One" not in shown(parent)
    assert "answers are shown at its close" in shown(parent)
    await either.until("30T20:00")
    said = "".join(shown(one) for one in await either.messages(GENERAL))
    assert "One" in said
    assert "Two" in said
    replies = (await either.messages(GENERAL))[1:]
    assert len(replies) == (2 if layout is Layout.REPLIES else 0)
