"""What a project asks for: inputs of a modal, and their answers as Jira takes them."""

from typing import Any

import pytest

from bot.actions.answers import answers
from bot.actions.views.fields import ACTION, asked_in, block_id, can_ask, field_inputs
from bot.jira.model import Field, Kind, Option
from bot.sandbox.blocks import check_view

AREAS = (Option("10100", "Ingestion"), Option("10101", "Warehouse"))


def field(kind: Kind, *options: Option) -> Field:
    return Field(f"customfield_{kind.name.lower()}", f"The {kind}", kind, True, options)


EVERY = [
    *(field(one) for one in Kind if one not in (Kind.ONE, Kind.SEVERAL)),
    field(Kind.ONE, *AREAS),
    field(Kind.SEVERAL, *AREAS),
]


def view(*fields: Field) -> dict[str, Any]:
    """A modal with these inputs, as Slack would take it."""
    made = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Try it"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": list(field_inputs(fields)),
    }
    check_view(made, "modal")
    return made


def state(kind: Kind, entry: dict[str, Any], *options: Option) -> dict[str, Any]:
    one = field(kind, *options)
    return view(one) | {"state": {"values": {block_id(one): {ACTION: entry}}}}


@pytest.mark.parametrize(
    ("kind", "entry", "options", "value"),
    [
        (Kind.TEXT, {"value": "Churn"}, (), "Churn"),
        (Kind.NUMBER, {"value": "3"}, (), 3),
        (Kind.DATE, {"selected_date": "2026-04-01"}, (), "2026-04-01"),
        (Kind.LABELS, {"value": "data, urgent"}, (), ["data", "urgent"]),
        (Kind.ONE, {"selected_option": {"value": "10101"}}, AREAS, {"id": "10101"}),
        (
            Kind.SEVERAL,
            {"selected_options": [{"value": "10100"}, {"value": "10101"}]},
            AREAS,
            [{"id": "10100"}, {"id": "10101"}],
        ),
    ],
)
def test_answers_are_as_jira_takes_them(
    kind: Kind, entry: dict[str, Any], options: tuple[Option, ...], value: Any
) -> None:
    """Judged by what the modal offered."""
    found = answers(state(kind, entry, *options), cloud=True)
    assert found.fields == {field(kind).id: value}
    assert found.problems == {}


def test_what_is_no_answer_is_said_under_its_input() -> None:
    """A number that is none."""
    found = answers(state(Kind.NUMBER, {"value": "three"}), cloud=True)
    assert found.fields == {}
    assert found.problems == {block_id(field(Kind.NUMBER)): "That should be a number."}


def test_nothing_entered_is_no_answer() -> None:
    """Jira's own default stands."""
    found = answers(state(Kind.TEXT, {"value": None}), cloud=True)
    assert (found.fields, found.problems) == ({}, {})


def test_every_kind_is_an_input_or_a_sentence() -> None:
    """What no modal can ask for is said, so that nobody wonders."""
    made = view(*EVERY)["blocks"]
    kinds = [one["type"] for one in made]
    assert kinds.count("section") == sum(not can_ask(one) for one in EVERY) == 2
    asked = [asked_in(one["block_id"]) for one in made if one["type"] == "input"]
    assert [one[1] for one in asked if one] == [one.id for one in EVERY if can_ask(one)]
    assert asked_in("project") is None
    assert asked_in("field NONSENSE x") is None


def test_hundreds_of_options_are_cut_and_that_is_said() -> None:
    """Slack offers a hundred."""
    many = [Option(str(number), f"Option {number} {'x' * 100}") for number in range(250)]
    one = Field("customfield_1", "N" * 300, Kind.ONE, True, tuple(many))
    [block] = view(one)["blocks"]
    assert len(block["element"]["options"]) == 100
    assert "first 100 of 250" in block["hint"]["text"]
