"""Only Slack gets in by HTTP, and nothing twice."""

import json
from urllib.parse import urlencode

import pytest

from bot.core.clock import SystemMachine
from tests.endtoend.office import GENERAL, LENA, MEI, Json, Office, form, shown


def seconds_ago(seconds: int) -> str:
    return str(int(SystemMachine().utc().timestamp()) - seconds)


async def an_open_form(office: Office) -> Json:
    """What Slack would send for Mei's answer."""
    await office.set_up(MEI)
    await office.until("30T00:30")
    await office.standup(MEI)
    return await office.submission(MEI, learned="Signed")


async def test_a_request_of_299_seconds_ago_is_taken(by_http: Office) -> None:
    """Slack's window is five minutes."""
    payload = await an_open_form(by_http)
    assert (await by_http.http(form(payload), timestamp=seconds_ago(299)))[0] == 200
    assert await by_http.rows("answers") == 1


@pytest.mark.parametrize(
    "timestamp", ["301 seconds", "-301 seconds", "abc", "", "٣٠٠", "1e9", "9" * 5000]
)
async def test_an_old_or_odd_timestamp_is_401_and_leaves_no_row(
    by_http: Office, timestamp: str
) -> None:
    """Even where the signature over it is right."""
    payload = await an_open_form(by_http)
    await by_http.rest()
    before = await by_http.rows()
    if timestamp.endswith("seconds"):
        timestamp = seconds_ago(int(timestamp.split()[0]))
    answer = await by_http.http(form(payload), timestamp=timestamp)
    await by_http.rest()
    assert answer[0] == 401
    assert await by_http.rows() == before


@pytest.mark.parametrize("signature", ["", "v0=", "v0=" + "0" * 64, "v0=ünsigned"])
async def test_a_bad_signature_is_401_and_leaves_no_row(by_http: Office, signature: str) -> None:
    """By whatever route it comes: interaction, command, event."""
    payload = await an_open_form(by_http)
    await by_http.rest()
    before = await by_http.rows()
    event = {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T01AURORA",
        "event": {"type": "app_home_opened", "user": LENA, "tab": "home"},
    }
    command = {"command": "/standup", "user_id": LENA, "channel_id": GENERAL, "text": "setup"}
    for body, kind in (
        (form(payload), "application/x-www-form-urlencoded"),
        (urlencode(command), "application/x-www-form-urlencoded"),
        (json.dumps(event), "application/json"),
    ):
        answer = await by_http.http(body, content_type=kind, signature=signature)
        assert answer[0] == 401
    await by_http.rest()
    assert await by_http.rows() == before
    assert LENA not in (await by_http.state())["modals"]


async def test_a_replay_within_the_window_has_no_second_effect(by_http: Office) -> None:
    """The same bytes, signed well: whoever caught them can't take an edit back."""
    body, at = form(await an_open_form(by_http)), seconds_ago(10)
    assert (await by_http.http(body, timestamp=at))[0] == 200
    await by_http.answer(MEI, learned="Edited since")
    await by_http.rest()
    before, state = await by_http.rows(), await by_http.state()
    assert await by_http.http(body, timestamp=at) == (200, "")
    await by_http.rest()
    assert await by_http.rows() == before
    assert "Edited since" in shown((await by_http.messages(GENERAL))[0])
    assert (await by_http.state())["messages"] == state["messages"]


async def test_a_replayed_event_has_no_second_effect(by_http: Office) -> None:
    """It is answered as if it were the first, or Slack would go on sending it."""
    await by_http.post("home", user=MEI)
    await by_http.rest()
    event = next(one.payload for one in by_http.sent if one.kind == "events_api")
    before = await by_http.rows()
    published = by_http.world.site.views.homes[MEI].hash
    answer = await by_http.http(json.dumps(event), content_type="application/json")
    await by_http.rest()
    assert answer[0] == 200
    assert await by_http.rows() == before
    assert by_http.world.site.views.homes[MEI].hash == published


async def test_a_body_over_a_mebibyte_is_refused(by_http: Office) -> None:
    """Before it is read whole, let alone verified."""
    status, _ = await by_http.http("payload=" + "x" * (1024 * 1024))
    assert status == 413


async def test_socket_mode_leaves_no_door_open_by_http(either: Office) -> None:
    """Without a request URL, what comes by HTTP isn't for us."""
    status, _ = await either.http("payload={}", signature="v0=0")
    assert status == (503 if either.world.request_url is None else 401)
