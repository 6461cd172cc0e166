"""The run's message as drawn: readable, within Slack's limits, and nothing in it is markup."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content import Message
from bot.core.text import clean
from bot.rituals.standup.questions import AI_ML, Part, Question, QuestionKind
from bot.rituals.standup.views import channel
from bot.rituals.standup.views.blocked import BlockerShown
from bot.rituals.standup.views.channel import RunShown
from bot.rituals.standup.views.lines import Line
from bot.rituals.standup.views.names import Named, People
from bot.rituals.standup.views.read_all import AllAnswers, read_all_modal
from bot.rituals.standup.views.reply import ReplyShown, reply_message
from bot.rituals.standup.views.whole import Said, Told
from tests.asking.world import utc
from tests.rituals.standup.drawn import (
    ARABIC,
    FAMILY,
    HOSTILE,
    LONG,
    bold,
    checked,
    checked_modal,
    leaves,
    objects,
    words,
)

MONDAY = date(2026, 3, 30)
LEARNED, NEXT = AI_ML[0], AI_ML[1]
CONFIDENCE = Question(
    key="sure", kind=QuestionKind.SCALE, text="How confident?", short="Confidence"
)
MOOD = Question(key="mood", kind=QuestionKind.MOOD, text="How are you?", short="Mood")
HOURS = Question(key="hours", kind=QuestionKind.NUMBER, text="Hours?", short="GPU hours")
PLACE = Question(
    key="place", kind=QuestionKind.CHOICE, text="Where?", short="Place", options=("Home", "Office")
)


def line(name: str = "Ana", *said: tuple[Question, str], late: bool = False) -> Line:
    return Line(name, said or ((LEARNED, "F1 is 0.81"),), late)


def long_line(name: str) -> Line:
    """Everything that can be said, as long as it can be."""
    said = tuple((one, LONG) for one in AI_ML[:2])
    return Line(name, (*said, (HOURS, "12"), (PLACE, "Office")), late=True, done=LONG, carried=LONG)


def named(*names: str) -> tuple[Named, ...]:
    return tuple(map(Named, names))


def run(
    *lines: Line,
    closed: bool = False,
    people: People | None = None,
    blockers: tuple[BlockerShown, ...] = (),
    hidden: bool = False,
    replies: bool = False,
) -> RunShown:
    return RunShown(
        run_id=7,
        title="Stand-up",
        date=MONDAY,
        closed=closed,
        closes_at=utc("2026-03-30T15:30"),
        lines=lines,
        people=people or People(),
        blockers=blockers,
        hidden=hidden,
        replies=replies,
    )


def made(value: RunShown) -> str:
    """The message's blocks as JSON, within Slack's limits."""
    return checked(channel.run_message(value))


def read(value: RunShown) -> str:
    """What a person reads."""
    return words(shown(value).blocks)


def shown(value: RunShown) -> Message:
    message = channel.run_message(value)
    assert message is not None
    return message


def blocker(
    text: str = "GPU quota", days: int = 0, unblocker: str | None = None, *, resolved: bool = False
) -> BlockerShown:
    return BlockerShown("Bo", text, MONDAY - timedelta(days=days), unblocker, resolved)


# --- what it says


def test_it_reads_from_top_to_bottom() -> None:
    """Count and end, blockers, a line for each answer, then who did not answer, then *Read all*."""
    people = People(
        late=named("Cy"), waiting=named("Di", "Ed"), away=(Named("Fa", "Holi in India"),)
    )
    value = run(
        line("Ana", (LEARNED, "F1 is 0.81\nThe split was leaking."), (NEXT, "Retrain")),
        line("Bo", (LEARNED, "Little"), late=True),
        people=people,
        blockers=(blocker(days=3, unblocker="Sam"),),
    )
    made(value)
    assert read(value).splitlines() == [
        "Stand-up · Mon 30 March",
        "2 of 5 answered · open until "
        "<!date^1774884600^{time} ({date_short_pretty})|15:30 UTC, 30 Mar>",
        ":construction: *Blocked*",
        "Bo (since Fri, 3 days): GPU quota — can unblock: Sam",
        "*Answers*",
        "Ana: F1 is 0.81 The split was leaking. → Retrain",
        "Bo (late): Little",
        "Late: *Cy*",
        "Still waiting for: *Di*, *Ed*",
        "Away: *Fa* (Holi in India)",
        "Read all",
    ]
    assert bold(shown(value).blocks) == ["Bo", "Sam", "Ana", "Bo"]


def test_what_a_closed_run_says() -> None:
    """No end any more; who said nothing is missing; who skipped is not."""
    people = People(missing=named("Cy"), skipped=named("Di"))
    text = read(run(line(), closed=True, people=people))
    assert "1 of 2 answered · closed" in text
    assert "Did not answer: *Cy*\nSkipped: *Di*" in text
    assert "<!date" not in text
    assert "1 of 1 answered · closed" in read(run(line(), closed=True))


def test_nothing_to_read_is_no_message() -> None:
    """Before the first answer, and where nobody was to answer, there is none."""
    assert channel.run_message(run(people=People(waiting=named("Ana")))) is None
    everybody = People(away=named("Ana"), skipped=named("Bo"))
    assert channel.run_message(run(closed=True, people=everybody)) is None


def test_a_day_that_nobody_answered_is_one_calm_line() -> None:
    """No names, no buttons: only that it was so."""
    message = shown(run(closed=True, people=People(missing=named("Ana"), away=named("Bo"))))
    assert words(message.blocks) == message.text == "Stand-up · Mon 30 March: nobody answered"
    assert len(message.blocks) == 1


def test_until_its_close_it_may_hide_the_answers() -> None:
    """Count, blockers and names are there; no word of an answer, no average, no *Read all*."""
    value = run(
        line("Ana", (LEARNED, "F1"), (CONFIDENCE, "4"), late=True),
        people=People(waiting=named("Cy")),
        blockers=(blocker(),),
        hidden=True,
    )
    made(value)
    text = read(value)
    assert "1 of 2 answered" in text
    assert "answers are shown at its close" in text
    assert "GPU quota" in text
    assert "Answered: *Ana* (late)" in text
    assert "Still waiting for: *Cy*" in text
    for hidden in ("F1", "confidence", "Read all"):
        assert hidden not in text


def test_where_answers_are_replies_it_names_who_answered() -> None:
    """What they said stands below; what it comes to stands here."""
    value = run(line("Ana", (LEARNED, "F1"), (CONFIDENCE, "4")), replies=True)
    made(value)
    text = read(value)
    assert "confidence 4.0 of 5" in text
    assert "Answered: *Ana*" in text
    assert "F1" not in text
    assert "Read all" not in text


# --- one line each


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        ([(LEARNED, "Leak found"), (NEXT, "Retrain")], "Leak found → Retrain"),
        ([(LEARNED, "Leak found.")], "Leak found."),
        ([(NEXT, "Retrain")], "→ Retrain"),
        ([(LEARNED, "Leak"), (HOURS, "12"), (PLACE, "Home")], "Leak · GPU hours 12 · Home"),
        ([(CONFIDENCE, "4"), (MOOD, "good")], "4/5 · 🙂"),
        ([(LEARNED, "Leak found."), (NEXT, "Retrain …")], "Leak found. → Retrain …"),
        ([(LEARNED, "And then..."), (CONFIDENCE, "1")], "And then... · 1/5"),
    ],
)
def test_the_essence_of_an_answer(said: list[tuple[Question, str]], reads: str) -> None:
    """What came of the work, an arrow to the plan, and what is said by a number or a choice."""
    assert f"\nAna: {reads}\n" in read(run(line("Ana", *said)))


def test_without_a_question_for_what_was_done_the_first_text_counts() -> None:
    """One's own questions may have no parts; of several texts the first one answered is shown."""
    own = [Question(key=key, text=key, short=key) for key in ("one", "two")]
    assert "Ana: First\n" in read(run(line("Ana", (own[0], "First"), (own[1], "Second"))))
    assert "Ana: Second\n" in read(run(line("Ana", (own[1], "Second"))))


def test_what_became_of_yesterday_s_plan_comes_first() -> None:
    """Done, or carried over."""
    value = run(Line("Ana", ((LEARNED, "Leak"), (NEXT, "Go on")), done="Retrain", carried="Label"))
    assert "Ana: Done: Retrain · Carried over: Label · Leak → Go on" in read(value)


def test_what_is_said_twice_is_shown_once() -> None:
    """*Same as planned* answers with the plan itself; a plan carried over is the new one too."""
    same = Line("Ana", ((LEARNED, "Retrain"), (NEXT, "Label")), done="Retrain")
    assert "Ana: Retrain → Label\n" in read(run(same))
    still = Line("Ana", ((LEARNED, "Leak"), (NEXT, "Retrain")), carried="Retrain")
    assert "Ana: Leak → Retrain (carried over)\n" in read(run(still))


def test_long_answers_are_cut_where_the_room_ends() -> None:
    """About 140 characters of what was done, fewer of the plan."""
    for length, cut in ((139, False), (140, False), (141, True)):
        assert ("…" in read(run(line("Ana", (LEARNED, "x" * length))))) == cut
    text = read(run(line("Ana", (LEARNED, LONG), (NEXT, LONG))))
    (said,) = [one for one in text.splitlines() if one.startswith("Ana")]
    assert len(said) < 260


def test_small_values_yield_to_words() -> None:
    """With many people there is room for what was done alone."""
    said = ((LEARNED, "x" * 100), (NEXT, "y" * 60), (HOURS, "12"))
    few, many = (read(run(*[line("Ana", *said)] * number)) for number in (3, 75))
    assert "GPU hours 12" in few
    assert "GPU hours" not in many
    assert "→ y" in many


def test_scales_and_moods_are_summed_up() -> None:
    """An average to one decimal, and how many have which mood."""
    text = read(
        run(
            line("Ana", (CONFIDENCE, "5"), (MOOD, "good")),
            line("Bo", (CONFIDENCE, "4"), (MOOD, "good")),
            line("Cy", (CONFIDENCE, "3"), (MOOD, "bad")),
            line("Di", (CONFIDENCE, "3")),
        )
    )
    assert "· confidence 3.8 of 5 ·" in text
    assert text.splitlines()[1].endswith("🙂 2 😞 1")


def test_a_scale_keeps_a_name_that_is_no_ordinary_word() -> None:
    """ "GPU" stays "GPU"."""
    gpu = CONFIDENCE.model_copy(update={"short": "GPU trust & <more>"})
    assert "GPU trust &amp; &lt;more&gt; 4.0 of 5" in read(run(line("Ana", (gpu, "4"))))


# --- blockers


@pytest.mark.parametrize(
    ("days", "since"),
    [
        (0, ""),
        (1, " (since Sun, 1 day)"),
        (3, " (since Fri, 3 days)"),
        (6, " (since Tue, 6 days)"),
        (7, " (since 23 March, 7 days)"),
        (400, " (since 23 February, 400 days)"),
    ],
)
def test_a_blocker_s_age(days: int, since: str) -> None:
    """In days of the run's date; nothing for one that is new."""
    assert f"\nBo{since}: GPU quota\n" in read(run(line(), blockers=(blocker(days=days),)))


def test_a_blocker_resolved_today_says_so() -> None:
    """With a tick, and nobody who could unblock it any more."""
    one = blocker(days=2, unblocker="Sam", resolved=True)
    text = read(run(line(), blockers=(one,)))
    assert "\n✓ Bo: GPU quota — resolved\n" in text
    assert "Sam" not in text
    assert ":construction:" not in text
    assert ":construction:" in read(run(line(), blockers=(blocker(), one)))


def test_blockers_come_first() -> None:
    """What somebody else can act on stands above all answers."""
    text = read(run(line("Ana", (LEARNED, "Much")), blockers=(blocker(),)))
    assert text.index("GPU quota") < text.index("Much")


# --- within the limits


@pytest.mark.parametrize("layout", ["lines", "replies", "hidden"])
@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("people", [1, 7, 49, 50, 51, 199, 200, 201])
def test_any_number_of_long_answers_fits_one_message(
    people: int, closed: bool, layout: str
) -> None:
    """Answers of 3,000 characters, 50 blockers, long names: all within Slack's limits."""
    lines = [long_line(f"P{number}. " + "x" * 76) for number in range(people)]
    absent = tuple(Named(f"Absent {number} " + "y" * 70, "z" * 100) for number in range(people))
    value = run(
        *lines,
        closed=closed,
        people=People(late=absent, waiting=absent, skipped=absent, away=absent),
        blockers=tuple(blocker(LONG, number, "S" * 80) for number in range(50)),
        hidden=layout == "hidden",
        replies=layout == "replies",
    )
    made(value)
    text = read(value)
    assert f"{people} of {3 * people} answered" in text
    if layout == "lines" and people <= 200:
        assert all(f"P{number}." in text for number in range(people))


@pytest.mark.parametrize("people", [60, 200])
def test_everybody_has_a_line(people: int) -> None:
    """Nobody is left out while there is room, and each says something."""
    text = read(run(*[line(f"P-{number}.", (LEARNED, "Done")) for number in range(people)]))
    assert all(f"P-{number}.: Done" in text for number in range(people))
    assert "more than one message" not in text


def test_whom_one_message_does_not_hold_is_counted() -> None:
    """Beyond that, how many more there are."""
    value = run(*[long_line(f"P{number}. " + "x" * 76) for number in range(700)])
    made(value)
    text = read(value)
    lines = sum(one.startswith("P") for one in text.splitlines())
    assert f"… and {700 - lines} more than one message holds." in text


@pytest.mark.parametrize("number", [1, 13, 49, 50, 51, 52])
def test_any_number_of_blockers(number: int) -> None:
    """As many as fit, and how many more there are."""
    value = run(line(), blockers=tuple(blocker(LONG, unblocker="S" * 80) for _ in range(number)))
    made(value)
    text = read(value)
    lines = sum(one.startswith("Bo: ää") for one in text.splitlines())
    assert lines >= min(number, 30)
    rest = number - lines
    assert (f"… and {rest} more blocker" in text) == bool(rest)


def test_hostile_names_and_answers_are_inert() -> None:
    """Mentions, links and mrkdwn stand in rich text as they were typed; nowhere else raw."""
    who = (Named(HOSTILE, HOSTILE),)
    value = run(
        Line(HOSTILE, ((LEARNED, HOSTILE), (NEXT, HOSTILE)), done=HOSTILE, carried=HOSTILE),
        people=People(who, who, who, who, who),
        blockers=(BlockerShown(HOSTILE, HOSTILE, MONDAY, HOSTILE),),
    )
    made(value)
    message = shown(value)
    kinds = {part["type"] for part in objects(message.blocks)}
    assert kinds.isdisjoint({"user", "link", "broadcast", "channel", "usergroup"})
    assert any("<!channel>" in text for text in leaves(message.blocks, "text"))
    for mrkdwn in leaves(message.blocks, "mrkdwn"):
        assert "<!channel>" not in mrkdwn
        assert "<@" not in mrkdwn
        assert "<http" not in mrkdwn
        assert "```" not in mrkdwn
    assert "<" not in message.text


@given(st.text(), st.text().map(lambda text: clean(text).strip()).filter(bool))
def test_whatever_people_write_slack_takes_it(name: str, text: str) -> None:
    """Any name, any answer as it is stored: in the message, and in what *Read all* opens."""
    who = (Named(name, text),)
    one = BlockerShown(name, text, MONDAY, name)
    value = run(
        Line(name, ((LEARNED, text), (NEXT, text), (PLACE, text)), done=text, carried=text),
        people=People(who, who, who, who, who),
        blockers=(one,),
    )
    made(value)
    said = Said(name, late=True, told=(Told(text, text),))
    checked_modal(read_all_modal(AllAnswers(7, text, MONDAY, (said,), (one,))))
    checked(reply_message(ReplyShown(said, 7)))


@pytest.mark.parametrize("name", ["A*B", "*", "`x`", "a_b", "~x~", "<b>"])
def test_a_name_can_t_end_its_own_bold(name: str) -> None:
    """Exactly one pair of asterisks about each."""
    text = read(run(line(), people=People(waiting=named(name, "Zoë"))))
    (waiting,) = [one for one in text.splitlines() if one.startswith("Still")]
    assert waiting.count("*") == 4
    assert "`" not in waiting


@pytest.mark.parametrize("name", ["", " \t", "\u202e"])
def test_whoever_has_no_name_to_show_is_somebody(name: str) -> None:
    """Slack refuses a message with an empty text in it."""
    value = run(line(name), people=People(waiting=named(name)), blockers=(blocker("x"),))
    assert made(value).count("Somebody") == 2


@pytest.mark.parametrize("text", [ARABIC * 20, FAMILY * 100, "‏שלום"])
def test_other_scripts_and_emoji(text: str) -> None:
    """Cut between characters; what is written from right to left doesn't turn what follows."""
    value = run(
        line(text, (LEARNED, text), (NEXT, text)),
        blockers=(BlockerShown(text, text, MONDAY - timedelta(days=1), text),),
    )
    message = json.loads(made(value))
    for each in words(message).splitlines():
        assert each.count("\u2068") == each.count("\u2069")
        assert not each.endswith("\u200d…")
    if text != FAMILY * 100:
        (answer,) = [one for one in words(message).splitlines() if " → " in one]
        assert "\u2069 → \u2068" in answer


def test_its_title_leaves_the_date_its_place() -> None:
    """However long it is."""
    value = run(line())
    long = RunShown(**{**vars(value), "title": "T" * 300})
    assert "… · Mon 30 March" in made(long)


def test_part_of_a_question_is_what_the_templates_say() -> None:
    """The line stands on these."""
    assert [one.part for one in AI_ML[:2]] == [Part.DONE, Part.PLAN]
