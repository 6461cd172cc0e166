"""The error tree: what the person reads, and whether trying again helps."""

import pytest

from bot.core.errors import MeridianError, Refused, Transient


class OutOfCoffee(Transient):
    """The machine is
    empty. Please try again later.

    What follows is for whoever reads the code.
    """


class WordlessError(MeridianError):
    pass


def test_the_docstring_is_the_message() -> None:
    """Its first paragraph, on one line."""
    assert OutOfCoffee().message == "The machine is empty. Please try again later."


def test_a_sentence_of_its_own_wins() -> None:
    """A refusal says what exactly was refused."""
    error = Refused("Only the ritual's owner can close it.")
    assert error.message == str(error) == "Only the ritual's owner can close it."
    assert error.noted == "Meridian can't do that."  # for it may quote whom it answers


def test_without_docstrings_there_is_still_a_message() -> None:
    """`python -OO` strips them; nobody should read an empty bubble."""
    assert WordlessError().message == "Something went wrong on Meridian's side."


@pytest.mark.parametrize(
    ("error", "transient"),
    [(MeridianError, False), (Refused, False), (Transient, True), (OutOfCoffee, True)],
)
def test_whether_trying_again_helps(error: type[MeridianError], transient: bool) -> None:
    """Only a transient failure is worth Slack's redelivery, and it is inherited."""
    assert error.transient is transient
    assert error().transient is transient


def test_the_log_has_the_cause() -> None:
    """The person reads the sentence, the log what lies behind it."""
    with pytest.raises(MeridianError) as caught:
        raise Transient from KeyError("row 7")
    assert "row 7" not in caught.value.message
    assert isinstance(caught.value.__cause__, KeyError)
