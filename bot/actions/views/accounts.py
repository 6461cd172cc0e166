"""Who somebody is in Jira, on their Home and in a modal: frozen values in, Block Kit out."""

from typing import Any, assert_never

from slack_sdk.models.blocks import ExternalDataSelectElement, Option

from bot.core.content import Block
from bot.core.states import JiraMatch
from bot.core.text import clamp, escape_clamped, one_line
from bot.jira.model import Account
from bot.slack import blocks

CHANGE, FORM, SEARCH = "actions.account", "actions.account_form", "actions.account_search"
TITLE = "Who I am in Jira"
BLOCK = "account"
_NAME = 60
_OPTION = 75


def home_line(name: str, match: JiraMatch | None) -> Block:
    """Who somebody is there, how sure that is, and the way to correct it."""
    change = blocks.button("Change", CHANGE, "home", reads="Change who I am in Jira")
    return blocks.section(said(name, match), change)


def said(name: str, match: JiraMatch | None) -> str:
    """Who somebody is in Jira, in mrkdwn; without a match nobody has looked yet."""
    who = f"*{escape_clamped(one_line(name), _NAME)}*"
    match match:
        case None:
            return "You are looked up in Jira once a ticket there is yours."
        case JiraMatch.EMAIL:
            return f"In Jira you are {who} (same e-mail address)."
        case JiraMatch.NAME:
            return f"In Jira you may be {who}: the only one of your name."
        case JiraMatch.CHOSEN if name:
            return f"In Jira you are {who} (as you said)."
        case JiraMatch.CHOSEN:
            return "You have no account in Jira (as you said)."
        case JiraMatch.NOBODY:
            return "In Jira nobody was found with your address or name."
        case JiraMatch.SEVERAL:
            return "In Jira more than one account has your name. Choose yours."
        case JiraMatch.BARRED:
            return "Jira doesn't let Meridian look for people, so it can't tell who you are there."
        case _:
            assert_never(match)


def account_modal(now: str, account: Account | None) -> dict[str, Any]:
    """Say who you are; `now` is what is known, in mrkdwn, and `account` stays chosen."""
    menu = ExternalDataSelectElement(
        action_id=SEARCH,
        placeholder="Type your name in Jira",
        initial_option=account_option(account) if account is not None else None,
        min_query_length=2,
    )
    hint = "Tickets of what you own are assigned to it. Left empty: you have no account there."
    return blocks.modal(
        TITLE,
        [
            blocks.section(now),
            blocks.input_block(BLOCK, "My account in Jira", menu, optional=True, hint=hint),
        ],
        callback=FORM,
        submit="Save",
        close="Cancel",
    )


def account_option(account: Account) -> Option:
    """An account to choose."""
    address = f" · {account.email}" if account.email else ""
    return Option(value=account.id, label=clamp(one_line(account.name) + address, _OPTION))


def kept_modal(now: str) -> dict[str, Any]:
    """It is kept."""
    return blocks.notice(TITLE, now)


def chosen_name(option: dict[str, Any]) -> str:
    """The name of an option that was chosen."""
    name: str = option["text"]["text"].split(" · ")[0]
    return name
