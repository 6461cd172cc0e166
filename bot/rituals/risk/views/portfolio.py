"""All teams' worst risks in one modal."""

from typing import Any

from slack_sdk.models.blocks import UserMultiSelectElement

from bot.core.content import Block
from bot.rituals.risk.lists.portfolio_model import Portfolio
from bot.rituals.risk.views import words
from bot.slack import blocks

PORTFOLIO = "risk.portfolio"
EARLIER, NEXT = "risk.portfolio.earlier", "risk.portfolio.next"
TITLE = "Risk portfolio"
NOT_LEADER = (
    "This shows all teams' worst risks to leaders whom a workspace admin has named, and to admins."
)


def portfolio_modal(found: Portfolio) -> dict[str, Any]:
    """A page of what is critical, overdue or nobody's; an admin says who else sees it."""
    made: list[Block] = [blocks.context(_about(found))]
    for one in found.risks:
        show = blocks.button("Open", words.SHOW, str(one.id), reads=f"Open {words.about(one)}")
        facts = words.facts(one, with_team=True)
        made.append(blocks.section(f"{words.head(one)}\n{facts}", show))
    buttons = []
    if found.number > 0:
        buttons.append(blocks.button("Earlier", EARLIER, "earlier", reads="Previous page"))
    if found.number + 1 < found.pages:
        buttons.append(blocks.button("Next", NEXT, "next", reads="Next page"))
    if buttons:
        made.append(blocks.actions(buttons, "pages"))
    if found.may_name:
        people = UserMultiSelectElement(
            action_id="leaders", initial_users=list(found.leaders) or None
        )
        label = "Who sees this, beside admins"
        made.append(blocks.input_block("leaders", label, people, optional=True))
    return blocks.modal(
        TITLE,
        made,
        callback=PORTFOLIO,
        submit="Save who sees it" if found.may_name else None,
        metadata=str(found.number),
    )


def _about(found: Portfolio) -> str:
    if not found.total:
        return "No team has a critical, overdue or unowned risk. :sparkles:"
    teams = "1 team" if found.teams == 1 else f"{found.teams} teams"
    turned = f" · page {found.number + 1} of {found.pages}" if found.pages > 1 else ""
    return (
        f"In {teams}: *{found.critical}* critical, *{found.overdue}* overdue, "
        f"*{found.unowned}* without an owner{turned}"
    )
