"""The answer modal as it was submitted: Slack's state in, typed values out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.rituals.standup import values
from bot.rituals.standup.answers import Beside
from bot.rituals.standup.issues import KEYS_ONLY, Offered
from bot.rituals.standup.questions import PlanFate
from bot.rituals.standup.views.answer import BLOCKER, HELPER, PLAN, RESOLVED
from bot.rituals.standup.views.issues import OTHERS, offered


@dataclass(frozen=True)
class Submitted:
    """What a person submitted; `said` by question key."""

    prompt_id: int
    asked: str  # the fingerprint of its questions; "" for a form of an earlier version
    said: Mapping[str, str]
    beside: Beside
    labels: Mapping[str, str]  # what each question read like
    offered: Offered = KEYS_ONLY  # what stood there of Jira

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """Each answer below its question, as it was read; what is empty is left out."""
        return tuple((self.labels.get(key, key), text) for key, text in self.said.items() if text)


def submitted(view: Mapping[str, Any]) -> Submitted:
    """What stands in the modal."""
    prompt_id, asked, named = (*view["private_metadata"].split(" "), "", "")[:3]
    state: Mapping[str, Mapping[str, Any]] = view["state"]["values"]
    entered = said(state)
    helper = entered.get(HELPER, "")
    return Submitted(
        prompt_id=int(prompt_id),
        asked=asked,
        said={key: text for key, text in entered.items() if not key.startswith("-")},
        beside=Beside(
            fate=PlanFate(entered[PLAN]) if entered.get(PLAN) else None,
            resolved=dict(_resolved(entered)),
            helper=helper,
            anew=HELPER in entered and helper != named,
        ),
        labels=dict(_labels(view)),
        offered=offered(view),
    )


def said(state: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The text of each input, by block; what a question's second one says goes with the first."""
    found: dict[str, str] = {}
    for block, inputs in state.items():
        key = block.removeprefix(OTHERS)
        texts = [found.get(key, ""), *map(values.entered, inputs.values())]
        found[key] = "\n".join(filter(None, texts))
    return found


def _resolved(entered: Mapping[str, str]) -> Iterator[tuple[int, bool]]:
    for key, text in entered.items():
        if key.startswith(BLOCKER) and text:
            yield int(key.removeprefix(BLOCKER)), text == RESOLVED


def _labels(view: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for block in view["blocks"]:
        if block["type"] == "input":
            yield block["block_id"], block["label"]["text"]
