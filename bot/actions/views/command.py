"""What the command for action items can do."""

from bot.core.text import escape


def told(command: str) -> str:
    """All of it, in mrkdwn."""
    return (
        f"`{command}` lists your action items; `{command} team` those of this channel's team, "
        f"`{command} overdue` what is late.\n"
        f"`{command} add` raises one, `{command} add Retrain the baseline` with these words.\n"
        "On any message, *Make an action item* in its menu (⋮) raises one from it. What blocks "
        "somebody in a stand-up has such a button too.\n"
        "Your card in the DM with Meridian and its Home tab show what is yours."
    )


def unknown(word: str, command: str) -> str:
    """There is no such thing to do; what there is."""
    inert = escape(word[:40].replace("`", "'"))
    return f"There is no `{command} {inert}`.\n{told(command)}"


def of_no_team(command: str) -> str:
    """Above one's own list, where a team's was asked for and there is none."""
    return f"A team belongs to a channel. Type `{command} team` there. Here are yours."
