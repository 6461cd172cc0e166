"""A team's register as files: CSV for a spreadsheet, Markdown for a page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.spreadsheet import cell, table
from bot.core.text import one_line
from bot.rituals.risk.loading import lines
from bot.rituals.risk.model import band, score
from bot.rituals.risk.registers import team_in
from bot.rituals.risk.scoring import inherent, residual
from bot.rituals.risk.tables import Mitigation, Risk
from bot.rituals.risk.values import RiskLine

_COLUMNS = (
    "number", "title", "category", "model", "owner", "status", "likelihood", "impact", "score",
    "band", "inherent likelihood", "inherent impact", "residual likelihood", "residual impact",
    "response", "cause", "consequence", "mitigations", "links", "next review", "raised", "closed",
)  # fmt: skip
_PAGE = (
    "number", "title", "category", "owner", "status", "score", "band", "mitigations", "next review",
)  # fmt: skip
_IN_A_PAGE = tuple(map(_COLUMNS.index, _PAGE))  # as many as it has room for
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")


@dataclass(frozen=True)
class Exported:
    """Both files, and what they are called."""

    name: str
    team: str
    csv: bytes
    markdown: bytes
    total: int


def export(session: Session, at: datetime, workspace_id: int, channel: str) -> Exported:
    """All risks of a channel's team, the closed ones too; the worst first."""
    team = team_in(session, workspace_id, channel)
    worst = (Risk.likelihood * Risk.impact).desc()
    team_id = team.id if team is not None else None
    risks = session.scalars(
        select(Risk)
        .where(Risk.team_id == team_id)
        .order_by(Risk.closed_at.is_not(None), worst, Risk.id)
    ).all()
    done = _mitigations(session, risks)
    shown = lines(session, at, risks)
    rows = [
        _row(risk, line, done.get(risk.id, [])) for risk, line in zip(risks, shown, strict=True)
    ]
    name = re.sub(r"[^a-z0-9-]+", "-", (team.name if team else "team").lower()).strip("-") or "team"
    return Exported(
        name=f"risks-{name}-{at.date().isoformat()}",
        team=team.name if team else "",
        csv=table([_COLUMNS, *rows]),
        markdown=_markdown(team.name if team else "", at, rows),
        total=len(rows),
    )


def _mitigations(session: Session, risks: Sequence[Risk]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    ids = [one.id for one in risks]
    rows = session.scalars(
        select(Mitigation).where(Mitigation.risk_id.in_(ids)).order_by(Mitigation.id)
    )
    for one in rows:
        found.setdefault(one.risk_id, []).append(f"{one.text} ({one.state})")
    return found


def _row(risk: Risk, line: RiskLine, done: Iterable[str]) -> list[str]:
    points = score(risk.likelihood, risk.impact)
    return [
        f"R{risk.id}",
        risk.title,
        line.category,
        risk.model,
        line.owner.name if line.owner else "",
        risk.status,
        str(risk.likelihood),
        str(risk.impact),
        str(points),
        band(points),
        *map(str, inherent(risk)),
        *map(str, residual(risk) or ("", "")),
        risk.response or "",
        risk.cause,
        risk.consequence,
        "\n".join(done),
        risk.links,
        risk.next_review.isoformat() if risk.next_review else "",
        risk.raised_at.date().isoformat(),
        risk.closed_at.date().isoformat() if risk.closed_at else "",
    ]


def _markdown(team: str, at: datetime, rows: Iterable[Sequence[str]]) -> bytes:
    head = [_COLUMNS[place] for place in _IN_A_PAGE]
    made = [
        f"# Risks of {inert(team)}, {at.date().isoformat()}",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
    ]
    made += [f"| {' | '.join(inert(row[place]) for place in _IN_A_PAGE)} |" for row in rows]
    return ("\n".join(made) + "\n").encode()


def inert(text: str) -> str:
    """A cell of a Markdown table in which nothing is markup, nor a formula once it is pasted."""
    return _MARKUP.sub(r"\\\1", one_line(cell(one_line(text))))
