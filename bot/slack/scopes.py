"""What the bot asks Slack to be allowed, and why.

`deploy/slack-app-manifest.yaml` asks for all of it, the lean one for all but `HISTORY_SCOPES`;
a test holds both manifests and `docs/slack-app.md` to this list.
"""

from typing import Final

SCOPES: Final[dict[str, str]] = {
    "channels:history": "find a message in a public channel whose sending was cut off, "
    "before sending it again; and keep what is said in the threads of a retro's topics",
    "channels:read": "see a public channel's name and members, and whether it is archived",
    "chat:write": "post and update its own messages",
    "commands": "offer its slash commands",
    "files:write": "put a retro's export into its thread, hand over a risk register's, and show "
    "pictures of risks",
    "groups:history": "the same in a private channel the bot was invited to",
    "groups:read": "the same for a private channel the bot was invited to",
    "im:history": "take what a person writes to it in their direct message as their answer; "
    "and the same search there",
    "im:write": "open a direct message, where people get their questions",
    "users:read": "know each person's name and time zone, and whether they are still there",
    "users:read.email": "find each person in Jira by their e-mail address; without Jira, "
    "or where names will do, it may be left out",
}
"""Bot scope → what the bot does with it."""

HISTORY_SCOPES: Final[frozenset[str]] = frozenset(
    {"channels:history", "groups:history", "im:history"}
)
"""What reads messages: the look-up of half-sent ones, threads of topics, answers in the DM.

The lean manifest leaves these out.
"""

TELLS_EMAILS: Final = "users:read.email"
"""The scope that all else works without: people are then found in Jira by name."""

HEARS_DMS: Final = "im:history"
"""The scope without which Slack tells the bot of no direct message."""
