"""*Read all* through Slack: the button, the modal, its pages."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.core.states import RitualState
from bot.db.tables import Ritual
from bot.rituals.standup.views.read_all import EARLIER, NEXT
from tests.endtoend.office import GENERAL, INES, LENA, MEI, Office, buttons, shown

LONG = "word " * 599


async def _answered(office: Office, **said: str) -> None:
    """Lena has answered on Monday morning."""
    await office.set_up(LENA, INES)
    await office.until("30T07:31")
    await office.standup(LENA)
    await office.answer(LENA, **said)
    await office.rest()


async def test_whoever_sees_the_message_reads_all(either: Office) -> None:
    """Also who is not on the stand-up; nothing is posted for it."""
    await _answered(either, learned="x" * 200 + " and the end", next="Retrain")
    (message,) = await either.messages(GENERAL)
    assert "and the end" not in shown(message)
    assert [one["text"]["text"] for one in buttons(message)] == ["Read all"]
    await either.click(MEI, message)
    modal = shown(await either.modal_saying(MEI, "and the end"))
    assert "Stand-up Mon 30 Mar" in modal
    assert "Retrain" in modal
    assert len(await either.messages(GENERAL)) == 1


async def test_its_pages_are_turned_in_place(either: Office) -> None:
    """Next and Earlier change the modal that is open."""
    said = dict.fromkeys(("learned", "next", "blockers"), LONG)
    await _answered(either, **said)
    await either.standup(INES)
    await either.answer(INES, **said)
    await either.rest()
    (message,) = await either.messages(GENERAL)
    await either.click(MEI, message)
    await either.modal_saying(MEI, "page 1 of 2")
    await either.post("click", user=MEI, action_id=NEXT)
    await either.modal_saying(MEI, "page 2 of 2")
    await either.post("click", user=MEI, action_id=EARLIER)
    await either.modal_saying(MEI, "page 1 of 2")
    assert len((await either.state())["modals"][MEI]) == 1


async def test_a_button_from_before_the_stand_up_was_deleted(either: Office) -> None:
    """It stands in somebody's client for a moment longer: the modal says why there is nothing."""
    await _answered(either, learned="Much")
    (message,) = await either.messages(GENERAL)

    def delete(session: Session) -> None:
        session.execute(update(Ritual).values(state=RitualState.DELETED))

    await either.bot.database.write(delete)
    await either.click(MEI, message)
    await either.modal_saying(MEI, "was deleted")
