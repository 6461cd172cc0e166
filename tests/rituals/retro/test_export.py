"""A retro as files."""

import csv
import io
from dataclasses import replace
from datetime import date

from bot.actions.model import ItemShown
from bot.core.states import ItemState
from bot.rituals.retro import exporting
from bot.rituals.retro.model import Stage
from bot.rituals.retro.templates import COLUMNS, Template
from bot.rituals.retro.views.shown import RetroShown, TopicShown

SHOWN = RetroShown(
    retro_id=1,
    title="Retro",
    date=date(2026, 3, 31),
    stage=Stage.CLOSED,
    columns=COLUMNS[Template.WELL],
    took_part=4,
    topics=(
        TopicShown(
            1, 1, "=HYPERLINK(1)", "Mei", (("also *this*", "Arjun"),), votes=3, rank=1,
            said=(("Sam", "Yes,\nplease"),),
        ),
        TopicShown(2, 0, "Pairing"),
        TopicShown(3, 2, "Came after", late=True),
    ),
    items=(ItemShown(1, "Hash them", ItemState.DONE, date(2026, 4, 2), "Lena", date(2026, 4, 3),
                     issue_key="ML-7"),),
)  # fmt: skip


def test_markdown_has_all_of_it_in_order() -> None:
    """What was discussed first, with what was said; then every column, and the actions."""
    assert exporting.markdown(SHOWN) == (
        "# Retro, Tue 31 March 2026\n\n"
        "4 took part; 3 topics.\n\n"
        "## Discussed\n\n"
        "### 1. =HYPERLINK(1) (3 votes)\n\n"
        "- also: also \\*this\\* — Arjun\n"
        "> **Sam**: Yes, please\n\n\n"
        "## Went well\n\n- Pairing\n\n"
        "## To improve\n\n- =HYPERLINK(1) — Mei (3 votes)\n  - also \\*this\\* — Arjun\n\n"
        "## To try\n\n- Came after (came later)\n\n"
        "## Actions\n\n- Hash them · Lena · by Fri 3 April · ML-7 · ✓ done\n"
    )


def test_markdown_leads_to_the_ticket_of_an_action() -> None:
    """Where one knows where Jira is."""
    item = replace(SHOWN.items[0], issue_url="https://jira.example/browse/ML-7")
    made = exporting.markdown(replace(SHOWN, items=(item,)))
    assert "· [ML-7](https://jira.example/browse/ML-7) ·" in made


def test_nobody_is_said_to_have_taken_part_where_nothing_is_known() -> None:
    """Of an anonymous one in which nobody said that they were done, nor voted."""
    text = exporting.markdown(replace(SHOWN, took_part=0, topics=SHOWN.topics[1:2]))
    assert "took part" not in text
    assert "\n\n1 topic.\n" in text


def test_the_table_has_a_row_for_each_note_reply_and_action() -> None:
    """And no cell that a spreadsheet would run."""
    rows = list(csv.reader(io.StringIO(exporting.table(SHOWN).decode("utf-8-sig"))))
    assert rows[0] == list(exporting.HEAD)
    assert [(row[0], row[2], row[3]) for row in rows[1:]] == [
        ("note", "'=HYPERLINK(1)", "Mei"),
        ("note", "also *this*", "Arjun"),
        ("reply", "Yes,\nplease", "Sam"),
        ("note", "Pairing", ""),
        ("late note", "Came after", ""),
        ("action", "Hash them", ""),
    ]
    assert rows[-1][-3:] == ["Lena", "2026-04-03", "ML-7"]
