"""What a run's scales and moods come to, all answers together."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.core.text import clamp, one_line
from bot.rituals.standup.questions import SCALE, Mood, Question, QuestionKind
from bot.rituals.standup.values import spoken_mood
from bot.rituals.standup.views.lines import Line

_SHORT = 40


def measured(lines: Sequence[Line]) -> Iterator[str]:
    """A few words for each scale and mood that anybody answered: confidence 3.8 of 5."""
    said: dict[str, tuple[Question, list[str]]] = {}
    for line in lines:
        for question, text in line.said:
            said.setdefault(question.key, (question, []))[1].append(text)
    for question, texts in said.values():
        if question.kind is QuestionKind.SCALE:
            yield from _average(question, texts)
        elif question.kind is QuestionKind.MOOD:
            yield from _counts(texts)


def _average(question: Question, texts: Sequence[str]) -> Iterator[str]:
    numbers = [int(text) for text in texts if text in SCALE]
    if numbers:
        yield f"{_head(question)} {sum(numbers) / len(numbers):.1f} of {SCALE[-1]}"


def _head(question: Question) -> str:
    """Its short name in mid-sentence, but as it is where it isn't an ordinary word: GPU load."""
    short = clamp(one_line(question.short), _SHORT)
    return short.lower() if short[1:].islower() else short


def _counts(texts: Sequence[str]) -> Iterator[str]:
    found = Counter(texts)
    faces = [f"{_face(mood)} {found[mood]}" for mood in Mood if found[mood]]
    if faces:
        yield " ".join(faces)


def _face(mood: Mood) -> str:
    return spoken_mood(mood).split()[0]
