"""What a form that changes a risk begins with, and what of it somebody changed. Pure."""

from dataclasses import dataclass, replace
from hashlib import blake2s

from bot.core import merging
from bot.rituals.risk.model import mitigations_of
from bot.rituals.risk.values import RiskShown, Typed

_ONE_BY_ONE = (
    "title",
    "category",
    "owner",
    "likelihood",
    "impact",
    "model",
    "cause",
    "consequence",
    "links",
    "response",
)


@dataclass(frozen=True)
class Begun:
    """What a form held when it was opened.

    Its mitigations are known by their digests: drawn anew for another category they stand in other
    inputs, and all their texts are more than a modal's metadata takes.
    """

    typed: Typed
    mitigations: tuple[str, ...]


def said_of(shown: RiskShown) -> Typed:
    """A risk as its form would say it, with all its mitigations typed."""
    line, residual = shown.line, shown.residual or (None, None)
    return Typed(
        title=line.title,
        category=shown.category_key,
        owner=line.owner.slack_id if line.owner else "",
        likelihood=line.likelihood,
        impact=line.impact,
        model=line.model,
        cause=shown.cause,
        consequence=shown.consequence,
        links=shown.links,
        response=shown.response or "",
        residual_likelihood=residual[0],
        residual_impact=residual[1],
        ticked=tuple(one.text for one in shown.mitigations),
        mitigations="",
    )


def digests(typed: Typed) -> tuple[str, ...]:
    """The mitigations of a form, as they travel with it."""
    return tuple(map(_digest, _named(typed)))


def merged(was: Begun, said: Typed, now: Typed) -> Typed:
    """What somebody changed of what their form began with; the rest as it is now."""
    before, typed, there = was.typed, _named(said), _named(now)
    known = [one for one in (*typed, *there) if _digest(one) in was.mitigations]
    # One half of it alone means nothing, so it is changed as a whole.
    residual = merging.one(_residual(before), _residual(said), _residual(now))
    return replace(
        said,
        **{
            name: merging.one(getattr(before, name), getattr(said, name), getattr(now, name))
            for name in _ONE_BY_ONE
        },
        residual_likelihood=residual[0],
        residual_impact=residual[1],
        ticked=merging.each(known, typed, there),
        mitigations="",
    )


def _named(typed: Typed) -> list[str]:
    return mitigations_of(typed.ticked or (), typed.mitigations or "")


def _digest(text: str) -> str:
    return blake2s(text.encode(), digest_size=4).hexdigest()


def _residual(typed: Typed) -> tuple[int | None, int | None]:
    return typed.residual_likelihood, typed.residual_impact
