"""The six categories of AI/ML risks: what to think of, what usually helps, and which words tell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

OWN = "own:"
"""What the key of a team's own category begins with; its id follows."""


class Category(StrEnum):
    DATA = "data"
    PERFORMANCE = "performance"
    FAIRNESS = "fairness"
    DRIFT = "drift"
    DEPLOYMENT = "deployment"
    SECURITY = "security"


@dataclass(frozen=True)
class About:
    """A category as people meet it."""

    name: str
    prompts: tuple[str, ...]  # to think by
    mitigations: tuple[str, ...]  # to tick; at most ten, which is what a form takes
    words: tuple[str, ...]  # the beginnings of words that speak of it


ABOUT: Mapping[Category, About] = {
    Category.DATA: About(
        "Data availability and quality",
        (
            "Can we get the data at all, in time, and for as long as we need it?",
            "Which fields are missing, late, doubled or wrong, and would we notice?",
            "What do we do on the day a source falls silent?",
        ),
        (
            "Audit the data before anything is built on it",
            "Secure each source in writing, with a contact",
            "Give data engineering its share of the sprint",
            "Validate every load: schema, ranges, freshness",
            "Agree on a fallback for when data falls short",
        ),
        (
            "data", "dataset", "label", "missing", "null", "schema", "source", "feed", "column",
            "duplicat", "annotat", "ingest", "pipeline", "quality", "freshness", "warehouse",
            "sample", "export", "access", "consent",
        ),
    ),
    Category.PERFORMANCE: About(
        "Model performance",
        (
            "What does a simple baseline reach, and by how much do we beat it?",
            "Which metric does the business feel, and is it the one we train for?",
            "Where would a wrong answer hurt most, and does a person look at it?",
        ),
        (
            "Build a simple baseline first",
            "Work in short experiments with a question each",
            "Agree on benchmarks, and on what is good enough",
            "Tell stakeholders early what it can't do",
            "Keep a person in the loop where it matters",
        ),
        (
            "accura", "precision", "recall", "f1", "auc", "overfit", "underfit", "baseline",
            "metric", "benchmark", "hallucinat", "error rate", "rmse", "mae", "evaluat",
            "performance", "forecast",
        ),
    ),
    Category.FAIRNESS: About(
        "Bias and fairness",
        (
            "Whom does it serve worse than others, and have we measured that?",
            "Whose view is missing in the data, and in this team?",
            "Could we explain a decision to the person it concerns?",
        ),
        (
            "Put fairness metrics into the evaluation",
            "Audit data and output for groups served worse",
            "Hear several domain experts",
            "Write down the ethical choices, and why",
            "Tell people what the model does and on what grounds",
        ),
        (
            "bias", "fair", "discriminat", "gender", "ethnic", "minorit", "ethic", "explain",
            "transparen", "disparat", "age group", "underrepresent", "protected",
        ),
    ),
    Category.DRIFT: About(
        "Model drift",
        (
            "What changes out there that the training data never saw?",
            "How long would it take us to notice that it has become worse?",
            "Who retrains it, with what, and how does that go live?",
        ),
        (
            "Watch inputs and outputs continuously",
            "Alert when it becomes worse, and name who looks",
            "Agree on a plan to retrain and to roll out",
            "Keep versions of data and model side by side",
        ),
        (
            "drift", "degrad", "stale", "retrain", "monitor", "shift", "seasonal", "decay",
            "outdated", "alert", "psi", "population stability",
        ),
    ),
    Category.DEPLOYMENT: About(
        "Scalability and deployment",
        (
            "Does it answer fast enough at ten times today's load?",
            "What happens to users while it is down, and who gets it back?",
            "What does it cost to run, and who pays when it grows?",
        ),
        (
            "Have ML engineers on it from the first day",
            "Prototype the architecture before the model is done",
            "Test with the load that is to be expected",
            "Look at what the cloud offers ready-made",
            "Rehearse the rollback",
        ),
        (
            "latenc", "deploy", "scal", "load", "throughput", "timeout", "time out", "memory",
            "gpu", "cost", "outage", "downtime", "rollback", "kubernetes", "infra", "release",
            "capacity", "slow", "server", "staging",
        ),
    ),
    Category.SECURITY: About(
        "Security and privacy",
        (
            "Which personal data goes in, and do we need all of it?",
            "Who can read the data and the model, and would we see it?",
            "What could somebody make it say or give away?",
        ),
        (
            "Anonymise or pseudonymise personal data",
            "Check it against GDPR and CCPA",
            "Have its security assessed",
            "Limit and log who reads data and models",
        ),
        (
            "privac", "gdpr", "ccpa", "personal", "pii", "leak", "secret", "credential", "breach",
            "attack", "secur", "encrypt", "anonym", "inject", "permission", "legal", "delet",
        ),
    ),
}  # fmt: skip
MITIGATIONS_OFFERED = 10


def propose(text: str) -> Category | None:
    """The category that most words of a text speak of; None where none does.

    It is a proposal: nothing is filed before somebody has looked at it.
    """
    said = text.casefold()
    found = {
        category: sum(len(re.findall(rf"\b{re.escape(word)}", said)) for word in about.words)
        for category, about in ABOUT.items()
    }
    best = max(found, key=lambda one: found[one])
    return best if found[best] else None


def own_key(category_id: int) -> str:
    """The key of a team's own category."""
    return f"{OWN}{category_id}"
