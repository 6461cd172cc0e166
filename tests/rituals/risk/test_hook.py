"""The hook for monitors: who is let in, once, and no faster than is good for everybody."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.core.clock import MovableCalendar
from bot.core.states import Role
from bot.db.sealing import Sealer
from bot.db.session import Database
from bot.db.tables import Audit, Inbox, Membership, Person, Workspace
from bot.rituals.risk import settings
from bot.rituals.risk.alerts import alerts, hook
from bot.rituals.risk.alerts.hook import Hook, sign
from bot.rituals.risk.alerts.payloads import Told
from bot.rituals.risk.settings_model import NoKey, Secret, SwitchedOff
from bot.rituals.risk.tables import Alert, Register
from bot.rituals.risk.values import NotTheirs
from bot.teams.teams import team_of
from bot.web import Web
from tests.clocks import START, HandMachine

BODY = json.dumps({"source": "evidently", "name": "psi", "value": 0.31}).encode()
SEALER = Sealer(b"k" * 32)


@dataclass
class Door:
    """A team's hook, and who knocks."""

    hook: Hook
    machine: HandMachine
    database: Database
    made: Secret

    def signed(self, body: bytes = BODY, age: float = 0, secret: str = "") -> dict[str, str]:
        timestamp = str(int(self.machine.utc().timestamp() - age))
        key = (secret or self.made.secret).encode()
        return {
            "X-Meridian-Timestamp": timestamp,
            "X-Meridian-Signature": sign(key, timestamp, body),
        }

    async def knock(self, headers: dict[str, str], body: bytes = BODY, whom: str = "") -> int:
        return await self.hook.take(whom or self.made.public_id, headers, body)

    def rows(self, table: type = Alert) -> int:
        return self.database.read_now(
            lambda session: session.scalar(select(func.count()).select_from(table)) or 0
        )


@pytest.fixture
def door(database: Database, machine: HandMachine, calendar: MovableCalendar) -> Door:
    made = database.write_now(_furnish)
    return Door(Hook(database, SEALER, calendar=calendar, machine=machine), machine, database, made)


def _furnish(session: Session) -> Secret:
    workspace = Workspace(slack_id="T1", name="Acme", bot_user="UBOT")
    session.add(workspace)
    session.flush()
    session.add(Person(workspace_id=workspace.id, slack_id="U1", name="Lena", is_admin=True))
    team_of(session, workspace.id, "C1", "churn")
    made = settings.new_secret(session, START, workspace.id, "U1", "C1", "churn", SEALER)
    assert isinstance(made, Secret)
    return made


async def test_a_good_sender(door: Door) -> None:
    """Signed, or with the secret as a Bearer token for those that can't sign."""
    assert await door.knock(door.signed()) == hook.OK
    bearer = {"Authorization": f"Bearer {door.made.secret}"}
    assert await door.knock(bearer) == hook.OK
    assert await door.knock(bearer) == hook.OK
    assert door.rows() == 1


async def test_the_same_signature_again(door: Door) -> None:
    """A replay is told apart, and has no second effect."""
    headers = door.signed()
    assert await door.knock(headers) == hook.OK
    assert await door.knock(headers) == hook.REPEATED
    times = door.database.read_now(lambda session: session.scalars(select(Alert.times)).one())
    assert times == 1
    assert door.rows(Inbox) == 1


async def test_many_in_one_request(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is left out; one that fails half-way counts each once when it is sent again."""
    many = [{"labels": {"alertname": f"n{n}"}, "fingerprint": str(n)} for n in range(230)]
    body = json.dumps({"alerts": many}).encode()
    headers, take, calls = door.signed(body), alerts.take, []

    def failing(session: Session, at: datetime, team_id: int, told: Sequence[Told]) -> None:
        calls.append(len(told))
        take(session, at, team_id, told)
        if len(calls) == 3:
            raise OSError("the disk is full")

    monkeypatch.setattr(alerts, "take", failing)
    with pytest.raises(OSError, match="full"):
        await door.knock(headers, body)
    assert await door.knock(headers, body) == hook.OK
    assert calls == [50, 50, 50, 50, 50, 30]
    assert await door.knock(headers, body) == hook.REPEATED
    times = door.database.read_now(lambda session: session.scalars(select(Alert.times)).all())
    assert sum(times) == 230
    assert len(times) == 6  # a few of their own, and one for all the others


@pytest.mark.parametrize(
    ("age", "status"), [(299, hook.OK), (301, 401), (-299, hook.OK), (-301, 401)]
)
async def test_the_window(door: Door, age: float, status: int) -> None:
    """Three hundred seconds, before and after."""
    assert await door.knock(door.signed(age=age)) == status


async def test_forged(door: Door) -> None:
    """Another secret, another body, another time, half a header: 401, and nothing is stored."""
    good = door.signed()
    forged = [
        {},
        door.signed(secret="guessed"),
        good | {"X-Meridian-Timestamp": str(int(good["X-Meridian-Timestamp"]) + 1)},
        good | {"X-Meridian-Timestamp": "abc"},
        good | {"X-Meridian-Timestamp": "٣٣٣"},
        good | {"X-Meridian-Timestamp": "9" * 5000},
        good | {"X-Meridian-Signature": "sha256=é"},
        {"X-Meridian-Signature": good["X-Meridian-Signature"]},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer guessed"},
        {"Authorization": f"Basic {door.made.secret}"},
        {"Authorization": "Bearer é"},
    ]
    for headers in forged:
        assert await door.knock(headers) == hook.UNPROVEN, headers
    assert await door.knock(good, BODY + b" ") == hook.UNPROVEN
    assert await door.knock(good, whom="nobody") == hook.UNPROVEN
    assert door.rows() == door.rows(Inbox) == 0


async def test_what_is_no_alert(door: Door) -> None:
    """Proven, but nothing that can be read: 400."""
    assert await door.knock(door.signed(b"{}"), b"{}") == hook.BAD


async def test_a_flood(door: Door) -> None:
    """Of ten thousand in a minute a burst and one a second are taken; others are not held up."""
    bearer = {"Authorization": f"Bearer {door.made.secret}"}
    statuses: list[int] = []
    for _ in range(10_000):
        statuses.append(await door.knock(bearer) if len(statuses) < 400 else hook.FLOOD)
        door.machine.advance(0.006)
    taken = statuses.count(hook.OK)
    assert 60 <= taken <= 65
    assert set(statuses) == {hook.OK, hook.FLOOD}
    assert door.rows() == 1
    door.machine.advance(60)
    assert await door.knock(bearer) == hook.OK


async def test_strangers_can_not_silence_a_team(door: Door) -> None:
    """However many try its address or others, without a proof: what its monitor signs is taken."""
    guessed = {"Authorization": "Bearer guessed"}
    statuses = [await door.knock(guessed) for _ in range(60)]
    assert set(statuses) == {hook.UNPROVEN}
    assert await door.knock(guessed) == hook.FLOOD
    for number in range(1500):
        assert await door.knock({}, whom=f"guess-{number}") == hook.FLOOD
    assert await door.knock(door.signed()) == hook.OK
    assert list(door.hook._teams) == [1]
    door.machine.advance(2)
    assert await door.knock(guessed) == hook.UNPROVEN


@pytest.mark.parametrize("body", [BODY, b"{}"])
async def test_whoever_overheard_a_request_can_not_silence_a_team(door: Door, body: bytes) -> None:
    """However often it is sent again, taken or not: what its monitor says next is taken."""
    overheard = door.signed(body)
    assert await door.knock(overheard, body) in (hook.OK, hook.BAD)
    again = {await door.knock(overheard, body) for _ in range(200)}
    assert again == {hook.REPEATED if body == BODY else hook.BAD, hook.FLOOD}
    statuses = [await door.knock(door.signed(age=age)) for age in range(1, 60)]
    assert set(statuses) == {hook.OK}


@pytest.mark.parametrize("name", ["Authorization", "X-Meridian-Signature", "X-Meridian-Timestamp"])
async def test_bytes_that_are_no_letters(door: Door, name: str) -> None:
    """Over the wire, other bytes are refused for a team that exists like for one that doesn't."""
    web = Web("127.0.0.1", 0, _health, hooks_for={hook.PREFIX: door.hook.take})
    await web.start()
    try:
        for whom in (door.made.public_id, "nobody"):
            answer = await _post_raw(web.url, whom, door.signed() | {name: "Bearer \xe9\xff"})
            assert answer.startswith(b"HTTP/1.1 401 ")
    finally:
        await web.close()


@pytest.mark.parametrize("whom", ["%00", "a%00b", "%C3%A9", "a%20b", "x" * 65])
async def test_an_address_that_none_can_have(
    door: Door, whom: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is no public id never gets to the database, which may not take it."""
    web = Web("127.0.0.1", 0, _health, hooks_for={hook.PREFIX: door.hook.take})
    await web.start()
    monkeypatch.delattr(Database, "read")
    try:
        answer = await _post_raw(web.url, whom, door.signed())
        assert answer.startswith(b"HTTP/1.1 401 ")
    finally:
        await web.close()


async def _health() -> dict[str, object]:
    return {"ready": True}


async def _post_raw(url: str, whom: str, headers: dict[str, str]) -> bytes:
    """Post with headers in bytes as they are; answers the first line of what comes back."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    given = headers | {"Host": host, "Content-Length": str(len(BODY)), "Connection": "close"}
    lines = [f"POST {hook.PREFIX}{whom} HTTP/1.1", *(f"{key}: {one}" for key, one in given.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + BODY)
    try:
        return await reader.readline()
    finally:
        writer.close()
        await writer.wait_closed()


async def test_without_a_key_it_is_off(
    door: Door, database: Database, machine: HandMachine, calendar: MovableCalendar
) -> None:
    """No key, no secret, nobody let in; a secret can't be made either."""
    off = Hook(database, None, calendar=calendar, machine=machine)
    assert await off.take(door.made.public_id, door.signed(), BODY) == hook.OFF
    made = database.write_now(
        lambda session: settings.new_secret(session, START, 1, "U1", "C1", "churn", None)
    )
    assert isinstance(made, NoKey)


async def test_another_key_opens_nothing(
    door: Door, database: Database, machine: HandMachine, calendar: MovableCalendar
) -> None:
    """A changed key is a 401, and an error in the log; not a crash."""
    other = Hook(database, Sealer(b"x" * 32), calendar=calendar, machine=machine)
    assert await other.take(door.made.public_id, door.signed(), BODY) == hook.UNPROVEN


def test_it_is_kept_sealed(door: Door) -> None:
    """In no column stands the secret, or anything that it could be read from without the key."""
    kept = door.database.read_now(lambda session: session.scalars(select(Register.secret)).one())
    assert kept is not None
    assert door.made.secret not in kept
    assert door.made.secret not in repr(door.made)


async def test_switched_off(door: Door) -> None:
    """By whoever settles things there: what its monitors send is refused, until it is on again."""

    def off(session: Session, who: str) -> object:
        return settings.switch_off(session, START, 1, who, "C1", "churn")

    owner = Membership(team_id=1, person_id=1, role=Role.RISK_OWNER)
    door.database.write_now(lambda session: session.add(owner))
    assert isinstance(door.database.write_now(off, "U2"), NotTheirs)
    assert await door.knock(door.signed()) == hook.OK
    for _ in range(2):
        assert isinstance(door.database.write_now(off, "U1"), SwitchedOff)
    assert await door.knock(door.signed(age=1)) == hook.UNPROVEN
    actions = door.database.read_now(lambda session: session.scalars(select(Audit.action)).all())
    assert actions == ["risk.hook.secret", "risk.hook.off"]


async def test_a_new_secret_ends_the_old(door: Door) -> None:
    """What was known to many is good no more."""
    old = door.signed()
    made = door.database.write_now(
        lambda session: settings.new_secret(session, START, 1, "U1", "C1", "churn", SEALER)
    )
    assert isinstance(made, Secret)
    assert made.public_id == door.made.public_id
    assert await door.knock(old) == hook.UNPROVEN
    assert await door.knock(door.signed(secret=made.secret)) == hook.OK
