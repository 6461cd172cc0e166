"""What is changed, and the tests that must notice: those of the module, and no more."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """A module, and its tests."""

    module: str
    tests: tuple[str, ...]
    only: tuple[str, ...] = ()  # functions and classes; none: all of the module


_CADENCE = ("tests/core/test_cadence.py", "tests/core/test_cadence_instants.py")
_SENDING = tuple(
    f"tests/engine/test_{name}.py"
    for name in ("retry", "mirrors", "threads", "relay", "stops", "outsides", "owner_told")
)

SUBJECTS = (
    Subject("bot.core.cadence", _CADENCE),
    Subject("bot.engine.mirrors", (*_SENDING[:3], "tests/engine/test_joining.py", *_SENDING[3:])),
    Subject("bot.engine.sending", _SENDING),
    Subject("bot.engine.relay", _SENDING),
    Subject("bot.engine.retry", ("tests/engine/test_retry.py", "tests/engine/test_stops.py")),
    Subject("bot.asking.owners", ("tests/asking/test_owners.py",)),
    Subject("bot.actions.rights", ("tests/actions/test_rights.py",)),
    Subject("bot.rituals.risk.rights", ("tests/rituals/risk/test_rights.py",)),
    Subject(
        "bot.rituals.retro.finding",
        ("tests/rituals/retro/test_stages.py",),
        only=("leader", "may_lead"),
    ),
    Subject("bot.teams.teams", ("tests/teams/test_teams.py",), only=("_may", "keep")),
    Subject("bot.teams.workspace", ("tests/teams/test_workspace.py",), only=("_admin",)),
    Subject("bot.actions.projects", ("tests/actions/test_projects.py",), only=("_may",)),
)
