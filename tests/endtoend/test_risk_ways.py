"""What is done with a register beside adding to it, through the whole bot: by modals and taps."""

import json
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.core.states import Role
from bot.db.tables import Membership, Person, Team
from bot.rituals.risk.states import Status
from bot.rituals.risk.tables import Risk
from tests.endtoend.office import GENERAL, INES, LENA, MEI, SAM, Json, Office, buttons, shown
from tests.endtoend.test_actions import fill, message_of
from tests.endtoend.test_card import told
from tests.endtoend.test_risks import FIVE, added, press, risk

RELEASE = {
    "about": {"about": "churn-v2, 1 April"},
    "baseline": {"said": "yes"},
    "overfitting": {"said": "yes"},
    "fairness": {"said": "unsure"},
    "note:fairness": {"note": "Nobody looked at small accounts"},
    "load": {"said": "yes"},
    "rollback": {"said": "no"},
}


async def gets_role(office: Office, slack_id: str, role: Role) -> None:
    """Somebody has a role in the team of #general, which must be there."""

    def give(session: Session) -> None:
        team = session.scalars(select(Team.id).where(Team.channel == GENERAL)).one()
        person = session.scalars(select(Person.id).where(Person.slack_id == slack_id)).one()
        session.add(Membership(team_id=team, person_id=person, role=role))

    await office.bot.database.write(give)


async def test_a_check_at_the_gate(by_http: Office) -> None:
    """From the question which one to the approval, by role; a no is a risk once somebody files it.

    Who has no such role is told, and so is who leaves a question out.
    """
    await by_http.set_up(LENA, SAM, INES)
    await gets_role(by_http, SAM, Role.PRODUCT_OWNER)
    await risk(by_http, LENA, "check")
    await by_http.modal_saying(LENA, "Before a model goes live")
    await press(by_http, LENA, "risk.check.release", "release")
    await by_http.modal_saying(LENA, "Which release?")
    half = {name: said for name, said in RELEASE.items() if name != "load"}
    answer = await by_http.post("submit", user=LENA, values=half)
    assert answer["outcome"] == "errors"
    answer = await by_http.post("submit", user=LENA, values=RELEASE)
    assert answer["outcome"] == "closed", answer
    await by_http.rest()
    message = await message_of(by_http, "Release check")
    assert "✗ Rollback: No" in shown(message)
    assert "… Product owner: Sam" in shown(message)
    where = {"channel": GENERAL, "ts": message["ts"]}
    await press(by_http, INES, "risk.check.approve", "1", **where)
    await told(by_http, "Only these are asked to approve: Product owner.")
    for action, said in (
        ("not_yet", "✗ Product owner: not yet, says Sam"),
        ("approve", "✓ Product owner: approved by Sam"),
    ):
        await press(by_http, SAM, f"risk.check.{action}", "1", **where)
        await by_http.rest()
        assert said in shown(await message_of(by_http, "Release check"))
    await press(by_http, INES, "risk.from_check", "1 fairness", **where)
    form = await by_http.modal_saying(INES, "From a check")
    assert "It may serve some groups worse: churn-v2, 1 April" in shown(form)
    assert "Nobody looked at small accounts" in shown(form)
    values = {name: FIVE[name] for name in ("likelihood", "impact")}
    answer = await by_http.post("submit", user=INES, values=values)
    assert answer["outcome"] == "updated", answer
    assert "Bias and fairness" in shown(await by_http.modal_saying(INES, "is in the register"))
    await by_http.rest()
    message = await message_of(by_http, "Release check")
    assert "In the register: R1" in shown(message)
    assert ("1 rollback" in json.dumps(message), "1 fairness" in json.dumps(message)) == (
        True,
        False,
    )


async def test_reviewed_closed_reopened_and_taken_on(by_http: Office) -> None:
    """By `/risk review` on its day; what nobody owns is taken on by whoever sees it."""
    await added(by_http)
    await by_http.post("close", user=LENA)
    await by_http.post("clock", to="2026-04-07T07:31:00Z")
    await risk(by_http, LENA, "review")
    listed = await by_http.modal_saying(LENA, "1 risk of yours")
    assert "Labels arrive too late" in shown(listed)
    await press(by_http, LENA, "risk.show", "1")
    await by_http.modal_saying(LENA, "History")
    await press(by_http, LENA, "risk.keep", "1")
    await by_http.modal_saying(LENA, "stays as it is: Critical 20")
    await by_http.modal_saying(LENA, "(5 × 4), next review Tue 14 April")  # noqa: RUF001
    await press(by_http, LENA, "risk.more", "1")
    await by_http.modal_saying(LENA, "What becomes of it?")
    values = {"fate": {"fate": "close"}, "why": {"why": "Solved"}}
    await by_http.post("submit", user=LENA, values=values)
    modal = await by_http.modal_saying(LENA, "is closed.")
    assert [one["text"]["text"] for one in buttons(modal)] == ["Reopen"]
    await press(by_http, LENA, "risk.reopen", "1")
    modal = await by_http.modal_saying(LENA, "is open again: Critical 20")
    assert "reopened it" in shown(modal)
    assert "Reopen" not in [one["text"]["text"] for one in buttons(modal)]
    await by_http.post("close", user=LENA)
    await by_http.modal_saying(LENA, "No risk waits for your review.")
    await by_http.post("close", user=LENA)

    await by_http.bot.database.write(
        lambda session: session.execute(update(Risk).values(owner_id=None))
    )
    await risk(by_http, MEI, "show R1")
    modal = await by_http.modal_saying(MEI, "*nobody's*")
    await press(by_http, MEI, "risk.take", "1")
    modal = await by_http.modal_saying(MEI, "is changed")
    assert "*Owner*\\nMei" in shown(modal)
    assert "risk.take" not in json.dumps(modal)


@pytest.mark.parametrize(
    ("form", "first", "typed"),
    [("rescore", "likelihood", "why"), ("more", "fate", "why"), ("edit", "title", "cause")],
)
async def test_a_refused_form_keeps_its_words(
    by_http: Office, form: str, first: str, typed: str
) -> None:
    """What was closed, or is another's, since somebody began to type: told beside their words."""
    await added(by_http, MEI, owner={"owner": MEI})
    await press(by_http, MEI, f"risk.{form}", "1")
    await by_http.modal_saying(MEI, "stays in the risk's history" if typed == "why" else "Cause")
    for changed, said in (
        ({"status": Status.CLOSED}, "“Labels arrive too late” was closed meanwhile. Reopen it"),
        ({"owner_id": None}, "Only its owner, the team's risk owner or an admin can change it."),
    ):
        statement = update(Risk).values(**changed)
        await by_http.bot.database.write(partial(Session.execute, statement=statement))
        values = {typed: {typed: "Labels come by post"}}
        answer = await by_http.post("submit", user=MEI, values=values)
        assert answer["outcome"] == "errors"
        assert list(answer["errors"]) == [first]
        assert answer["errors"][first].startswith(said)


async def test_of_two_who_change_a_risk_at_once_neither_loses(by_http: Office) -> None:
    """Another category drew the form of the one anew, while the other saved a title."""
    await added(by_http, MEI, owner={"owner": MEI})
    for user in (MEI, LENA):
        await risk(by_http, user)
        await by_http.modal_saying(user, "1 risk in")
        await press(by_http, user, "risk.show", "1")
        await by_http.modal_saying(user, "History")
        await press(by_http, user, "risk.edit", "1")
        await by_http.modal_saying(user, "Cause")
    await press(by_http, MEI, "risk.form.category", "data")
    await by_http.modal_saying(MEI, "Audit the data before anything")
    await by_http.post("submit", user=LENA, values={"title": {"title": "No labels"}})
    values: Json = {"mitigations:data": {"mitigations": "Ask legal"}}
    answer = await by_http.post("submit", user=MEI, values=values)
    assert answer["outcome"] == "closed"
    told = shown(await by_http.modal_saying(MEI, "Ask legal"))
    assert "No labels" in told
    assert "Data availability and quality" in told


async def test_settings_that_are_refused_stay(by_http: Office) -> None:
    """The team has found a risk owner since: whoever typed a list can still copy it."""
    await risk(by_http, MEI, "settings")
    await by_http.modal_saying(MEI, "Days between reviews")
    await by_http.post("command", user=LENA, channel=GENERAL, command="/team", text="")
    await by_http.modal_saying(LENA, "Time zone of the team")
    values: Json = {"risk_owner": {"people": [LENA]}}
    await by_http.post("submit", user=LENA, values=values)
    values = {"categories": {"categories": "Suppliers"}}
    answer = await by_http.post("submit", user=MEI, values=values)
    assert answer["outcome"] == "errors"
    assert answer["errors"]["days_critical"].startswith("Only the team's risk owner")


async def test_the_portfolio(by_http: Office) -> None:
    """An admin names who sees it; they open what it shows, and nobody else gets that far."""
    await added(by_http)
    low: Json = {name: {name: "1"} for name in ("likelihood", "impact")}
    await added(by_http, title={"title": "A low one"}, **low)
    await risk(by_http, SAM, "portfolio")
    refused = await by_http.modal_saying(SAM, "leaders whom a workspace admin has named")
    assert "Labels" not in shown(refused)
    await by_http.post("close", user=SAM)
    await risk(by_http, LENA, "portfolio")
    modal = await by_http.modal_saying(LENA, "Who sees this, beside admins")
    assert "A low one" not in shown(modal)
    answer = await by_http.post("submit", user=LENA, values={"leaders": {"leaders": [SAM]}})
    assert "1 named beside the admins can open the portfolio now." in shown(answer["view"])
    await by_http.post("close", user=LENA)
    await risk(by_http, LENA, "portfolio")
    await by_http.modal_saying(LENA, "Who sees this, beside admins")
    answer = await by_http.post("submit", user=LENA, values={"leaders": {"leaders": []}})
    assert "Admins alone can open the portfolio now." in shown(answer["view"])
    await by_http.post("close", user=LENA)
    await risk(by_http, LENA, "portfolio")
    await by_http.modal_saying(LENA, "Who sees this, beside admins")
    await by_http.post("submit", user=LENA, values={"leaders": {"leaders": [SAM]}})
    await risk(by_http, SAM, "portfolio", f"D{SAM[1:]}")
    modal = await by_http.modal_saying(SAM, "In 1 team: *1* critical")
    await press(by_http, SAM, "risk.show", "1")
    await by_http.modal_saying(SAM, "Its owner, the team's risk owner and admins can change it.")
    for _ in range(2):
        await by_http.post("close", user=SAM)
    await risk(by_http, SAM, "show R2", f"D{SAM[1:]}")
    await by_http.modal_saying(SAM, "There is no such risk here (any more).")


async def test_an_action_item_against_a_risk(by_http: Office) -> None:
    """From its modal: for its owner, of its team; from then on it is an item like any other."""
    await added(by_http)
    await press(by_http, LENA, "risk.action_item", "1")
    form = await by_http.modal_saying(LENA, "Who does it?")
    assert "Against *R1 · Labels arrive too late*" in shown(form)
    await fill(by_http, LENA, due="2026-04-03")
    await by_http.post("close", user=LENA)
    await by_http.post("command", user=LENA, channel=GENERAL, command="/actions", text="")
    await by_http.modal_saying(LENA, "R1 Labels arrive too late")
    assert await by_http.rows("action_items") == 1
