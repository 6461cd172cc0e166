"""What Slack and monitors send, bent: it is answered in time, and taken whole or not at all."""

import asyncio
import copy
import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.core.states import Outcome
from bot.db.tables import Inbox
from bot.sandbox.world import Json
from bot.slack.shapes import wrong_in
from tests.borders.bending import Path, bent
from tests.borders.harvest import CHANNEL, Harvest, Sample
from tests.borders.hooks import knock
from tests.borders.house import House, housed
from tests.simulation import logs

_ACK_SECONDS = 3.0  # that Slack waits
_EACH = 2  # of a kind of payload
_BATCH = 50
_TYPED = frozenset(
    {"value", "selected_date", "selected_time", "selected_user", "selected_conversation"}
)
_OURS = frozenset({"actions", "action_id", "block_id", "callback_id", "private_metadata", "view"})
_NOT_READ = (
    "ValueError",
    "KeyError",
    "TypeError",
    "AttributeError",
    "OverflowError",
    "DecodeError",
)


_WAYS = ("action", "command", "event", "message_shortcut", "options", "shortcut", "view")


def _listened(patch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """What Bolt is told to listen to from now on: the way, and the name."""
    found = set[tuple[str, str]]()

    def noting(way: str, register: Any) -> Any:
        def noted(app: AsyncApp, name: Any, *more: Any, **named: Any) -> Any:
            found.add((way, name if isinstance(name, str) else str(name)))
            return register(app, name, *more, **named)

        return noted

    for way in _WAYS:
        patch.setattr(AsyncApp, way, noting(way, getattr(AsyncApp, way)))
    return found


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("seed", "count"),
    [(1, 160), *(pytest.param(n, 5000, marks=pytest.mark.exhaustive) for n in range(2, 12))],
)
def test_bent_payloads_do_no_harm(seed: int, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """For each listener there is: what Slack would send it, with parts missing, wrong and huge."""
    listened = _listened(monkeypatch)
    with logs.kept(expected=()) as kept, housed() as (runner, house):
        chance = Random(seed)  # noqa: S311 - chance that is repeated
        runner.run(_bent(house, listened, kept, chance, count))
        runner.run(knock(house, chance, count // 5))
        runner.run(_is_whole(house, kept))


async def _bent(
    house: House, listened: set[tuple[str, str]], kept: logs.Kept, chance: Random, count: int
) -> None:
    harvest = Harvest(house, _EACH)
    await harvest.gather()
    assert kept.errors == []
    assert [one for name in harvest.samples for one in _refused(harvest.samples[name])] == []
    samples = _for_all(harvest, listened)
    for number in range(count):
        name = sorted(samples)[number % len(samples)]
        sample = _anew(house, chance.choice(samples[name]), number)
        payload, paths = bent(sample.payload, chance)
        about = f"{name}: {json.dumps(payload)[:3000]}"
        before = asyncio.get_running_loop().time()
        answer, commits = await asyncio.wait_for(house.alone(sample.kind, payload), 60)
        assert asyncio.get_running_loop().time() - before < _ACK_SECONDS, about
        assert answer.status < 500, about
        assert commits <= 1, about
        for error in kept.errors:
            ours = sample.is_guess or any(map(_is_ours, paths))
            assert _is_expected(error, ours=ours), f"{about}\n{paths}\n{error}"
            receipt = _receipt(payload)
            # What Slack refuses is said after the commit; a bent receipt may be an earlier one's.
            if "SlackRefused" not in error and receipt == _receipt(sample.payload):
                assert not house.bot.database.read_now(_is_taken, receipt), about
        kept.errors.clear()
        if number % _BATCH == 0:
            await _is_whole(house, kept)
    await _is_whole(house, kept)


def _refused(samples: list[Sample]) -> list[str]:
    """What would be turned away although nothing is wrong with it."""
    return [wrong for one in samples if (wrong := wrong_in(one.payload)) is not None]


def _for_all(harvest: Harvest, listened: set[tuple[str, str]]) -> dict[str, list[Sample]]:
    """The samples by name; what the demo has no occasion for gets those of another's kind."""
    found = dict(harvest.samples)
    known = found.keys() | {name.split(" ")[0] for name in found}
    for way, name in listened:
        if name not in known:
            like, renamed = _LIKE[way]
            found[name] = [_renamed(one, name, renamed) for one in found[like]]
    return found


_BUTTON = {"type": "button", "block_id": "guess", "action_ts": "1774800000.000100", "value": "1"}
# Whose samples stand in, and what in them says who listens.
_LIKE: dict[str, tuple[str, Path]] = {
    "action": ("asking.help", ("actions", 0, "action_id")),
    "options": ("actions.account_search", ("action_id",)),
    "view": ("standup.setup", ("view", "callback_id")),
}


def _renamed(sample: Sample, name: str, path: Path) -> Sample:
    payload = copy.deepcopy(sample.payload)
    if "actions" in payload:
        payload["actions"] = [dict(_BUTTON)]
    at: Any = payload
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = name
    return Sample(sample.kind, payload, sample.view, is_guess=True)


def _anew(house: House, sample: Sample, number: int) -> Sample:
    """The same once more: with a trigger and an id of its own, before the same modal."""
    payload, site = copy.deepcopy(sample.payload), house.site
    who = payload.get("user_id") or (payload.get("user") or {}).get("id", "")
    site.views.stacks.pop(who, None)
    if sample.view is not None and sample.view.kind == "modal":
        site.views.stacks[who] = [sample.view]
    if "trigger_id" in payload:
        payload["trigger_id"] = site.triggers.issue(who, CHANNEL)
    if "response_url" in payload:
        payload["response_url"] = site.hooks.issue(who, CHANNEL)
    if "event_id" in payload:
        payload["event_id"] += f".{number}"
    return replace(sample, payload=payload)


def _receipt(payload: Json) -> str:
    return str(payload.get("trigger_id") or payload.get("event_id"))


def _is_taken(session: Session, receipt: str) -> bool:
    """Whether something was stored for it: its receipt stands beside that."""
    return bool(session.scalars(select(Inbox).where(Inbox.event_id == receipt)).all())


def _is_expected(error: str, *, ours: bool) -> bool:
    """Slack refuses an id that was bent; and what we sent along ourselves may be no longer ours.

    That is told to the person, with a reference, and nothing has happened.
    """
    if "a request failed" not in error:
        return False
    if "SlackRefused" in error:
        return True
    last = error.strip().splitlines()[-1]
    return ours and any(one in last for one in _NOT_READ)


def _is_ours(path: Path) -> bool:
    """Whether it was not typed or chosen by a person, nor said by Slack, but sent by us."""
    return not _OURS.isdisjoint(path) and not ("state" in path and path[-1] in _TYPED)


async def _is_whole(house: House, kept: logs.Kept) -> None:
    """All can still be shown and done: no mirror or timer was stopped by what was taken."""
    await asyncio.wait_for(house.rest(), 120)
    assert kept.errors == []
    assert house.bot.database.read_now(_faults) == []


def _faults(session: Session) -> list[str]:
    parked = text("SELECT view, detail FROM mirrors WHERE outcome = :parked")
    timers = text("SELECT kind, error FROM timers WHERE parked_at IS NOT NULL")
    rows = [
        *session.execute(parked, {"parked": Outcome.PARKED}),
        *session.execute(timers),
        *session.execute(text("PRAGMA foreign_key_check")),
    ]
    return [str(row) for row in rows]
