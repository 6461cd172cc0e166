"""What the command for risks can do."""

EXPORT_NEEDS_A_CHANNEL = "Type it in the channel whose team's risks you want."


def told(command: str) -> str:
    """All of it, in mrkdwn."""
    return (
        f"`{command}` lists the risks of this channel's team, the worst first; "
        f"`{command} overdue`, `{command} mine` and `{command} search words` narrow it.\n"
        f"`{command} add` adds one, `{command} add Labels arrive too late` with these words. "
        "*Make a risk* in any message's menu (⋮) does too.\n"
        f"`{command} show R12` opens one; `{command} review` shows what waits for your review.\n"
        f"`{command} team` holds the team review now, in a thread of the channel.\n"
        f"`{command} check` goes through the questions before a project or a release.\n"
        f"`{command} settings` sets how often risks are reviewed, the team review, categories and "
        f"the hook for monitors; `{command} export` gives it all as CSV and Markdown.\n"
        f"`{command} portfolio` shows named leaders all teams' worst risks."
    )
