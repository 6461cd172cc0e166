"""All that the register draws is within Slack's limits, whatever people typed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.content import MESSAGE_BLOCKS, MESSAGE_TEXT
from bot.core.states import Role
from bot.core.text import one_line
from bot.rituals.risk import settings_listeners
from bot.rituals.risk.alerts.alerts_model import AlertMessage
from bot.rituals.risk.categories import ABOUT, Category
from bot.rituals.risk.checks_model import QUESTIONS, Answered, CheckDue, CheckShown, RoleShown
from bot.rituals.risk.lists.portfolio_model import Portfolio
from bot.rituals.risk.reviews.snapshot_model import Arrow, Listed, Point, Review, Told
from bot.rituals.risk.reviews.team_review_model import When
from bot.rituals.risk.settings_model import Secret, SettingsShown, merged, named
from bot.rituals.risk.states import (
    Act,
    Approval,
    Band,
    CheckKind,
    MitigationState,
    Response,
    Said,
    Status,
    Verdict,
)
from bot.rituals.risk.values import (
    AlertShown,
    ChangeShown,
    MitigationShown,
    Named,
    RiskLine,
    RiskShown,
    Typed,
)
from bot.rituals.risk.views import (
    acts,
    alert,
    card,
    checks,
    form,
    on_runs,
    portfolio,
    settings,
    show,
    team_review,
)
from bot.slack import blocks
from bot.slack.begun import begun
from tests.rituals.standup.drawn import HOSTILE, LONG, checked, checked_modal, words

TODAY = date(2026, 3, 30)
AT = datetime(2026, 3, 30, 8, tzinfo=UTC)
TITLE = f"{HOSTILE} {LONG}"[:150]
LINE = RiskLine(
    id=12,
    title=TITLE,
    category=HOSTILE,
    owner=Named("UMEI", TITLE),
    status=Status.MITIGATING,
    likelihood=5,
    impact=4,
    was_score=12,
    next_review=date(2026, 3, 27),
    today=TODAY,
    asked=True,
    alerting=True,
    model="churn-v2",
    channel="C1",
    team=TITLE,
    team_id=1,
)
SHOWN = RiskShown(
    line=LINE,
    category_key="data",
    residual=(2, 3),
    response=Response.REDUCE,
    cause=LONG,
    consequence=HOSTILE * 30,
    links=LONG,
    mitigations=tuple(MitigationShown(n, LONG, MitigationState.DONE) for n in range(30)),
    history=tuple(
        ChangeShown(TODAY, TITLE, act, (4, 3), (5, 4), LONG[:500]) for act in list(Act)[:8]
    ),
    more_history=90,
    alerts=(AlertShown(TITLE, TITLE, AT, True, 10_000),) * 3,
    decisions=("2026-03-30 · Mei: retrain (PSI)",) * 3,
    may_change=True,
    may_take=True,
)
MANY = Listed(
    risks=tuple(Told(id=n, title=TITLE, said=LONG[:500], who=TITLE) for n in range(12)), more=900
)
REVIEW = Review(
    team=TITLE,
    on=TODAY,
    since=date(2026, 3, 2),
    total=1000,
    counts={band.value: 250 for band in Band},
    cells=tuple((one, other, 40) for one in range(1, 6) for other in range(1, 6)),
    arrows=tuple(Arrow(id=n, title=TITLE, was=(5, 5), now=(2, 2)) for n in range(5)),
    moved=MANY,
    new=MANY,
    closed=MANY,
    overdue=MANY,
    unowned=MANY,
    unmitigated=MANY,
    top=(1, 2, 3),
    points=tuple(Point(on=TODAY, counts={band.value: 9 for band in Band}) for _ in range(12)),
    checks=True,
)
ALERT = AlertMessage(
    id=3, name=TITLE, source=TITLE, severity=HOSTILE, value=HOSTILE, link="https://m.example/a|b>c",
    firing=True, times=10_000, since=AT, last_at=AT, risk=LINE, asked=TITLE,
)  # fmt: skip
SETTINGS = SettingsShown(
    team="churn-model", channel="C1", intervals=dict.fromkeys(Band, 7),
    categories=("x" * 60,) * 20, when=When.MONTHLY, nth=-1, weekday=4, at=AT.time(),
    tz="Europe/Berlin", checks_every=12, risk_owners=(TITLE,) * 9,
    may_change=True, hook_works=True, has_secret=True, public_id="abc", secret_told=TITLE,
)  # fmt: skip


def test_one_risk() -> None:
    """With all there can be, with nothing, closed, and for somebody who only looks."""
    checked_modal(show.show_modal(SHOWN, "{}", "Done"))
    bare = RiskShown(line=replace(LINE, owner=None, next_review=None), category_key="own:1")
    assert "Nothing is done against it yet." in checked_modal(show.show_modal(bare, "{}"))
    closed = replace(SHOWN, line=replace(LINE, status=Status.CLOSED), may_take=False)
    said = checked_modal(show.show_modal(closed, "{}"))
    assert "risk.reopen" in said
    assert "risk.keep" not in said
    looking = checked_modal(show.show_modal(replace(SHOWN, may_change=False), "{}"))
    assert "risk.rescore" not in looking


def mrkdwn(shown: object) -> Iterator[str]:
    """Every text in which Slack reads markup."""
    if isinstance(shown, dict):
        if shown.get("type") == "mrkdwn":
            yield shown["text"]
        for one in shown.values():
            yield from mrkdwn(one)
    elif isinstance(shown, (list, tuple)):
        for one in shown:
            yield from mrkdwn(one)


def test_no_words_of_people_are_markup() -> None:
    """Nothing that somebody typed mentions, links or calls a channel."""
    day = card.beside(card.DayShown((LINE,), (LINE,), ((LINE, HOSTILE),), (LINE,)), today=True)
    assert day is not None
    due = CheckDue(CheckKind.RELEASE, (HOSTILE,))
    messages = [
        team_review.top_message(SHOWN),
        alert.alert_message(ALERT),
        checks.due_message(due),
    ]
    shown = [show.show_modal(SHOWN, "{}"), day.head, *day.lines, *(one.blocks for one in messages)]
    texts = [text for one in shown for text in mrkdwn(one)]
    texts += [one.text for one in messages]
    assert len(texts) > 20
    for text in texts:
        assert "<!channel>" not in text
        assert "<@U1>" not in text
        assert "<https://evil" not in text


def test_the_form() -> None:
    """Short, and long with the mitigations of each category; a hundred categories at most."""
    typed = Typed(TITLE, "data", "UMEI", 5, 4, "m", LONG[:1000], "", "", "reduce", 2, 3, (), LONG)
    names = {one.value: about.name for one, about in ABOUT.items()}
    names |= {f"own:{n}": TITLE for n in range(300)}
    checked_modal(form.form_modal(form.FormShown(typed, names, new=True), "{}"))
    for category in Category:
        usual = ABOUT[category].mitigations
        one = replace(typed, category=category.value, ticked=usual)
        said = checked_modal(
            form.form_modal(form.FormShown(one, names, new=False, more=True), "{}")
        )
        assert all(prompt[:20] in said for prompt in ABOUT[category].prompts)
        assert all(text in said for text in usual)


def test_small_forms() -> None:
    """Rescore and More ask why, and are filled with what holds now."""
    said = checked_modal(acts.rescore_modal(SHOWN, "{}"))
    assert "Why?" in said
    assert '"initial_option": {"text": {"emoji": true, "text": "5 · Almost certain"' in said
    assert "Escalate" in checked_modal(acts.more_modal(LINE, "{}"))


@pytest.mark.parametrize("count", [0, 1, 5, 80])
def test_the_card(count: int) -> None:
    """However many are due: a few with their buttons, and how many more there are."""
    made = card.beside(card.DayShown((LINE,) * count, (LINE,) * count), today=True)
    if not count:
        assert made is None
        return
    assert made is not None
    assert len(made.lines) <= 14
    assert blocks.size([made.head, *made.lines]) < MESSAGE_TEXT / 2
    assert made.more == max(0, count - 6)
    assert made.summary


def test_the_team_review() -> None:
    """Its messages are within limits at a thousand risks; its alternative text says it all."""
    top = team_review.review_message(REVIEW)
    checked(top)
    (heat,) = top.pictures
    assert f"1000 risks of {one_line(TITLE)[:90]}" in heat.alt
    assert "30 March 2026: 250 critical, 250 high, 250 medium, 250 low" in heat.alt
    assert "40 at likelihood 4, impact 5" in heat.alt
    assert "Without and with mitigations" in heat.alt
    assert "R1 from 5 by 5 to 2 by 2" in heat.alt
    assert heat.spec["title"] == "Open risks, 30 March 2026"
    changes = team_review.changes_message(REVIEW)
    assert changes is not None
    checked(changes)
    (bands,) = changes.pictures
    assert "30 March: 9 critical, 9 high, 9 medium, 9 low" in bands.alt
    needs = team_review.needs_message(REVIEW)
    checked(needs)
    assert "and 900 more" in words(needs.blocks if needs else ())
    checked(team_review.top_message(SHOWN))


def test_a_team_review_of_nothing() -> None:
    """No risk, no picture, no list of what needs somebody."""
    empty = Review(team="churn", on=TODAY)
    top = team_review.review_message(empty)
    assert top.pictures == ()
    assert "No risk is open" in checked(top)
    assert team_review.needs_message(empty) is None
    assert "Nothing." in checked(team_review.changes_message(empty))


def test_alerts() -> None:
    """With and without a risk, decided, over, a storm; a link can't end its own markup."""
    said = checked(alert.alert_message(ALERT))
    assert "told 10,000 times" in said
    assert "https://m.example/a%7Cb%3Ec|look at it" in said
    for action in alert.DECIDE:
        assert action in said
    unknown = checked(alert.alert_message(replace(ALERT, risk=None, asked="")))
    assert "risk.from_alert" in unknown
    for verdict in Verdict:
        decided = replace(ALERT, verdict=verdict, decided_by=TITLE, decided_on=TODAY)
        text = checked(alert.alert_message(decided))
        assert f"*{alert.LABELS[verdict]}*" in text
        assert "risk.alert.watch" not in text
    checked(alert.alert_message(replace(ALERT, firing=False, storm=True, link="")))
    checked(alert.again_message(ALERT))
    assert alert.alert_message(replace(ALERT, summary=TITLE)) == alert.alert_message(ALERT)
    told = checked(alert.alert_message(replace(ALERT, summary="PSI <!here> 0.31")))
    assert "\\nPSI &lt;!here&gt; 0.31\\n" in told
    checked(alert.alert_message(replace(ALERT, summary=LONG)))


def test_checks() -> None:
    """Their forms and messages; what is no or unsure is offered as a risk."""
    for kind in CheckKind:
        checked_modal(checks.check_modal(kind, list(Role), "x"))
        answers = tuple(Answered(one, Said.UNSURE, LONG[:300]) for one in QUESTIONS[kind])
        roles = tuple(
            RoleShown(role, (TITLE,) * 9, said, TITLE)
            for role, said in zip(Role, [*Approval, None] * 3, strict=False)
        )
        shown = CheckShown(1, kind, TITLE[:100], TITLE, TODAY, answers, roles)
        said = checked(checks.check_message(shown))
        assert "Make a risk of" in said
        assert "risk.check.approve" in said
        fine = replace(
            shown, answers=tuple(Answered(one.question, Said.YES, "") for one in answers), roles=()
        )
        assert "Make a risk of" not in checked(checks.check_message(fine))
        made = replace(shown, answers=tuple(replace(one, risk_id=7) for one in answers))
        said = checked(checks.check_message(made))
        assert "Make a risk of" not in said
        assert said.count("In the register: R7") == len(answers)
        checked(checks.due_message(CheckDue(kind, (LONG,) * 9)))
        checked(checks.due_message(CheckDue(kind, (), shown)))
    checked_modal(checks.choose_modal("C1 x"))


def test_settings_and_portfolio() -> None:
    """To change, to look at, kept, and a secret."""
    checked_modal(settings.settings_modal(SETTINGS, "C1 x", "/team"))
    off = replace(SETTINGS, hook_works=False, risk_owners=(), has_secret=False)
    said = checked_modal(settings.settings_modal(off, "C1 x", "/team"))
    assert "MERIDIAN_SECRET_KEY" in said
    assert "no risk owner" in said
    daily = replace(SETTINGS, intervals={**SETTINGS.intervals, Band.CRITICAL: 1})
    said = checked_modal(settings.look_modal(daily, "/team"))
    assert "critical every day · high every 7 days" in said
    for when in When:
        said = checked_modal(settings.kept_modal(replace(SETTINGS, when=when)))
        assert "checks are due with every twelfth one." in said
        assert "beside the usual six: xxx" in said
    shown = Secret("abc", "s3cret")
    assert "s3cret" in checked_modal(settings.secret_modal(shown))
    assert "s3cret" not in repr(shown)
    risks = tuple(replace(LINE, id=n) for n in range(10))
    checked_modal(
        portfolio.portfolio_modal(Portfolio(1, 9, 90, 4, 5, 6, 7, risks, ("U1",), may_name=True))
    )
    assert "sparkles" in checked_modal(
        portfolio.portfolio_modal(Portfolio(0, 1, 0, 0, 0, 0, 0, ()))
    )


def test_what_a_screen_of_settings_began_with() -> None:
    """What it shows is what is held against what is typed; what no menu offers was not chosen."""
    shown = settings_listeners.typed(begun(settings.settings_modal(SETTINGS, "C1 x", "/team")))
    assert shown.intervals == SETTINGS.intervals
    assert named(shown.categories) == list(dict.fromkeys(SETTINGS.categories))
    assert (shown.when, shown.nth, shown.weekday) == (When.MONTHLY, -1, 4)
    assert (shown.at, shown.checks_every) == ("08:00", 12)
    odd = replace(SETTINGS, nth=5, weekday=0, checks_every=4, categories=())
    shown = settings_listeners.typed(begun(settings.settings_modal(odd, "C1 x", "/team")))
    assert (shown.nth, shown.weekday, shown.checks_every, shown.categories) == (0, 0, -1, "")
    kept = merged(shown, replace(shown, weekday=2), odd)
    assert (kept.nth, kept.weekday, kept.checks_every) == (5, 2, 4)


def test_what_is_added_to_a_run() -> None:
    """One line however many are overdue, and a menu."""
    made = on_runs.run_blocks([LINE] * 50, dict.fromkeys(range(20), TITLE))
    assert len(made) == 2
    assert "and 47 more" in str(made)
    assert len(made) < MESSAGE_BLOCKS
    late = replace(LINE, next_review=LINE.today - timedelta(days=1))
    assert ", 1 day)" in str(on_runs.run_blocks([late], {}))
    assert on_runs.run_blocks([], {}) == []
