"""Action items through the whole bot: raised, done, handed on, dropped; and what shows them."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.core.states import ItemState
from bot.db.tables import ActionItem
from bot.sandbox import payloads
from tests.endtoend.office import (
    ARJUN,
    GENERAL,
    INES,
    LENA,
    MEI,
    QUALITY,
    RAFAEL,
    Json,
    Office,
    buttons,
    shown,
)
from tests.endtoend.test_card import told

RETRAIN = "Retrain the baseline"


async def actions(office: Office, user: str, text: str = "", channel: str = GENERAL) -> Json:
    """`/actions …`, as typed in a channel."""
    return await office.post("command", user=user, channel=channel, command="/actions", text=text)


async def fill(office: Office, user: str, **said: Any) -> Json:
    """Submit the form with these values, by input."""
    await office.modal_saying(user, "Who does it?")
    done = await office.post(
        "submit", user=user, values={name: {name: value} for name, value in said.items()}
    )
    await office.rest()
    return done


async def add(office: Office, user: str, what: str = RETRAIN, **said: Any) -> Json:
    """`/actions add`, filled in."""
    await actions(office, user, "add")
    return await fill(office, user, what=what, **said)


async def press(office: Office, user: str, action: str, view: Json, value: str = "") -> Json:
    """Use a button or menu of a message, of the open modal, or of Home."""
    place = {"channel": view["channel"], "ts": view["ts"]} if "ts" in view else {}
    chosen = {"value": value} if value else {}
    done = await office.post("click", user=user, action_id=action, **chosen, **place)
    assert done["acked"]
    await office.rest()
    return done


def labels(message: Json) -> list[str]:
    return [one["text"]["text"] for one in buttons(message)]


async def message_of(office: Office, words: str, channel: str = GENERAL) -> Json:
    """The last message in a channel that says these words."""
    return [one for one in await office.messages(channel) if words in shown(one)][-1]


# --- by the command


async def test_added_listed_and_done(either: Office) -> None:
    """The reply to the command says it, App Home shows it, the list does it."""
    await actions(either, LENA, f"add {RETRAIN}")
    form = await either.modal_saying(LENA, "Who does it?")
    assert form["blocks"][1]["element"]["initial_value"] == RETRAIN
    done = await fill(either, LENA, due="2026-04-03")
    assert done["outcome"] == "closed"
    await told(either, f"Noted: {RETRAIN} → *Lena*, by Fri 3 April")
    await either.post("home", user=LENA)
    await either.rest()
    assert RETRAIN in shown((await either.state())["homes"][LENA])

    await actions(either, LENA)
    listed = await either.modal_saying(LENA, RETRAIN)
    assert labels(listed) == ["Add one", "Done", "Move date", "Reassign"]
    await press(either, LENA, "actions.done", listed)
    await either.modal_saying(LENA, f"✓ Done: {RETRAIN}")
    after = await either.modal_saying(LENA, "You have nothing to do here")
    await press(either, LENA, "actions.scope", after, "closed")
    closed = await either.modal_saying(LENA, "✓ done")
    await press(either, LENA, "actions.reopen", closed)
    await either.modal_saying(LENA, f"Changed: {RETRAIN}")


async def test_moved_reassigned_started_and_dropped_in_the_list(by_http: Office) -> None:
    """Each with a form of its own; the list below follows."""
    await by_http.set_up(LENA, INES, RAFAEL)
    await add(by_http, LENA)
    await actions(by_http, LENA)
    listed = await by_http.modal_saying(LENA, RETRAIN)

    await press(by_http, LENA, "actions.move", listed)
    await by_http.modal_saying(LENA, "By when?")
    await by_http.post("submit", user=LENA, values={"due": {"due": "2026-05-04"}})
    listed = await by_http.modal_saying(LENA, "by Mon 4 May")

    await press(by_http, LENA, "actions.more", listed, "start 1")
    listed = await by_http.modal_saying(LENA, "in progress")

    await press(by_http, LENA, "actions.reassign", listed)
    await by_http.modal_saying(LENA, "Who does it?")
    await by_http.post("submit", user=LENA, values={"owner": {"owner": RAFAEL}})
    listed = await by_http.modal_saying(LENA, "→ *Rafael*")
    await press(by_http, LENA, "actions.scope", listed, "team")
    listed = await by_http.modal_saying(LENA, "1 action item in <#")

    await press(by_http, LENA, "actions.more", listed, "drop 1")
    await by_http.modal_saying(LENA, "Why?")
    empty = await by_http.post("submit", user=LENA, values={"reason": {"reason": " "}})
    assert empty["errors"] == {"reason": "Say in a few words why."}
    await by_http.post("submit", user=LENA, values={"reason": {"reason": "The model is retired"}})
    await by_http.modal_saying(LENA, f"Dropped: {RETRAIN}")


async def test_changed_in_the_form(by_http: Office) -> None:
    """From the menu beside an item's buttons; what somebody else changed meanwhile stays."""
    await by_http.set_up(LENA, INES)
    await add(by_http, LENA, due="2026-04-03")
    await actions(by_http, LENA)
    listed = await by_http.modal_saying(LENA, RETRAIN)
    await press(by_http, LENA, "actions.more", listed, "edit 1")
    await by_http.modal_saying(LENA, "Change an action item")

    await actions(by_http, INES, "team")
    hers = await by_http.modal_saying(INES, RETRAIN)
    await press(by_http, INES, "actions.move", hers)
    await by_http.modal_saying(INES, "By when?")
    await by_http.post("submit", user=INES, values={"due": {"due": "2026-04-30"}})
    await by_http.rest()

    await fill(by_http, LENA, what="Retrain it on the clean labels")
    told_her = shown(await by_http.modal_saying(LENA, "Changed: Retrain it on the clean labels"))
    assert "by Thu 30 April" in told_her


@pytest.mark.parametrize(
    ("act", "form", "first", "typed"),
    [
        ("edit", "Change an action item", "what", {"details": {"details": "On clean labels"}}),
        ("drop", "Why?", "reason", {"reason": {"reason": "The model is retired"}}),
    ],
)
async def test_a_refused_form_keeps_its_words(
    by_http: Office, act: str, form: str, first: str, typed: Json
) -> None:
    """What was done, or is another's, since somebody began to type: told beside their words."""
    await add(by_http, MEI)
    await actions(by_http, MEI)
    await press(by_http, MEI, "actions.more", await by_http.modal_saying(MEI, RETRAIN), f"{act} 1")
    await by_http.modal_saying(MEI, form)
    nobodys = dict.fromkeys(("owner_id", "raised_by", "team_id", "channel"))
    for changed, said in (
        ({"state": ItemState.DONE}, "It was done meanwhile, so nothing was changed."),
        (nobodys, "Whoever raised it, the people of its team and workspace admins can change it"),
    ):
        statement = update(ActionItem).values(**changed)
        await by_http.bot.database.write(partial(Session.execute, statement=statement))
        answer = await by_http.post("submit", user=MEI, values=typed)
        assert answer["outcome"] == "errors"
        assert list(answer["errors"]) == [first]
        assert answer["errors"][first].startswith(said)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("help", "lists your action items"),
        ("sing", "There is no `/actions sing`."),
        ("<!channel>", "There is no `/actions &lt;!channel&gt;`."),
    ],
)
async def test_what_the_command_can_do(by_http: Office, typed: str, says: str) -> None:
    answer = await actions(by_http, LENA, typed)
    assert answer["response"].startswith(says) or says in answer["response"]


async def test_who_is_mentioned_first_is_to_do_it(by_http: Office) -> None:
    """As people type it; another who is mentioned is a name in the text."""
    typed = f"add <@{RAFAEL}|rafael> ask <@{INES}|ines> about <!here>"
    await actions(by_http, LENA, typed)
    form = await by_http.modal_saying(LENA, "Who does it?")
    what, owner = form["blocks"][1]["element"], form["blocks"][2]["element"]
    assert (what["initial_value"], owner["initial_user"]) == ("ask @Inês about @here", RAFAEL)


async def test_forty_thousand_characters(by_http: Office) -> None:
    """What fits is in the form, to be shortened; a forged submit is refused."""
    await actions(by_http, LENA, "add " + "ä" * 40_000)
    await by_http.modal_saying(LENA, "Who does it?")
    payload = await submission(by_http, LENA, "ö" * 40_000)
    answer = await by_http.send(payload)
    assert answer["errors"] == {"what": "At most 255 characters: put the rest into the details."}
    assert await by_http.rows("action_items") == 0


async def submission(office: Office, user: str, what: str) -> Json:
    """What Slack would send for the form with these words, however long."""
    site = office.world.site
    view = site.views.top(user)
    assert view is not None
    payload: Json = payloads.submission(site, site.world.users[user], view)
    payload["view"]["state"]["values"]["what"]["what"]["value"] = what
    return payload


async def test_two_submits_of_one_form_are_one_item(either: Office) -> None:
    """Delivered twice: once. Sent again with other words: they change it."""
    await actions(either, LENA, f"add {RETRAIN}")
    await either.modal_saying(LENA, "Who does it?")
    first = await submission(either, LENA, RETRAIN)
    again = await submission(either, LENA, "Retrain it soon")
    for payload in (first, first, again):
        await either.send(payload)
    await either.rest()
    assert await either.rows("action_items") == 1
    await actions(either, LENA)
    await either.modal_saying(LENA, "Retrain it soon")


# --- from a message


async def shortcut(office: Office, user: str, message: Json) -> None:
    """*Make an action item*, in a message's menu."""
    await office.post(
        "shortcut",
        user=user,
        callback_id="actions.from_message",
        channel=message["channel"],
        ts=message["ts"],
    )


async def test_from_a_message_its_thread_shows_it(either: Office) -> None:
    """One reply, which follows; anybody in the channel may do it there."""
    words = "Somebody should retrain the baseline &amp; tell <@U01INES>"
    said = await either.post("message", user=ARJUN, channel=GENERAL, text=words)
    await shortcut(either, LENA, said)
    form = await either.modal_saying(LENA, "Who does it?")
    proposed = form["blocks"][1]["element"]["initial_value"]
    assert proposed == "Somebody should retrain the baseline & tell @Inês"
    await fill(either, LENA, what=RETRAIN, owner=RAFAEL, due="2026-04-03")
    reply = await message_of(either, "Action item: ")
    assert reply["thread_ts"] == said["ts"]
    assert labels(reply) == ["Done", "Change …"]
    assert "Rafael" in shown(reply)
    assert "by Fri 3 April" in shown(reply)

    await press(either, MEI, "actions.done", reply)
    replies = [one for one in await either.messages(GENERAL) if RETRAIN in shown(one)]
    assert len(replies) == 1
    assert "✓ done" in shown(replies[0])
    assert labels(replies[0]) == ["Reopen"]


async def test_where_the_bot_is_not(by_http: Office) -> None:
    """The form says so, and what to do; afterwards it says what is noted. Invited, it shows it."""
    said = await by_http.post("message", user=INES, channel=QUALITY, text="Label audit?")
    await shortcut(by_http, INES, said)
    await by_http.modal_saying(INES, "Meridian is not in <#C01DATAQUALITY>")
    done = await fill(by_http, INES)
    assert "Noted: Label audit?" in shown(done["view"])
    assert "/invite @Meridian" in shown(done["view"])
    assert not any("Action item" in shown(one) for one in await by_http.messages(QUALITY))
    bot = by_http.bot.gateway
    await by_http.post("channel", channel=QUALITY, join=[(await bot.identity()).bot_user])
    await by_http.hear()
    assert (await message_of(by_http, "Action item", QUALITY))["thread_ts"] == said["ts"]


async def test_a_message_that_was_deleted_meanwhile(by_http: Office) -> None:
    """The item is noted all the same; nothing is put into the channel."""
    said = await by_http.post("message", user=ARJUN, channel=GENERAL, text="Retrain?")
    await shortcut(by_http, LENA, said)
    await by_http.modal_saying(LENA, "Who does it?")
    await by_http.post("delete", user=ARJUN, channel=GENERAL, ts=said["ts"])
    await fill(by_http, LENA)
    assert await by_http.rows("action_items") == 1
    assert not any("Action item" in shown(one) for one in await by_http.messages(GENERAL))


# --- from a blocker


async def blocked(office: Office) -> Json:
    """Arjun is blocked, and named Lena; the channel's message says so."""
    await office.set_up(ARJUN, LENA, RAFAEL)
    await office.until("30T05:00")
    await office.standup(ARJUN)
    said = {"learned": "Much", "blockers": "GPU quota", "-helper": LENA}
    await office.answer(ARJUN, **said)
    await office.rest()
    return await message_of(office, "GPU quota")


async def test_a_blocker_becomes_an_action_item_and_its_line_follows(either: Office) -> None:
    """From the channel's message; whoever can unblock is proposed, and its message says it too."""
    run = await blocked(either)
    await press(either, RAFAEL, "actions.act_on", run, "1 1")
    form = await either.modal_saying(RAFAEL, "Who does it?")
    assert "From what blocks *Arjun* in <#C01GENERAL>." in shown(form)
    assert form["blocks"][2]["element"]["initial_user"] == LENA
    await fill(either, RAFAEL, due="2026-04-03")
    assert line(await message_of(either, "GPU quota")).endswith(" → Lena, by Fri 3 April")

    await either.until("30T07:31")
    named = next(one for one in await either.messages(LENA) if "GPU quota" in shown(one))
    assert labels(named) == ["Unblocked", "I can't help", "Its action item …"]
    assert "→ " in shown(named)
    await actions(either, LENA)
    await press(either, LENA, "actions.done", await either.modal_saying(LENA, "GPU quota"))
    assert line(await message_of(either, "GPU quota")).endswith("by Fri 3 April ✓ done")


def line(run: Json) -> str:
    """The blocker's line in the channel's message."""
    lists = [
        part for block in run["blocks"] for part in block.get("elements", ()) if "style" in part
    ]
    return "".join(word.get("text", "") for word in lists[0]["elements"][0]["elements"])


async def test_a_blocker_has_one_action_item(by_http: Office) -> None:
    """Two have the form open: the second is told of the first one's, and it opens from then on."""
    run = await blocked(by_http)
    for user in (RAFAEL, LENA):
        await press(by_http, user, "actions.act_on", run, "1 1")
        await by_http.modal_saying(user, "Who does it?")
    await fill(by_http, RAFAEL, what="Ask for quota")
    late = await fill(by_http, LENA, what="Buy a GPU", details="Soon")
    assert "Somebody has made one of this blocker meanwhile" in shown(late["view"])
    assert "Ask for quota" in shown(late["view"])
    fields = [one["element"] for one in late["view"]["blocks"] if one["type"] == "input"]
    assert [one["initial_value"] for one in fields] == ["Buy a GPU"]
    assert (await by_http.post("submit", user=LENA, values={}))["outcome"] == "closed"
    await press(by_http, LENA, "actions.act_on", await message_of(by_http, "GPU quota"), "1 1")
    form = await by_http.modal_saying(LENA, "Change an action item")
    assert form["blocks"][1]["element"]["initial_value"] == "Ask for quota"
    assert await by_http.rows("action_items") == 1


async def test_read_all_has_a_button_beside_each_blocker(by_http: Office) -> None:
    """The form opens on top of it."""
    run = await blocked(by_http)
    await press(by_http, RAFAEL, "standup.read_all", run)
    read_all = await by_http.modal_saying(RAFAEL, "Make an action item")
    await press(by_http, RAFAEL, "actions.from_blocker", read_all)
    await fill(by_http, RAFAEL, owner=RAFAEL)
    assert "Rafael" in line(await message_of(by_http, "GPU quota"))


# --- on the card


async def test_due_today_is_a_line_on_the_card(either: Office) -> None:
    """With Done beside it, and what was done stays in sight."""
    await either.set_up(LENA, INES)
    await add(either, LENA, due="2026-03-30")
    await either.until("30T07:31")
    (card,) = await either.messages(LENA)
    assert "1 open, 1 due today" in shown(card)
    assert labels(card) == ["Answer", "Skip today", "Show all", "Done", "Change"]
    await press(either, LENA, "actions.done", card)
    (card,) = await either.messages(LENA)
    assert "✓ Done" in shown(card)
    await press(either, LENA, "actions.reopen", card)
    (card,) = await either.messages(LENA)
    assert "Due today" in shown(card)
    await press(either, LENA, "actions.list", card)
    await either.modal_saying(LENA, RETRAIN)


async def test_who_is_on_no_stand_up_gets_a_card_of_their_own(either: Office) -> None:
    """At half past nine where they are, once."""
    await add(either, LENA, owner=RAFAEL, due="2026-04-01")
    await either.until("30T11:00")  # 08:00 in São Paulo: quiet until then, and no working morning
    assert await either.messages(RAFAEL) == []
    await either.until("30T12:31")
    (card,) = await either.messages(RAFAEL)
    assert "*New* from Lena" in shown(card)
    assert card["text"] == f"An action item is new for you: {RETRAIN}"
    await either.post("clock", to="2026-04-01T12:31:00Z")
    _new, due = await either.messages(RAFAEL)
    assert due["text"] == f"An action item is due: {RETRAIN}"
    await either.post("clock", to="2026-04-03T20:00:00Z")
    assert len(await either.messages(RAFAEL)) == 2


# --- who may


async def test_whoever_has_nothing_to_do_with_it_may_not(by_http: Office) -> None:
    """Told where they clicked; nothing is changed."""
    await by_http.set_up(LENA, INES)
    await add(by_http, LENA, owner=INES, due="2026-04-03")
    await by_http.post("home", user=RAFAEL)
    payload = {
        "type": "block_actions",
        "user": {"id": RAFAEL, "team_id": by_http.bot.gateway.team_id},
        "trigger_id": "1.2.forged",
        "view": {"type": "home"},
        "actions": [{"type": "button", "action_id": "actions.done", "value": "1"}],
    }
    assert (await by_http.interact(payload))[0] == 200
    await by_http.rest()
    await actions(by_http, LENA, "team")
    await by_http.modal_saying(LENA, "by Fri 3 April")


async def test_a_team_s_list_where_there_is_no_team(by_http: Office) -> None:
    """In the bot's own DM: one's own is shown, and it is said that it is."""
    await by_http.set_up(LENA, INES)
    await add(by_http, LENA, owner=LENA, due="2026-04-03")
    await actions(by_http, LENA, "team", "D01LENA")
    listed = await by_http.modal_saying(LENA, RETRAIN)
    assert "Type `/actions team` there. Here are yours." in shown(listed)


async def test_an_owner_who_leaves(by_http: Office) -> None:
    """Their items are offered to who raised them, on the card."""
    await by_http.set_up(LENA, INES)
    await add(by_http, LENA, owner=RAFAEL, due="2026-04-30")
    await by_http.until("30T13:00")
    await by_http.post("user", user=RAFAEL, deleted=True)
    await by_http.hear()
    (card,) = await by_http.messages(LENA)
    assert "Rafael can't do it any more" in shown(card)
    await press(by_http, LENA, "actions.reassign", card)
    form = await by_http.modal_saying(LENA, "Who does it?")
    assert "initial_user" not in form["blocks"][-1]["element"]
    await by_http.post("submit", user=LENA, values={"owner": {"owner": INES}})
    await by_http.rest()
    (card,) = await by_http.messages(LENA)
    assert "can't do it" not in shown(card)
