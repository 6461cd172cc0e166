"""Tables as files for spreadsheets, in which nothing that people wrote is run as a formula.

A CSV file doesn't say what parts its cells. Spreadsheets go by the locale, or by what was chosen
last: where that is a semicolon, a cell ends at one that somebody typed, quoted or not, and what
stands behind it begins a cell. https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from bot.core.text import clean

_FORMULA = re.compile(
    r"""(^|[;|\t\n])     # where a cell may begin
        ([\s"]*)         # which a spreadsheet may skip
        (?=[=+\-@＝＋－＠])  # some take the wide ones too
    """,  # noqa: RUF001
    re.VERBOSE,
)


def table(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV (RFC 4180), with a mark at its head that says UTF-8 to spreadsheets."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerows([cell(one) for one in row] for row in rows)
    return made.getvalue().encode("utf-8-sig")


def cell(text: str) -> str:
    """`text` with an apostrophe before whatever could begin a formula in a spreadsheet."""
    said = _FORMULA.sub(r"\1\2'", clean(text))
    return f"'{said}" if said[:1] in {"\t", "\n"} else said
