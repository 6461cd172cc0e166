"""The six categories, and which one words speak of."""

import pytest

from bot.rituals.risk.categories import ABOUT, MITIGATIONS_OFFERED, Category, propose


def test_each_has_what_a_form_needs() -> None:
    """A name, something to think by, and no more to tick than Slack takes, each of it once."""
    assert list(ABOUT) == list(Category)
    for about in ABOUT.values():
        assert about.name
        assert len(about.prompts) >= 3
        assert 4 <= len(about.mitigations) <= MITIGATIONS_OFFERED
        assert len(set(about.mitigations)) == len(about.mitigations)
        assert all(len(one) <= 75 for one in about.mitigations)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("The GDPR export: no read access to the consent flags", Category.DATA),
        ("Labels are missing for a third of the dataset", Category.DATA),
        ("Recall fell below the baseline", Category.PERFORMANCE),
        ("It discriminates by gender, which is a bias in the sample", Category.FAIRNESS),
        ("Feature drift: the scores are stale, we must retrain", Category.DRIFT),
        ("p95 latency doubles under load", Category.DEPLOYMENT),
        ("Personal data could leak: PII in the prompts", Category.SECURITY),
    ],
)
def test_its_words_tell(text: str, category: Category) -> None:
    """What most words speak of is proposed."""
    assert propose(text) is category


def test_no_words_no_guess() -> None:
    """Where nothing speaks of a category, none is proposed; nor by the middle of a word."""
    assert propose("") is None
    assert propose("Alex is on holiday 🏖") is None
    assert propose("An overload of meetings") is None
