"""Answering in the DM: one question after the other, what is half-said, and how it ends."""

import json
from collections.abc import Mapping
from datetime import time, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from bot.asking import rounds
from bot.core.content import Message
from bot.core.states import Excuse, PromptState, RitualState, RunState
from bot.db.tables import Answer, Prompt, Run
from bot.rituals.standup import answers, dialogue, sheets
from bot.rituals.standup.dialogue import Said
from bot.rituals.standup.dialogue_replies import VIEW, Kind, Reply, forget_old
from bot.rituals.standup.drafts import Draft
from bot.rituals.standup.model import Reveal
from bot.rituals.standup.questions import AI_ML, Question, QuestionKind
from bot.rituals.standup.sheets import Sheet
from bot.sandbox.blocks import check_message
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, World, day, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN, LA = "Europe/Berlin", "America/Los_Angeles"
CLASSIC = tuple(one for one in AI_ML if one.key != "confidence")
_stamps = count(1)


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin: Ber and Bo were asked three questions half an hour ago."""
    return started(begin, CLASSIC)


def started(begin: Begin, questions: tuple[Question, ...], **config: Any) -> World:
    world = begin("2026-03-28T12:00")
    world.person("UBER", BERLIN)
    world.person("UBO", BERLIN)
    world.set_up(["UBER", "UBO"])
    configure(world, questions=[one.model_dump(mode="json") for one in questions], **config)
    world.until(utc("2026-03-30T08:00"))
    return world


def configure(world: World, channel: str = CHANNEL, **config: Any) -> None:
    """Change what a stand-up asks, in the runs that are planned too."""
    ritual = world.ritual(channel)
    ritual.config = {**ritual.config, **config}
    for run in world.session.scalars(select(Run).where(Run.ritual_id == ritual.id)):
        run.config = ritual.config
    world.session.flush()


def say(world: World, text: str, who: str = "UBER") -> str:
    """A person writes to the bot; all that it answers to that."""
    said = Said(f"1774857600.{next(_stamps):06}", text)
    before = len(replies(world, who))
    dialogue.hear(world.session, world.at, world.workspace_id, who, said)
    world.session.flush()
    world.send()
    told = replies(world, who)[before:]
    assert len(told) <= 1
    return words(told[0]) if told else ""


def replies(world: World, who: str = "UBER") -> list[Message]:
    found = [one.content for one in world.sent if one.view == VIEW and one.target == who]
    return [one for one in found if isinstance(one, Message)]


def words(message: Message) -> str:
    """All that a reply says, checked against Slack's limits."""
    check_message(json.loads(json.dumps(message.blocks)))
    return "".join(texts(message.blocks))


def texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        own = [f"{value['text']}\n"] if isinstance(value.get("text"), str) else []
        return own + [text for each in value.values() for text in texts(each)]
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in texts(each)]
    return []


def stored(world: World, who: str = "UBER", on: Any = MONDAY) -> dict[str, str]:
    prompt = world.prompts(on)[who]
    query = select(Answer.question, Answer.text).where(Answer.prompt_id == prompt.id)
    return dict(world.session.execute(query).all())


def draft(world: World, who: str = "UBER", on: Any = MONDAY) -> Draft | None:
    return Draft.of(world.prompts(on)[who])


# --- one question at a time


def test_each_message_answers_the_next_question_and_the_last_one_saves(world: World) -> None:
    """As if it had been said in the form."""
    told = say(world, "The logs hold duplicates.")
    assert "Noted. 2 of 3" in told
    assert "What do you try next?" in told
    assert f"Stand-up · <#{CHANNEL}> · Mon 30 March" in told
    assert stored(world) == {}
    told = say(world, "Deduplicate them")
    assert "3 of 3" in told
    assert CHANNEL not in told  # said once
    assert world.states(MONDAY)["UBER"] is PromptState.ASKED
    told = say(world, "No quota")
    assert f"*Saved ✓* · shown in <#{CHANNEL}>" in told
    assert stored(world) == {
        "learned": "The logs hold duplicates.",
        "next": "Deduplicate them",
        "blockers": "No quota",
    }
    prompt = world.prompts(MONDAY)["UBER"]
    assert (prompt.state, prompt.answered_at) == (PromptState.ANSWERED, world.at)
    assert draft(world) is None
    assert "The logs hold duplicates." in str(world.drawn(world.mirrors("standup.run")[0]))
    assert "Edit" in world.card("UBER", MONDAY)


def test_a_saved_one_can_be_edited_by_its_button(world: World) -> None:
    """The same button as on the card; and it says that editing messages changes nothing."""
    for text in ("One", "Two", "none"):
        say(world, text)
    (button,) = [
        block["accessory"] for block in replies(world)[-1].blocks if block.get("accessory")
    ]
    assert button["action_id"] == "standup.answer"
    assert button["value"] == str(world.prompts(MONDAY)["UBER"].id)
    assert "Editing your messages here does not." in words(replies(world)[-1])


@pytest.mark.parametrize("word", ["skip", "Skip", " SKIP ", "-"])
def test_skip_leaves_an_optional_question_out(world: World, word: str) -> None:
    """It is not stored at all."""
    say(world, "One")
    assert "Left out. 3 of 3" in say(world, word)
    say(world, word)
    assert stored(world) == {"learned": "One"}


def test_a_needed_question_is_not_skipped(world: World) -> None:
    """It is asked again, with the reason; the hint offers to cancel alone."""
    told = say(world, "skip")
    assert "this one is needed.\n1 of 3" in told
    assert "`skip`" not in told
    assert "`cancel` stops, nothing is saved" in told
    assert "2 of 3" in say(world, "One")


def test_cancel_leaves_it(world: World) -> None:
    """Nothing is saved, the card stays, and the next message begins anew."""
    say(world, "One")
    told = say(world, "Cancel")
    assert told == "Left. Nothing of this was saved; your card is still there.\n"
    assert draft(world) is None
    assert stored(world) == {}
    assert "Answer" in world.card("UBER", MONDAY)
    assert "2 of 3" in say(world, "Anew")
    assert draft(world).said == {"learned": "Anew"}  # type: ignore[union-attr]


def test_cancel_without_a_conversation_is_no_answer(world: World) -> None:
    """It says so, and takes nothing."""
    assert "nothing to cancel" in say(world, "cancel")
    assert draft(world) is None


def test_what_is_too_long_is_refused_and_nothing_is_cut(world: World) -> None:
    """40,000 characters: the question again with the length allowed, and the draft as it was."""
    say(world, "One")
    before = draft(world)
    told = say(world, "x" * 40_000)
    assert "3,000 characters" in told
    assert "2 of 3" in told
    after = draft(world)
    assert before is not None
    assert after is not None
    assert (after.said, after.at) == (before.said, before.at)
    assert "3 of 3" in say(world, "x" * 3_000)


def test_a_file_without_words_is_not_taken(world: World) -> None:
    """Only words are kept."""
    told = say(world, "")
    assert "Only words are kept here, no files.\n1 of 3" in told
    assert draft(world).said == {}  # type: ignore[union-attr]


def test_slack_s_markup_is_kept_as_people_read_it(world: World) -> None:
    """Entities, mentions and links become plain text, and are inert wherever they are shown."""
    say(world, "ask <@UBO>, see <https://a.example|a.example> &amp; &lt;!channel&gt; <!here>")
    assert draft(world).said == {  # type: ignore[union-attr]
        "learned": "ask @ubo, see a.example & <!channel> @here"
    }


# --- kinds of questions


KINDS = (
    Question(key="first", text="First?", short="F", required=True),
    Question(key="scale", kind=QuestionKind.SCALE, text="How sure?", short="S", required=True),
    Question(key="mood", kind=QuestionKind.MOOD, text="How are you?", short="M"),
    Question(
        key="pick", kind=QuestionKind.CHOICE, text="Which?", short="P", options=("Alpha", "Beta")
    ),
    Question(
        key="picks",
        kind=QuestionKind.CHOICES,
        text="Which ones?",
        short="Q",
        options=("Red", "Green", "Blue"),
    ),
    Question(key="number", kind=QuestionKind.NUMBER, text="How many?", short="N"),
)


def test_each_kind_says_how_to_answer_it(begin: Begin) -> None:
    """Options are numbered, and a number is enough."""
    world = started(begin, KINDS)
    assert "How sure?\n\n1 to 5\n" in say(world, "One")
    assert "1  😄 Great\n2  🙂 Good" in say(world, "4")
    assert "1  Alpha\n2  Beta" in say(world, "2")
    assert "1  Red\n2  Green\n3  Blue" in say(world, "beta")
    assert "A number" in say(world, "1, 3")
    assert "Saved ✓" in say(world, "0,5")
    assert stored(world) == {
        "first": "One",
        "scale": "4",
        "mood": "good",
        "pick": "Beta",
        "picks": "Red\nBlue",
        "number": "0.5",
    }


@pytest.mark.parametrize(
    ("before", "wrong", "sentence"),
    [
        (["One"], "7", "Please give a whole number from 1 to 5.\n2 of 6"),
        (["One"], "skip", "Please choose here: this one is needed.\n2 of 6"),
        (["One", "4"], "purple", "Please choose one of the five moods.\n3 of 6"),
        (["One", "4", "-"], "Gamma", "That is not offered"),
        (["One", "4", "-", "-"], "Red, Gamma", "That is not offered"),
        (["One", "4", "-", "-", "-"], "many", "Please give a number"),
    ],
)
def test_words_that_do_not_fit_are_asked_again(
    begin: Begin, before: list[str], wrong: str, sentence: str
) -> None:
    """With what is wrong, and the draft as it was."""
    world = started(begin, KINDS)
    for text in before:
        say(world, text)
    kept = draft(world)
    assert kept is not None
    assert sentence in say(world, wrong)
    after = draft(world)
    assert after is not None
    assert after.said == kept.said


# --- several, none, answered


def test_with_two_open_it_begins_with_what_closes_first_and_says_so(world: World) -> None:
    """Then it goes on with the other one, which the reply names before the next message counts."""
    world.set_up(["UBER"], channel="C2", at=time(10, 30), open_minutes=60)
    world.ritual("C2").title = "Short one"
    configure(
        world,
        "C2",
        questions=[CLASSIC[0].model_dump(mode="json")] * 1 + [CLASSIC[1].model_dump(mode="json")],
    )
    world.until(utc("2026-03-30T08:45"))
    told = say(world, "First words")
    assert "Short one · <#C2> · Mon 30 March" in told
    assert "One other stand-up is open too. It waits until this one is done." in told
    told = say(world, "skip")
    assert "shown in <#C2>" in told
    assert f"Open too: Stand-up · <#{CHANNEL}> · Mon 30 March" in told
    assert "Your next message answers it: \nWhat did you learn or finish?" in told
    assert "2 of 3" in say(world, "For the other")
    assert draft(world).said == {"learned": "For the other"}  # type: ignore[union-attr]


def test_tomorrow_s_is_not_said_to_come_next(world: World) -> None:
    """At 16:00 it opens too, but once today's is answered a message is no answer to it."""
    world.until(utc("2026-03-30T14:00"))
    assert "open too" not in say(world, "One")
    say(world, "-")
    assert "Your next message" not in say(world, "-")
    assert "You have answered" in say(world, "thanks!")


def test_a_conversation_goes_on_where_it_began(world: World) -> None:
    """Though a stand-up that closes sooner opens meanwhile."""
    say(world, "One")
    world.set_up(["UBER"], channel="C2", at=time(10, 30), open_minutes=60)
    world.until(utc("2026-03-30T08:45"))
    assert "3 of 3" in say(world, "Two")
    assert draft(world).said == {"learned": "One", "next": "Two"}  # type: ignore[union-attr]


def test_what_is_answered_is_not_overwritten(world: World) -> None:
    """A button to edit it, and the words are not taken."""
    world.answer("UBER", MONDAY, "Said")
    told = say(world, "thanks!")
    assert f"You have answered: Stand-up · <#{CHANNEL}> · Mon 30 March ✓" in told
    assert "This message was not added to it. Edit changes what you said." in told
    assert stored(world) == {"learned": "Said"}


def test_with_nothing_open_it_says_when_the_next_one_is(begin: Begin) -> None:
    """One reply to each message."""
    world = begin("2026-03-26T12:00")
    world.person("UBER", BERLIN)
    world.person("UNON", BERLIN)
    world.set_up(["UBER"])
    world.until(utc("2026-03-28T08:00"))
    for _ in range(2):
        assert say(world, "hello") == (
            "Nothing is open for you now. You are asked next on Mon 30 March, 09:30. "
            "You may answer from Sun 29 March, 16:00 on.\n"
        )
    assert "You are on no stand-up yet." in say(world, "hello", "UNON")
    assert "You are on no stand-up yet." in say(world, "hello", "UNOBODY")


def test_while_another_kind_of_ritual_asks_it_says_where_to_answer(world: World) -> None:
    """Whether they are on a stand-up or not: that takes no words by message, and keeps none."""
    other = world.ritual()
    other.kind, other.title = "retro", "Sprint retro"
    told = say(world, "We test too late")
    assert told.startswith("This was not kept")
    assert "“Sprint retro” is: press its button on your card." in told
    world.run(MONDAY).state = RunState.CLOSED
    assert "You are on no stand-up yet." in say(world, "We test too late")


def test_the_evening_before_counts_too(begin: Begin) -> None:
    """Nobody is asked any more for what was said on Sunday."""
    world = begin("2026-03-28T12:00")
    world.person("UBER", BERLIN)
    world.set_up(["UBER"])
    configure(world, questions=[one.model_dump(mode="json") for one in CLASSIC])
    world.until(utc("2026-03-29T14:00"))
    assert "Mon 30 March" in say(world, "Said on Sunday")
    assert "you are asked on Mon 30 March, 09:30." in say(world, "cancel")
    for text in ("Said on Sunday", "-", "-"):
        say(world, text)
    world.until(utc("2026-03-30T12:00"))
    assert world.asked == []


def test_thanks_after_today_s_is_no_answer_to_tomorrow_s(begin: Begin) -> None:
    """It says that today's is answered, and begins nothing."""
    world = begin("2026-03-28T12:00")
    world.person("UBER", BERLIN)
    world.set_up(["UBER"])
    world.until(utc("2026-03-30T07:30"))
    world.answer("UBER", MONDAY)
    world.until(utc("2026-03-30T14:30"))
    assert "answered" in say(world, "Thanks!")
    assert all(one.draft is None for one in world.prompts(TUESDAY).values())


def test_who_left_or_is_a_bot_gets_no_reply(world: World) -> None:
    """An event that was delivered late, or another app's."""
    world.slack("UBER").deleted = True
    assert say(world, "One") == ""
    world.person("UBOT", BERLIN, bot=True)
    assert say(world, "One", "UBOT") == ""
    assert replies(world) == []


# --- ends that are no word of theirs


def test_the_form_is_filled_with_what_is_half_said_and_saving_it_ends_the_talk(
    world: World,
) -> None:
    """The last question then says what became of it, in place."""
    say(world, "One")
    prompt = world.prompts(MONDAY)["UBER"]
    args = (world.session, world.at, world.workspace_id, "UBER")
    sheet = sheets.sheet(*args, prompt.id)
    assert isinstance(sheet, Sheet)
    assert sheet.said == {"learned": "One"}
    answers.submit(*args, prompt.id, {"learned": "One and a half"})
    world.send()
    assert draft(world) is None
    (asked,) = world.mirrors(VIEW)
    drawn = world.drawn(asked)
    assert isinstance(drawn, Message)
    assert "Saved ✓" in words(drawn)
    assert "You have answered" in say(world, "Two")


def test_what_was_half_said_in_time_counts_when_the_run_closes(world: World) -> None:
    """As of the moment it was said, so not as late; the last question says so, silently."""
    said_at = world.at
    say(world, "One")
    notified = len(world.notified("UBER"))
    world.until(world.run(MONDAY).closes_at - timedelta(minutes=1))
    assert stored(world) == {}
    world.until(world.run(MONDAY).closes_at)
    prompt = world.prompts(MONDAY)["UBER"]
    assert (prompt.state, prompt.answered_at) == (PromptState.ANSWERED, said_at)
    assert stored(world) == {"learned": "One"}
    assert draft(world) is None
    drawn = world.drawn(world.mirrors(VIEW)[0])
    assert isinstance(drawn, Message)
    assert words(drawn) == f"*Saved ✓* · shown in <#{CHANNEL}>\n"
    assert "1 of 2 answered" in str(world.drawn(world.mirrors("standup.run")[0]))
    reminders = [one for one in world.notified("UBER")[notified:] if one.view == VIEW]
    assert reminders == []


def test_what_lacks_a_needed_answer_at_the_close_is_not_saved_and_says_so(begin: Begin) -> None:
    """In place of the last question; the words themselves stand in the DM."""
    world = started(begin, KINDS)
    say(world, "One")
    world.until(world.run(MONDAY).closes_at)
    assert world.states(MONDAY)["UBER"] is PromptState.MISSED
    assert stored(world) == {}
    assert draft(world) is None
    (asked,) = world.mirrors(VIEW)
    assert asked.shown == asked.wanted
    drawn = world.drawn(asked)
    assert isinstance(drawn, Message)
    assert words(drawn) == (
        "The stand-up of Mon 30 March closed before this was complete, so it was not saved. "
        "Your words stand above.\n"
    )


def test_what_was_half_said_by_whom_then_skipped_that_day_is_not_saved(world: World) -> None:
    """Their wish came after their words."""
    say(world, "One")
    prompt = world.prompts(MONDAY)["UBER"]
    prompt.state, prompt.excuse = PromptState.SKIPPED, Excuse.OWN_WISH
    world.session.flush()
    world.until(world.run(MONDAY).closes_at)
    assert stored(world) == {}
    assert draft(world) is None
    assert world.states(MONDAY)["UBER"] is PromptState.SKIPPED


def test_what_somebody_said_who_left_is_not_saved(world: World) -> None:
    """They are on it no more."""
    say(world, "One")
    rounds.leave(world.session, world.at, world.slack("UBER"))
    world.until(world.run(MONDAY).closes_at)
    assert stored(world) == {}


def test_a_stand_up_that_is_paused_takes_the_words_of_whom_it_asked(world: World) -> None:
    """As the form does: what was begun may be ended."""
    say(world, "One")
    world.ritual().state = RitualState.PAUSED
    assert "3 of 3" in say(world, "Two")


def test_a_stand_up_that_was_deleted_takes_no_words(world: World) -> None:
    """They are told as if it had never been there; what they wrote stands in the DM."""
    say(world, "One")
    world.ritual().state = RitualState.DELETED
    assert "You are on no stand-up yet." in say(world, "Two")
    assert stored(world) == {}


def test_answers_that_show_at_the_close_are_said_to(begin: Begin) -> None:
    """The channel sees them later."""
    world = started(begin, CLASSIC[:1], reveal=str(Reveal.AT_CLOSE))
    assert f"shown in <#{CHANNEL}> when it closes" in say(world, "One")


def test_questions_that_changed_meanwhile(world: World) -> None:
    """What is no longer asked is let go, and what is new is asked."""
    say(world, "One")
    fewer = [CLASSIC[0].model_dump(mode="json")]
    configure(world, questions=fewer)
    assert "Saved ✓" in say(world, "Two")
    assert stored(world) == {"learned": "One"}


# --- replies


def test_a_reply_that_the_talk_has_overtaken_is_not_sent(world: World) -> None:
    """Two messages before the first reply went out: one reply, to what is open now."""
    world.online = False
    say(world, "One")
    say(world, "Two")
    world.online = True
    world.send()
    (reply,) = replies(world)
    assert "3 of 3" in words(reply)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(Kind.ASKS, 12, "1774857600.000100", "learned", "NOTED", 2),
        Reply(Kind.KEPT, 12, "1774857600.000100", more=13),
        Reply(Kind.IDLE, 0, "1774857600.000100"),
    ],
)
def test_a_reply_is_known_by_its_mirror_s_subject(reply: Reply) -> None:
    """All that it says comes of it."""
    assert Reply.parse(reply.subject) == reply


def test_replies_are_forgotten_after_a_while(world: World) -> None:
    """What stands in the DM stays there; a conversation is over long before."""
    say(world, "One")
    world.machine.advance(timedelta(days=29).total_seconds())
    forget_old(world.session, world.at)
    assert len(world.mirrors(VIEW)) == 1
    world.machine.advance(timedelta(days=2).total_seconds())
    forget_old(world.session, world.at)
    assert world.mirrors(VIEW) == []


def test_a_reply_is_about_nothing_that_was_deleted(world: World) -> None:
    """Its prompt is gone before it could be sent."""
    world.online = False
    say(world, "One")
    for prompt in world.session.scalars(select(Prompt)).all():
        world.session.delete(prompt)
    world.online = True
    world.send()
    assert replies(world) == []


def test_hostile_words_in_a_stand_up_s_name_and_questions_are_inert(begin: Begin) -> None:
    """They stand in rich text, or escaped."""
    hostile = Question(key="h", text="<!channel> *now*", short="H")
    world = started(begin, (CLASSIC[0], hostile))
    world.ritual().title = "<!channel> & `x`"
    told = say(world, "One")
    assert "&lt;!channel&gt; &amp; `x` · " in told
    rich = [block for block in replies(world)[-1].blocks if block["type"] == "rich_text"]
    assert "<!channel> *now*" in str(rich)
    assert "<!channel>" not in replies(world)[-1].text
