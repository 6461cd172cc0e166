"""Risks added, changed and taken on: by whom, what is refused, and what is written down."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.db.tables import Audit, Blocker
from bot.rituals.risk import carried, edits, forms, on_runs, register
from bot.rituals.risk.categories import ABOUT, Category
from bot.rituals.risk.loading import mitigations
from bot.rituals.risk.reviews.reviews_model import Fate
from bot.rituals.risk.rights import look
from bot.rituals.risk.states import Act, MitigationState, Status
from bot.rituals.risk.tables import OwnCategory, Risk
from bot.rituals.risk.values import Gone, IsClosed, NotTheirs, Origin, Saved, Typed, Wrong
from bot.rituals.risk.views.form import FormShown, form_modal
from bot.rituals.standup import answers
from bot.slack import replies
from bot.slack.begun import as_begun
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc
from tests.rituals.risk.register import TYPED, add, decide, history, risk_owner

WHOLE = replace(
    TYPED,
    model="churn-v2",
    cause="Nobody asked",
    consequence="We guess",
    links="https://wiki.example/labels",
    response="reduce",
    residual_likelihood=2,
    residual_impact=3,
    ticked=(ABOUT[Category.DATA].mitigations[0],),
    mitigations="- Ask legal\n\nAsk legal\nAsk again",
)


@pytest.fixture
def world(begin: Begin) -> World:
    made = begin("2026-03-30T07:00")
    made.person("UMEI", "Asia/Tokyo")
    made.person("UARJUN", "Asia/Kolkata")
    made.person("ULENA", "Europe/Berlin", admin=True)
    return made


def edit(world: World, by: str, risk: Risk, typed: Typed, here: str = "C1") -> object:
    return register.edit(world.session, world.at, world.workspace_id, by, risk.id, typed, here)


def test_five_things_are_enough(world: World) -> None:
    """It is open, the team's, and looked at again when its score says."""
    risk = add(world)
    assert (risk.status, risk.likelihood, risk.impact) == (Status.OPEN, 4, 3)
    assert risk.next_review == day("2026-04-13")
    (raised,) = history(world.session, risk)
    assert (raised.act, raised.on_date) == (Act.RAISED, day("2026-03-30"))
    audited = world.session.scalars(select(Audit).where(Audit.action == "risk.raised")).one()
    assert audited.subject == f"risk:{risk.id}"
    assert audited.detail["title"] == "Labels arrive too late"


def test_all_the_rest(world: World) -> None:
    """Each mitigation once, as it was ticked or typed; those that stay keep where they stand."""
    typed = {name: getattr(WHOLE, name) for name in WHOLE.__dataclass_fields__ if name != "owner"}
    risk = add(world, **typed)
    assert (risk.model, risk.response, risk.residual_impact) == ("churn-v2", "reduce", 3)
    done = mitigations(world.session, risk.id)
    first = ABOUT[Category.DATA].mitigations[0]
    assert [one.text for one in done] == [first, "Ask legal", "Ask again"]
    register.set_mitigation(
        world.session, world.at, world.workspace_id, "UMEI", done[1].id, MitigationState.DONE
    )
    fewer = replace(WHOLE, owner="UMEI", ticked=(), mitigations="Ask legal\nWait")
    assert isinstance(edit(world, "UMEI", risk, fewer), Saved)
    after = [(one.text, one.state) for one in mitigations(world.session, risk.id)]
    assert after == [("Ask legal", MitigationState.DONE), ("Wait", MitigationState.PLANNED)]


def test_made_of_a_blocker(world: World) -> None:
    """The messages that offered to make it, of that day and of those since, are drawn anew."""
    world.set_up(["ULENA"], weekdays=(0, 1, 2))
    world.until(utc("2026-03-30T08:00"))
    prompt = world.prompts(day("2026-03-30"))["ULENA"]
    said = {"learned": "Little", "blockers": "No labels"}
    answers.submit(world.session, world.at, world.workspace_id, "ULENA", prompt.id, said)
    world.until(utc("2026-03-31T20:00"))
    blocker = world.session.scalars(select(Blocker)).one()
    runs = [world.run(day(one)).id for one in ("2026-03-30", "2026-03-31")]
    assert ["No labels" in offered(world, one) for one in runs] == [True, True]
    origin = Origin("k1", "C1", "team", blocker_id=blocker.id)
    register.add(world.session, world.at, world.workspace_id, "ULENA", origin, TYPED)
    assert [offered(world, one) for one in runs] == ["[]", "[]"]
    assert [one.shown < one.wanted for one in world.mirrors("standup.run")] == [True, True]


def offered(world: World, run_id: int) -> str:
    """What the register adds to the message of a stand-up."""
    return str(on_runs.on_run(world.session, world.at, run_id))


def as_sent(modal: dict[str, Any]) -> dict[str, Any]:
    """The form as Slack tells of it when nobody has touched an input."""
    values: dict[str, Any] = {}
    for block in modal["blocks"]:
        if block["type"] == "input":
            one = block["element"]
            kept = {
                name: one.get(f"initial_{told}")
                for name, told in (
                    ("value", "value"),
                    ("selected_user", "user"),
                    ("selected_option", "option"),
                    ("selected_options", "options"),
                )
            }
            values[block["block_id"]] = {one["action_id"]: kept}
    return modal | {"state": {"values": values}}


def test_another_category_keeps_what_is_done(world: World) -> None:
    """The form drawn anew has what was ticked as lines; where it stands is kept, there and back."""
    usual = ABOUT[Category.DATA].mitigations
    risk = add(world, cause="", ticked=usual[:2], mitigations="Ask legal")
    for one in mitigations(world.session, risk.id)[1:]:
        who = world.session, world.at, world.workspace_id, "UMEI"
        register.set_mitigation(*who, one.id, MitigationState.DONE)
    before = mitigations(world.session, risk.id)
    for category in ("drift", "data"):
        who = world.session, world.at, world.workspace_id, "UMEI"
        shown = forms.filled(*who, risk.id, "C1")
        assert isinstance(shown, FormShown)
        chosen = replace(carried.typed(as_sent(form_modal(shown, "{}"))), category=category)
        drawn = form_modal(replace(shown, typed=forms.sorted_out(chosen)), "{}")
        typed = carried.typed(as_sent(drawn))
        assert typed.ticked == (usual[:2] if category == "data" else ())
        assert isinstance(edit(world, "UMEI", risk, typed), Saved)
        assert risk.category == category
        assert mitigations(world.session, risk.id) == before


@pytest.mark.parametrize("redrawn", [False, True])
def test_of_two_who_change_it_at_once_neither_loses(world: World, redrawn: bool) -> None:
    """What one didn't touch stays as the other left it, though the category drew the form anew."""
    risk = add(world, cause="Nobody asked", ticked=(), mitigations="Ask legal\nWait\nAsk again")
    who = world.session, world.at, world.workspace_id
    shown = forms.filled(*who, "UMEI", risk.id, "C1")
    assert isinstance(shown, FormShown)
    metadata = carried.packed_origin(
        Origin(""), carried.Carried(risk.id), more=True, mitigations=edits.digests(shown.typed)
    )
    modal = form_modal(shown, metadata)
    mine = replace(carried.typed(as_sent(modal)), consequence="We guess", impact=5)
    mine = replace(mine, mitigations="Ask legal\nAsk again\nBuy labels")
    if redrawn:
        mine = replace(mine, category="drift")
        modal = as_begun(form_modal(replace(shown, typed=forms.sorted_out(mine)), metadata), modal)
    was = carried.begun_of(modal)
    theirs = replace(shown.typed, title="No labels", owner="UARJUN", likelihood=2, cause="")
    theirs = replace(theirs, residual_likelihood=1, residual_impact=2)
    theirs = replace(theirs, mitigations="Ask legal\nWait\nHire somebody")
    assert isinstance(register.edit(*who, "ULENA", risk.id, theirs, "C1", was), Saved)
    assert isinstance(register.edit(*who, "ULENA", risk.id, mine, "C1", was), Saved)
    assert (risk.title, risk.owner_id) == ("No labels", world.slack("UARJUN").id)
    assert (risk.likelihood, risk.impact, risk.cause) == (2, 5, "")
    assert (risk.residual_likelihood, risk.residual_impact) == (1, 2)
    assert risk.consequence == "We guess"
    named = [one.text for one in mitigations(world.session, risk.id)]
    assert named == ["Ask legal", "Hire somebody", "Buy labels"]
    audited = world.session.scalars(select(Audit).order_by(Audit.id)).all()[-1].detail
    assert audited == ({"category": ["data", "drift"]} if redrawn else {}) | {
        "impact": [3, 5],
        "consequence": ["", "We guess"],
        "next_review": ["2026-04-29", "2026-04-13"],
        "mitigations": [["Ask legal", "Wait", "Hire somebody"], named],
    }
    before = len(history(world.session, risk))
    assert isinstance(register.edit(*who, "ULENA", risk.id, shown.typed, "C1", was), Saved)
    assert len(history(world.session, risk)) == before


def test_too_many_mitigations(world: World) -> None:
    """As many as fit are kept, however long one is; one more is refused, and said at its field."""
    long = "z" * 1200
    some = "\n".join([*map(str, range(17)), long])
    risk = add(world, cause="", ticked=ABOUT[Category.DATA].mitigations[:2], mitigations=some)
    kept = mitigations(world.session, risk.id)
    assert len(kept) == 20
    typed = replace(TYPED, owner="UMEI", cause="", ticked=("a", "b"), mitigations=some)
    edit(world, "UMEI", risk, typed)
    assert mitigations(world.session, risk.id)[:18] == kept[2:]
    result = edit(world, "UMEI", risk, replace(typed, mitigations=f"{some}\nOne more"))
    assert isinstance(result, Wrong)
    said = "A risk has at most 20 mitigations; with what was ticked or there already, these are 21."
    assert result.problems == {"mitigations": said}
    assert len(mitigations(world.session, risk.id)) == 20
    names = {one.value: about.name for one, about in ABOUT.items()}
    modal = form_modal(FormShown(typed, names, new=False, more=True), "{}")
    assert replies.under_inputs(modal, result.problems) == {"mitigations:data": said}


def test_mitigations_are_audited(world: World) -> None:
    """Those it was raised with, and what an edit changes of them alone."""
    risk = add(world, ticked=(), mitigations="Ask legal\nAsk again")
    edited = replace(TYPED, owner="UMEI", ticked=(), mitigations="Ask legal\nWait")
    for _ in range(2):
        assert isinstance(edit(world, "UMEI", risk, edited), Saved)
    raised, changed = world.session.scalars(select(Audit).order_by(Audit.id))
    assert raised.detail["mitigations"] == ["Ask legal", "Ask again"]
    assert changed.action == "risk.edited"
    assert changed.detail == {"mitigations": [["Ask legal", "Ask again"], ["Ask legal", "Wait"]]}
    assert [one.act for one in history(world.session, risk)] == [Act.RAISED, Act.EDITED]


def test_a_second_submit_changes_the_first(world: World) -> None:
    """A form has a key: pressed twice, there is one risk."""
    first = add(world, title="Labels are late")
    again = add(world, title="Labels are far too late")
    assert first.id == again.id
    assert again.title == "Labels are far too late"


def test_a_second_submit_of_another_s_risk_shows_it(world: World) -> None:
    """Whoever gave it to somebody else may not change it; but it was saved, and that is said."""
    first = add(world, owner="UARJUN")
    again = add(world, owner="UARJUN", title="Labels are far too late")
    assert first.id == again.id
    assert again.title == "Labels arrive too late"
    assert world.session.scalar(select(func.count()).select_from(Risk)) == 1


BAD: list[tuple[dict[str, Any], str]] = [
    ({"title": " \n "}, "title"),
    ({"category": ""}, "category"),
    ({"category": "own:999"}, "category"),
    ({"likelihood": 0}, "likelihood"),
    ({"likelihood": 6}, "likelihood"),
    ({"likelihood": None}, "likelihood"),
    ({"impact": -1}, "impact"),
    ({"impact": 55}, "impact"),
    ({"cause": "", "residual_likelihood": 3}, "residual_impact"),
    ({"cause": "", "residual_likelihood": 9, "residual_impact": 3}, "residual_likelihood"),
]


@pytest.mark.parametrize(("said", "where"), BAD)
def test_bad_input(world: World, said: dict[str, Any], where: str) -> None:
    """It is told under its input, and nothing is stored."""
    typed = replace(TYPED, **said)
    result = register.add(
        world.session, world.at, world.workspace_id, "UMEI", Origin("k", "C1", "team"), typed
    )
    assert isinstance(result, Wrong)
    assert where in result.problems
    assert world.session.scalar(select(func.count()).select_from(Risk)) == 0


@pytest.mark.parametrize("kind", [{"bot": True}, {"deleted": True}, {"external": True}])
def test_an_owner_who_could_not_look_after_it(world: World, kind: dict[str, bool]) -> None:
    """A bot, somebody who left, a stranger: told under the owner."""
    world.person("UOTHER", "UTC", **kind)
    typed = replace(TYPED, owner="UOTHER")
    origin = Origin("k", "C1", "team")
    result = register.add(world.session, world.at, world.workspace_id, "UMEI", origin, typed)
    assert isinstance(result, Wrong)
    assert list(result.problems) == ["owner"]


def test_long_words_are_clamped(world: World) -> None:
    """However long, it fits its column in what is shown."""
    risk = add(world, title="x" * 5000, cause="y" * 9000, consequence="", links="", model="m" * 999)
    assert len(risk.title) == 150
    assert len(risk.cause) == 1000
    assert len(risk.model) == 80


def test_what_the_form_takes_is_kept(world: World) -> None:
    """To the last character, of every text that it asks; mitigations are lines of their own."""
    texts = ("title", "model", "cause", "consequence", "links")
    longest = {
        block["block_id"]: block["element"]["max_length"]
        for block in form_modal(FormShown(WHOLE, {}, new=True, more=True), "{}")["blocks"]
        if block.get("block_id") in texts
    }
    assert tuple(longest) == texts
    risk = add(world, **{name: "x" * number for name, number in longest.items()})
    assert {name: len(getattr(risk, name)) for name in longest} == longest


def test_who_may_change_it(world: World) -> None:
    """Its owner, the team's risk owner and admins; others read whose it is."""
    risk = add(world)
    changed = replace(TYPED, title="Changed", owner="UMEI")
    assert edit(world, "UARJUN", risk, changed) == NotTheirs("umei")
    for who in ("UMEI", "ULENA"):
        assert isinstance(edit(world, who, risk, changed), Saved), who
    risk_owner(world, "UARJUN")
    assert isinstance(edit(world, "UARJUN", risk, replace(changed, title="Again")), Saved)
    acts = [(one.act, one.actor_id) for one in history(world.session, risk)]
    assert [act for act, _who in acts] == [Act.RAISED, Act.EDITED, Act.EDITED]
    assert acts[-1][1] == world.slack("UARJUN").id


def test_who_may_see_it(world: World) -> None:
    """Whoever looks from its channel; from elsewhere its owner, roles and admins, nobody else."""
    risk = add(world)
    world.person("USAM", "UTC")

    def seen(who: str, here: str) -> bool:
        return not isinstance(
            look(world.session, world.at, world.workspace_id, who, risk.id, here), Gone
        )

    assert seen("USAM", "C1")
    assert not seen("USAM", "C2")
    assert not seen("USAM", "")
    assert seen("UMEI", "")
    assert seen("ULENA", "")
    assert not seen("UNOBODY", "C2")


def test_another_workspace_knows_nothing_of_it(world: World) -> None:
    """By its number alone nobody gets at another workspace's risk."""
    risk = add(world)
    found = look(world.session, world.at, world.workspace_id + 1, "ULENA", risk.id, "C1")
    assert isinstance(found, Gone)


def test_a_changed_score_is_a_review(world: World) -> None:
    """It is looked at again counted from today, and remembers what it was."""
    risk = add(world)
    edit(world, "UMEI", risk, replace(TYPED, owner="UMEI", likelihood=5, impact=5))
    assert (risk.was_score, risk.next_review) == (12, day("2026-04-06"))
    change = history(world.session, risk)[-1]
    assert (change.was_likelihood, change.was_impact) == (4, 3)
    assert (change.likelihood, change.impact) == (5, 5)


def test_nothing_changed_is_no_history(world: World) -> None:
    """Saving the form as it is adds no line."""
    risk = add(world)
    edit(world, "UMEI", risk, replace(TYPED, owner="UMEI"))
    assert len(history(world.session, risk)) == 1


def test_a_closed_one_is_not_changed(world: World) -> None:
    """It was closed while the form stood open."""
    risk = add(world)
    decide(world, "UMEI", risk, Fate.CLOSE)
    assert isinstance(edit(world, "UMEI", risk, replace(TYPED, owner="UMEI")), IsClosed)


def test_taking_on_what_nobody_owns(world: World) -> None:
    """Whoever sees it may; the second who tries is told who was quicker."""
    risk = add(world)
    risk.owner_id = None
    who = world.session, world.at, world.workspace_id
    assert isinstance(register.take(*who, "UARJUN", risk.id, "C1"), Saved)
    assert risk.owner_id == world.slack("UARJUN").id
    assert register.take(*who, "ULENA", risk.id, "C1") == NotTheirs("uarjun")


def test_categories_of_its_own(world: World) -> None:
    """A team adds some; one it drops stays with the risks that have it."""
    risk = add(world)
    own = OwnCategory(team_id=risk.team_id, name="Suppliers", dropped=False)
    world.session.add(own)
    world.session.flush()
    added = add(world, key="k2", category=f"own:{own.id}")
    own.dropped = True
    kept = replace(TYPED, owner="UMEI", category=f"own:{own.id}", title="Still")
    assert isinstance(edit(world, "UMEI", added, kept), Saved)
    other = edit(world, "UMEI", risk, kept)
    assert isinstance(other, Wrong)
