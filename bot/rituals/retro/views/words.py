"""Words about retros that several places say."""

from bot.core.content import SECTION_TEXT
from bot.core.text import clamp, escape, isolated, one_line
from bot.rituals.retro.model import (
    Moved,
    MovedBefore,
    NoRetro,
    NotLeading,
    NotOnIt,
    NotStarting,
    Past,
    Stage,
    WouldDelete,
)

ADD, DONE, VOTE = "retro.add", "retro.done", "retro.vote"
OPEN, FINISHED = "retro.open", "retro.finished"  # on a card, where the value is a prompt's id
LEAD, READ_ALL, RAISE = "retro.lead", "retro.read_all", "retro.raise"
EXPORT = "retro.export"
NAME = 60
_STAGES = {
    Stage.COLLECT: "collecting notes",
    Stage.SORT: "sorting notes",
    Stage.VOTE: "voting",
    Stage.DISCUSS: "discussing",
    Stage.CLOSED: "closed",
}


def line(text: str, limit: int) -> str:
    """The beginning of what somebody wrote, on one line, and never empty, which Slack refuses."""
    return isolated(clamp(one_line(text), limit)) or "…"


def whole(text: str) -> str:
    """All of what somebody wrote."""
    return isolated(clamp(text, SECTION_TEXT)) if text.strip() else "…"


def stage(one: Stage) -> str:
    """What is going on."""
    return _STAGES[one]


def name(full: str) -> str:
    """A name as it can be shown: on one line, and never empty."""
    return clamp(one_line(full), NAME) or "Somebody"


def past(found: Past) -> str:
    """What somebody wanted belongs to another stage."""
    if found.stage is Stage.CLOSED:
        return "This retro is closed."
    return f"This retro is {stage(found.stage)} now, so that is not possible (any more)."


def stays(found: Past) -> str:
    """Somebody took a note back when others could read it already."""
    return (
        "Time for that was up before you took your note back, so nothing was done. This retro is "
        f"{stage(found.stage)} now."
    )


def refusal(found: Past | NotOnIt | NoRetro | NotLeading) -> str:
    """Why nothing was done, in plain text."""
    match found:
        case Past():
            return past(found)
        case NotOnIt():
            return (
                "You are not on this retro. Whoever looks after it can add you in its settings: "
                "then you are asked from its next stage on."
            )
        case NoRetro():
            return "There is no such retro any more."
        case NotLeading(facilitator):
            return (
                f"{name(facilitator)} leads this retro: only they, its owner or a workspace admin "
                "can do that."
            )


def not_starting(found: NotStarting) -> str:
    """Who may begin one, in plain text."""
    lead = f", {name(found.facilitator)}, who leads it," if found.facilitator else ""
    return (
        f"This channel's retro is {name(found.owner)}'s: only they{lead} or a workspace admin can "
        "start one."
    )


def moved(done: Moved, on_clock: str) -> str:
    """What a retro is at now, in mrkdwn."""
    about = f"*{escape(one_line(done.title))}* in <#{done.channel}>"
    if done.held:
        return (
            f"{about} waits for you: fewer than three people have said they are done, or there are "
            "fewer than three notes, so they could tell who wrote them. Give it more time, or "
            "show them and say so openly, under *Facilitate*."
        )
    if done.stage is Stage.CLOSED:
        return f"{about} is closed."
    until = f", until {on_clock}" if on_clock else ""
    return f"{about} is {stage(done.stage)} now{until}."


def would_delete(found: WouldDelete) -> str:
    """Closing needs a choice, in mrkdwn."""
    about = f"*{escape(one_line(found.title))}* in <#{found.channel}>"
    return (
        f"{about} is not closed yet: fewer than three people have said they are done, or there are "
        "fewer than three notes, so the notes would be deleted unread. If you want that, press "
        "*Close …* under *Facilitate*. You can also give it more time there."
    )


def moved_before(found: MovedBefore) -> str:
    """Somebody was quicker: another one, the timetable, or they themselves."""
    if found.stage is Stage.CLOSED:
        return "This retro is closed already, so nothing was done."
    if found.own:
        return (
            f"You moved it on a moment ago: it is {stage(found.stage)} now. To end that too, press "
            "its button under *Facilitate*, or type the word again in a minute."
        )
    who = name(found.by) if found.by else "The timetable"
    return (
        f"{who} moved it on just before you: it is {stage(found.stage)} now, so nothing more was "
        "done."
    )


def late_dropped(*, talking: bool) -> str:
    """Some notes came late, too few to be shown; not how many, for that is fewer than three."""
    instead = " Was one of them yours? You could say it in a topic's thread." if talking else ""
    return (
        "The few notes that came late were dropped unread, since it would have been plain who "
        f"wrote them.{instead}"
    )


def topics(number: int) -> str:
    """So many topics."""
    return "1 topic" if number == 1 else f"{number} topics"


def took_part(number: int) -> str:
    """How many took part; "" where nothing is known."""
    return f"{number} took part" if number else ""


def all_done(stage: Stage) -> str:
    """Somebody owes nothing more."""
    match stage:
        case Stage.COLLECT:
            return "Thank you. You can still add notes until time is up."
        case Stage.VOTE:
            return "Thank you. You can change your votes until time is up."
        case _:
            return "Thank you. You can still say more in the threads."
