"""The risk register through the whole bot: command, modals, cards, hook, pictures, files."""

import asyncio
import hashlib
import hmac
import io
import json
from typing import Any

import pytest

from bot.core.clock import SystemMachine
from tests.endtoend.office import ARJUN, GENERAL, LENA, MEI, SAM, Office, buttons, shown

Json = dict[str, Any]
FIVE = {
    "title": {"title": "Labels arrive too late"},
    "category": {"risk.form.category": "drift"},
    "owner": {"owner": LENA},
    "likelihood": {"likelihood": "5"},
    "impact": {"impact": "4"},
}


async def risk(office: Office, user: str, text: str = "", channel: str = GENERAL) -> Json:
    """`/risk …`, as typed in a channel."""
    return await office.post("command", user=user, channel=channel, command="/risk", text=text)


async def added(office: Office, user: str = LENA, **said: Any) -> Json:
    """Add a risk by the form; the modal that shows it."""
    await risk(office, user, "add")
    await office.modal_saying(user, "What may go wrong?")
    answer = await office.post("submit", user=user, values=FIVE | said)
    assert answer["outcome"] == "updated", answer
    return await office.modal_saying(user, "is in the register")


async def press(office: Office, user: str, action: str, value: str, **where: str) -> Json:
    return await office.post("click", user=user, action_id=action, value=value, **where)


async def test_added_rescored_and_closed(either: Office) -> None:
    """By the command and its modals; each says what came of it, and the list follows."""
    await added(either)
    modal = await either.modal(LENA)
    assert "Critical 20" in shown(modal)
    await press(either, LENA, "risk.rescore", "1")
    await either.modal_saying(LENA, "How likely is it now?")
    values = {
        "likelihood": {"likelihood": "2"},
        "impact": {"impact": "2"},
        "why": {"why": "The feed is daily now"},
    }
    answer = await either.post("submit", user=LENA, values=values)
    assert answer["outcome"] == "closed"
    await either.modal_saying(LENA, "Low 4")
    assert "The feed is daily now" in shown(await either.modal(LENA))
    await either.post("close", user=LENA)
    await risk(either, LENA)
    await either.modal_saying(LENA, "1 risk in")
    await press(either, LENA, "risk.show", "1")
    await either.modal_saying(LENA, "History")
    await press(either, LENA, "risk.more", "1")
    await either.modal_saying(LENA, "What becomes of it?")
    values = {"fate": {"fate": "close"}, "why": {"why": "Solved"}}
    await either.post("submit", user=LENA, values=values)
    await either.modal_saying(LENA, "Reopen")


async def test_a_reason_is_needed(by_http: Office) -> None:
    """An empty one, or a score that no menu offers, is told under its input."""
    await added(by_http)
    await press(by_http, LENA, "risk.rescore", "1")
    view = await by_http.modal_saying(LENA, "How likely is it now?")
    payload = await by_http.submission(LENA)
    state = payload["view"]["state"]["values"]
    state["why"]["why"]["value"] = "   "
    state["likelihood"]["likelihood"]["selected_option"] = {"value": "6"}
    ack = await by_http.send(payload)
    assert view["callback_id"] == "risk.rescore"
    assert ack["response_action"] == "errors"
    assert set(ack["errors"]) == {"why", "likelihood"}


async def test_another_category_loses_no_mitigation(by_http: Office) -> None:
    """What was ticked for one stands as a line when another is chosen, and is kept."""
    await risk(by_http, LENA, "add")
    await by_http.modal_saying(LENA, "What may go wrong?")
    await press(by_http, LENA, "risk.form.category", "drift")
    await by_http.modal_saying(LENA, "To think by")
    await press(by_http, LENA, "risk.form.more", "more")
    await by_http.modal_saying(LENA, "Keep versions of data and model")
    payload = await by_http.submission(LENA)
    values = payload["view"]["state"]["values"]
    values["ticked:drift"]["ticked"]["selected_options"] = [{"value": "Keep versions"}]
    values["category"]["risk.form.category"]["selected_option"] = {"value": "data"}
    click = {"action_id": "risk.form.category", "block_id": "category"}
    kept = {key: payload[key] for key in ("user", "team", "trigger_id", "view")}
    await by_http.send({"type": "block_actions", "actions": [click], **kept})
    modal = await by_http.modal_saying(LENA, "Audit the data before anything")
    (others,) = [one for one in modal["blocks"] if one["block_id"] == "mitigations:data"]
    assert others["element"]["initial_value"] == "Keep versions"


async def test_reviews_on_the_card(either: Office) -> None:
    """On its day, at the owner's hour: Keep is one tap, and the card says what is next."""
    await added(either)
    await either.rest()
    await either.until("30T07:00")
    assert await either.messages(LENA) == []
    await either.post("clock", to="2026-04-06T07:31:00Z")  # Easter Monday, a holiday in Berlin
    assert await either.messages(LENA) == []
    await either.post("clock", to="2026-04-07T07:31:00Z")
    (card,) = await either.messages(LENA)
    labels = [one["text"]["text"] for one in buttons(card)]
    assert labels == ["Keep", "Rescore", "More …", "Open", "Change"]  # the last: of the country
    await either.click(LENA, card)
    await either.rest()
    (card,) = await either.messages(LENA)
    assert "next review Tue 14 April" in shown(card)
    assert [one["text"]["text"] for one in buttons(card)] == ["Change"]


async def test_from_a_message_and_from_a_blocker(by_http: Office) -> None:
    """Proposed from its words, and nothing filed without a tap."""
    text = "The feature drift is back: we must *retrain*\nSince the new tracker"
    said = await by_http.post("message", user=MEI, channel=GENERAL, text=text)
    await by_http.post(
        "shortcut", user=LENA, callback_id="risk.from_message", channel=GENERAL, ts=said["ts"]
    )
    view = await by_http.modal_saying(LENA, "proposed from its words")
    assert "Model drift" in json.dumps(view["blocks"])
    (cause,) = [one for one in view["blocks"] if one.get("block_id") == "cause"]
    assert cause["element"]["initial_value"].endswith("Since the new tracker")
    assert await by_http.rows("risks") == 0
    await by_http.post("close", user=LENA)
    await by_http.set_up(ARJUN, LENA)
    await by_http.until("30T07:31")
    await by_http.standup(LENA)
    await by_http.answer(
        LENA, learned="Nothing", next="Wait", blockers="No access to the labels of May"
    )
    await by_http.rest()
    await by_http.post("clock", advance="PT1M")
    message = (await by_http.messages(GENERAL))[-1]
    assert "Make a risk of one" in json.dumps(message["blocks"])
    where = {"channel": GENERAL, "ts": message["ts"]}
    await press(by_http, ARJUN, "risk.from_blocker", "1", **where)
    view = await by_http.modal_saying(ARJUN, "From what blocks")
    assert "No access to the labels of May" in json.dumps(view["blocks"])
    values = {name: each for name, each in FIVE.items() if name not in ("title", "category")}
    answer = await by_http.post("submit", user=ARJUN, values=values)
    assert answer["outcome"] == "updated"
    assert await by_http.rows("risks") == 1


async def test_the_team_review(by_http: Office) -> None:
    """A thread with its pictures, and the worst below; a channel's message each."""
    await added(by_http)
    await by_http.post("close", user=LENA)
    answer = await risk(by_http, LENA, "team")
    assert "on its way" in json.dumps(answer)
    refused = await risk(by_http, MEI, "team")  # it is Lena's from now on
    assert "owners of a ritual here and workspace admins can do that" in json.dumps(refused)
    for _ in range(400):
        await by_http.rest()
        found = await by_http.messages(GENERAL)
        if len([one for one in found if one["blocks"]]) >= 4:
            break
        await asyncio.sleep(0.05)
    (top,) = [one for one in found if "Risk review" in one["text"]]
    (image,) = [one for one in top["blocks"] if one["type"] == "image"]
    by_lena = "30 March 2026"  # where she is: this team has no zone of its own
    assert f"Heat map of 1 risk of general, {by_lena}: 1 critical" in image["alt_text"]
    (worst,) = [one for one in found if "what do we do about it?" in one["text"]]
    assert "Labels arrive too late" in shown(worst)
    replies = [one for one in found if one["thread_ts"] == top["ts"] and one["ts"] != top["ts"]]
    assert "Without a mitigation" in shown(replies[-1])
    assert len(replies) == 2


async def test_export(by_http: Office) -> None:
    """Both files come to one's direct message, and nobody else's."""
    await added(by_http)
    await by_http.post("close", user=LENA)
    await risk(by_http, LENA, "export")
    await by_http.rest()
    files = [file for one in await by_http.messages(LENA) for file in one["files"]]
    assert [file["name"].rpartition(".")[2] for file in files] == ["csv", "md"]
    titles = [file["title"] for file in files]
    assert titles == ["1 risk of general: CSV", "1 risk of general: Markdown"]


async def test_settings_show_a_secret_once(by_http: Office) -> None:
    """It lets a monitor in; it stands in no row, and no later modal shows it."""
    secret, path = await _secret(by_http)
    status = await post(by_http, path, b'{"source":"m","name":"n"}', secret)
    assert status == 202
    await by_http.rest()
    (message,) = await by_http.messages(GENERAL)
    assert "No risk in the register speaks of it yet." in shown(message)
    await risk(by_http, LENA, "settings")
    view = await by_http.modal_saying(LENA, "it is shown to nobody again")
    assert secret not in json.dumps(view)
    asked = [one["confirm"]["title"]["text"] for one in buttons(view) if "confirm" in one]
    assert asked == ["Make a new secret?", "Switch alerts off?"]
    await by_http.post("click", user=LENA, action_id="risk.settings.switch_off")
    await by_http.modal_saying(LENA, "Off: make a secret")
    assert await post(by_http, path, b'{"source":"m","name":"n2"}', secret) == 401


async def test_two_who_save_settings_at_once_lose_nothing(by_http: Office) -> None:
    """Not even where the screen is drawn anew between, for its inputs hold what they held."""
    pytest.importorskip("cryptography")
    await risk(by_http, LENA, "settings")
    await by_http.modal_saying(LENA, "Days between reviews")
    values = settings(categories="Suppliers\nRegulation")
    await by_http.post("submit", user=LENA, values=values)
    await by_http.post("close", user=LENA)
    for user in (LENA, MEI):
        await risk(by_http, user, "settings")
        await by_http.modal_saying(user, "Days between reviews")
    values = settings(categories="Suppliers\nTalent", days_low="60")
    await by_http.post("submit", user=MEI, values=values)
    await by_http.post("click", user=LENA, action_id="risk.settings.secret")
    await by_http.modal_saying(LENA, "Copy it now")
    await by_http.post("close", user=LENA)
    await by_http.modal_saying(LENA, "it is shown to nobody again")
    values = settings(categories="Regulation\nSuppliers\nWeather", days_high="10")
    done = await by_http.post("submit", user=LENA, values=values)
    assert "high 10, medium 30, low 60" in shown(done["view"])
    await by_http.post("close", user=LENA)
    await risk(by_http, MEI, "settings")
    view = await by_http.modal_saying(MEI, "Days between reviews")
    (typed,) = (one["element"] for one in view["blocks"] if one["block_id"] == "categories")
    assert typed["initial_value"] == "Suppliers\nTalent\nWeather"


def settings(**said: str) -> Json:
    """Values of the screen, by input."""
    named = {key: "days" if key.startswith("days_") else key for key in said}
    return {key: {named[key]: value} for key, value in said.items()}


async def _secret(office: Office) -> tuple[str, str]:
    pytest.importorskip("cryptography")
    await risk(office, LENA, "settings")
    await office.modal_saying(LENA, "Days between reviews")
    await office.post("click", user=LENA, action_id="risk.settings.secret")
    view = await office.modal_saying(LENA, "Copy it now")
    said = shown(view)
    path = said.split("`")[1]
    secret = said.split("`")[3]
    assert path.startswith("/hooks/risk/")
    await office.post("close", user=LENA)
    await office.modal_saying(LENA, "it is shown to nobody again")  # below it, at once
    await office.post("close", user=LENA)
    return secret, path


async def post(
    office: Office, path: str, body: bytes, secret: str = "", headers: dict[str, str] | None = None
) -> int:
    """Post as a monitor; signed where there is a secret."""
    sent = dict(headers or {})
    if secret:
        now = str(int(SystemMachine().utc().timestamp()))
        signed = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        sent |= {"X-Meridian-Timestamp": now, "X-Meridian-Signature": f"sha256={signed}"}
    url = f"{office.bot.web.url}{path}"
    async with office.session.post(url, data=io.BytesIO(body), headers=sent) as reply:
        return reply.status


async def test_bad_senders(by_http: Office) -> None:
    """Forged 401, repeated 409, 5 MB 413, nonsense 400, elsewhere 404; none is stored."""
    secret, path = await _secret(by_http)
    body = b'{"source":"m","name":"n"}'
    before = await by_http.rows()
    assert await post(by_http, path, body) == 401
    assert await post(by_http, path, body, "guessed") == 401
    assert await post(by_http, "/hooks/risk/nobody", body, secret) == 401
    assert await post(by_http, path, b"x" * (5 * 1024 * 1024), secret) == 413
    assert await post(by_http, path, b"nonsense", secret) == 400
    assert await post(by_http, f"{path}/more", body, secret) == 404
    assert await by_http.rows() == before
    now = str(int(SystemMachine().utc().timestamp()))
    signed = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Meridian-Timestamp": now, "X-Meridian-Signature": f"sha256={signed}"}
    assert await post(by_http, path, body, headers=headers) == 202
    assert await post(by_http, path, body, headers=headers) == 409


async def test_a_flood(by_http: Office) -> None:
    """Of two hundred at once a burst is taken and the rest told to wait: one thread, one row."""
    secret, path = await _secret(by_http)
    headers = {"Authorization": f"Bearer {secret}"}
    body = b'{"source":"m","name":"n"}'
    statuses = [await post(by_http, path, body, headers=headers) for _ in range(200)]
    assert set(statuses) == {202, 503}
    assert statuses.index(503) >= 60
    await by_http.rest()
    assert len(await by_http.messages(GENERAL)) == 1
    assert await by_http.rows("risk_alerts") == 1


async def test_an_alert_is_decided(by_http: Office) -> None:
    """By its risk's owner with a tap; others are told whose it is."""
    secret, path = await _secret(by_http)
    await added(by_http, title={"title": "Feature drift in churn-v2"})
    await by_http.post("close", user=LENA)
    body = b'{"source":"evidently","name":"Feature drift","value":0.31}'
    assert await post(by_http, path, body, secret) == 202
    await by_http.rest()
    (message,) = await by_http.messages(GENERAL)
    assert "Feature drift in churn-v2" in shown(message)
    where = {"channel": GENERAL, "ts": message["ts"]}
    await press(by_http, SAM, "risk.alert.watch", "1", **where)
    await by_http.rest()
    told = [one for one in await by_http.messages(GENERAL) if "can decide" in one["text"]]
    assert len(told) == 1
    await press(by_http, LENA, "risk.alert.retrain", "1", **where)
    await by_http.rest()
    top = next(one for one in await by_http.messages(GENERAL) if one["ts"] == message["ts"])
    assert "*Retrain*, decided Lena" in shown(top)
    assert await by_http.rows("risk_decisions") == 1


@pytest.mark.parametrize("typed", ["frobnicate", "show", "show Rx", "help", "12 34"])
async def test_what_is_typed(by_http: Office, typed: str) -> None:
    """Whatever it is, what can be typed is told."""
    answer = json.dumps(await risk(by_http, MEI, typed))
    assert "/risk" in answer


async def test_in_a_direct_message(by_http: Office) -> None:
    """There is no team there: what is one's own is listed, and what needs a channel says so."""
    await risk(by_http, LENA, "", f"D{LENA[1:]}")
    await by_http.modal_saying(LENA, "You look after no risk.")
    await by_http.post("close", user=LENA)
    await risk(by_http, LENA, "add", f"D{LENA[1:]}")
    await by_http.modal_saying(LENA, "A risk belongs to a channel's team.")
    assert "channel" in json.dumps(await risk(by_http, LENA, "export", f"D{LENA[1:]}"))


async def test_a_guest_adds_nothing(by_http: Office) -> None:
    """Somebody of another organisation is refused, like anywhere else."""
    await by_http.post("user", user="U09OTHER", team_id="T09OTHER")
    await by_http.post("channel", channel=GENERAL, join=["U09OTHER"])
    answer = await risk(by_http, "U09OTHER", "add")
    assert "another organisation" in json.dumps(answer)
    assert await by_http.rows("risks") == 0
