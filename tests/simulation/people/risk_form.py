"""The form of a new risk, as people fill it in, whatever they make the risk of."""

from datetime import timedelta

from tests.simulation.model.risks import Aspect, Days, Deed, Of, Risk, Says, Way
from tests.simulation.model.scores import Score
from tests.simulation.model.wall import local_date
from tests.simulation.people.office import Office, Outcome

FORM = "risk.form"
_A_WHILE = timedelta(seconds=60)
_ABOUT = {
    Of.BLOCKER: "From what blocks *",
    Of.MESSAGE: "From a message",
    Of.ALERT: "From an alert",
    Of.CHECK: "From a check",
}
"""What the form says of where its proposal comes from."""


async def fill_in(office: Office, who: str, risk: Risk, owner: str, score: Score) -> None:
    """Fill in the form that somebody has opened, once it has loaded; and close it."""
    view = await office.modal(who, FORM)
    if view is not None:
        register = office.books.register
        if risk.source is not None and _ABOUT[risk.source.of] not in str(view.blocks):
            register.wrong.append(f"the form of {risk.title!r} doesn't say what it is made of")
        await _submit(office, who, risk, owner, score)
    office.close(who)


async def _submit(office: Office, who: str, risk: Risk, owner: str, score: Score) -> None:
    register = office.books.register
    says: Says = {
        Aspect.SCORE: score,
        Aspect.STATUS: "open",
        Aspect.OWNER: owner,
        Aspect.DUE: register.due(office.now(), dates(office, owner), [score], risk.channel),
    }
    register.risks[risk.title] = risk
    deed = risk.begin(Deed(Way.RAISED, who, office.now(), says, on=dates(office, who)))
    done = await office.submit(
        who,
        {
            "title": {"title": risk.title},
            "category": {"risk.form.category": "data"},
            "owner": {"owner": owner},
            "likelihood": {"likelihood": str(score[0])},
            "impact": {"impact": str(score[1])},
        },
    )
    if "is in the register" in done.said or "is changed" in done.said:
        deed.sure = office.now()
    elif done.outcome is Outcome.REFUSED and not done.unsure:
        del register.risks[risk.title]


def dates(office: Office, *people: str) -> Days:
    """People's dates, while something is done now; two of them around midnight, or a flight."""
    now = office.now()
    moments, zones = (now, now + _A_WHILE), office.books.zones
    return frozenset(
        local_date(at, zone)
        for who in people
        for zone in zones[who].may_be(*moments)
        for at in moments
    )
