"""Which changes are made; that those explained are still made, and the tests named are there."""

import pytest

from tests.mutants.changes import changes
from tests.mutants.explained import EXPLAINED
from tests.mutants.subjects import SUBJECTS, Subject
from tests.mutants.trial import ROOT, file_of

SOURCE = """
@cache
def late(at, limit=3):
    \"\"\"Its docstring.\"\"\"
    log.info("no", at)
    if at > limit and not at is None:
        note(at)
    return [one for one in at if one]
"""


def test_what_is_changed() -> None:
    """Numbers, conditions, comparisons, lost statements; not what only a log reads."""
    made = [(one.line, one.what) for one in changes("x", SOURCE)]
    either = "at > limit and (not at is None)"
    assert made == [
        (3, "3 → 4"),
        (6, f"if {either}: note(at) → if not ({either}): note(at)"),
        (6, f"{either} → at > limit or not at is None"),
        (6, f"{either} → not at is None"),
        (6, f"{either} → at > limit"),
        (6, "at > limit → at >= limit"),
        (6, "at > limit → at <= limit"),
        (6, "not at is None → at is None"),
        (6, "at is None → at is not None"),
        (7, "note(at) → pass"),
        (8, "return [one for one in at if one] → return None"),
        (8, "for one in at if one → for one in at"),
    ]


def test_what_is_left_out_of_much_is_told() -> None:
    """A statement of ten lines may lack one condition."""
    source = "found = select(Person).where(Person.id == number, Person.deleted.is_(False))"
    told = [one.what for one in changes("x", source)]
    assert (
        "…here(Person.id == number, Person.deleted.is_(False)) → …here(Person.id == number)" in told
    )


def test_only_the_functions_that_are_named_are_changed() -> None:
    """In a module with much else."""
    assert list(changes("x", SOURCE, ["other"])) == []
    assert len(list(changes("x", SOURCE, ["late"]))) == len(list(changes("x", SOURCE)))


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda one: one.module)
def test_a_subject_s_tests_are_there_and_what_is_explained_is_changed(subject: Subject) -> None:
    """Else an explanation would go on excusing what nobody knows any more."""
    assert all((ROOT / one).exists() for one in subject.tests)
    source = file_of(subject.module).read_text()
    made = {one.what for one in changes(subject.module, source, subject.only)}
    assert {what for module, what in EXPLAINED if module == subject.module} <= made


def test_what_is_explained_is_of_a_subject() -> None:
    """And says why."""
    assert {module for module, _what in EXPLAINED} <= {one.module for one in SUBJECTS}
    assert all(EXPLAINED.values())
