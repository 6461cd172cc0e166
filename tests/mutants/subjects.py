"""What is changed, and the tests that must notice: those of the module, and no more."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """A module, and its tests."""

    module: str
    tests: tuple[str, ...]
    only: tuple[str, ...] = ()  # functions and classes; none: all of the module


_CADENCE = ("tests/core/test_cadence.py", "tests/core/test_cadence_instants.py")
_ROWS = tuple(
    f"tests/engine/test_{name}.py" for name in ("marks", "mirrors", "threads", "sending", "joining")
)
_RELAY = tuple(f"tests/engine/test_{name}.py" for name in ("resting", "outsides", "relay", "stops"))

SUBJECTS = (
    Subject("bot.core.cadence", _CADENCE),
    Subject("bot.engine.mirrors", _ROWS),
    Subject("bot.engine.sending", _ROWS),
    Subject("bot.engine.relay", _RELAY),
    Subject("bot.engine.retry", ("tests/engine/test_retry.py", "tests/engine/test_stops.py")),
    Subject("bot.asking.owners", ("tests/asking/test_owners.py",)),
    Subject("bot.actions.rights", ("tests/actions/test_rights.py",)),
    Subject("bot.rituals.risk.rights", ("tests/rituals/risk/test_rights.py",)),
    Subject(
        "bot.rituals.retro.finding",
        ("tests/rituals/retro/test_leading.py",),
        only=("leader", "may_lead"),
    ),
    Subject("bot.teams.teams", ("tests/teams/test_admins.py",), only=("_may",)),
    Subject("bot.teams.workspace", ("tests/teams/test_admins.py",), only=("_admin",)),
    Subject("bot.actions.projects", ("tests/actions/test_projects.py",), only=("_may",)),
)
