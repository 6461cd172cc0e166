"""The locked requirements can be trusted, carried elsewhere, and accounted for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "deploy/requirements.txt"
DEV = ROOT / "deploy/requirements-dev.txt"
PYPROJECT = (ROOT / "pyproject.toml").read_text()
DECLARED = tomllib.loads(PYPROJECT)
PROJECT = DECLARED["project"]
EXTRAS = PROJECT["optional-dependencies"]

both = pytest.mark.parametrize("path", [RUNTIME, DEV], ids=["runtime", "dev"])


def entries(path: Path) -> dict[str, tuple[Version, list[str]]]:
    """Package name → its pinned version and hashes."""
    text = re.sub(r"^\s*#.*$", "", path.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    found: dict[str, tuple[Version, list[str]]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        requirement, *options = line.split()
        name, _, version = requirement.partition("==")
        hashes = [
            option for option in options if re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", option)
        ]
        assert hashes == options, f"{requirement} has more than hashes: {options}"
        found[canonicalize_name(name)] = (Version(version), hashes)
    return found


def unmet(declared: list[str], path: Path) -> list[str]:
    """Declared requirements which the lock doesn't pin to a version that they allow."""
    pinned = entries(path)
    wanted = [Requirement(text) for text in declared]
    return [
        str(requirement)
        for requirement in wanted
        if (name := canonicalize_name(requirement.name)) not in pinned
        or not requirement.specifier.contains(pinned[name][0])
    ]


@both
def test_each_requirement_is_pinned_and_hashed(path: Path) -> None:
    found = entries(path)
    assert len(found) > 20
    assert [name for name, (_, hashes) in found.items() if not hashes] == []


@both
def test_no_index_no_address_no_path(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"^-(?!-hash)\S+", text, re.MULTILINE) == []
    assert re.findall(r"\S+://\S+|\bfile:\S+", text) == []
    assert re.findall(r"(?:^|\s)/\w\S*", text) == []


def test_the_runtime_lock_holds_what_the_project_declares() -> None:
    build = DECLARED["build-system"]["requires"]
    assert unmet(PROJECT["dependencies"] + build, RUNTIME) == []


def test_the_dev_lock_holds_the_extras_as_well() -> None:
    assert unmet([*PROJECT["dependencies"], *EXTRAS["postgres"], *EXTRAS["dev"]], DEV) == []


def test_both_locks_agree() -> None:
    """Installing the one over the other changes nothing that runs."""
    runtime, dev = entries(RUNTIME), entries(DEV)
    assert {name: dev.get(name) for name in runtime} == runtime


def test_each_direct_dependency_has_its_reason() -> None:
    declared = [*PROJECT["dependencies"], *EXTRAS["postgres"], *EXTRAS["dev"]]
    without = [
        text for text in declared if not re.search(rf'"{re.escape(text)}",\s+# \S.+', PYPROJECT)
    ]
    assert without == []
