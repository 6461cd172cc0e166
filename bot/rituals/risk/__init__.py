"""The risk register: what may go wrong, who looks after it, and reviews that happen."""

from bot.engine.ritual import Ritual, View
from bot.rituals.risk import beside, checks, telling
from bot.rituals.risk.alerts import alerts, alerts_rows, alerts_shown
from bot.rituals.risk.listeners import listen
from bot.rituals.risk.model import KIND
from bot.rituals.risk.on_runs import on_run
from bot.rituals.risk.reviews import chasing, checks_due, schedule, team_review
from bot.rituals.risk.views import alert as alert_views
from bot.rituals.risk.views import checks as check_views
from bot.rituals.risk.views import team_review as review_views

RITUAL = Ritual(
    kind=KIND,
    steps={
        chasing.STEP: chasing.step,
        telling.STEP: telling.step,
        alerts_rows.QUIET: alerts_rows.quiet,
        schedule.PLAN: schedule.plan,
        schedule.HOLD: team_review.hold,
    },
    views={
        team_review.VIEW: View(team_review.review_shown, review_views.review_message),
        team_review.CHANGES_VIEW: View(team_review.review_shown, review_views.changes_message),
        team_review.NEEDS_VIEW: View(team_review.review_shown, review_views.needs_message),
        team_review.TOP_VIEW: View(team_review.top_shown, review_views.top_message),
        alerts.VIEW: View(alerts_shown.message_shown, alert_views.alert_message, throttled=True),
        checks.VIEW: View(checks.check_shown, check_views.check_message),
        checks_due.VIEW: View(checks_due.due_shown, check_views.due_message),
        alerts.AGAIN_VIEW: View(alerts_shown.again_shown, alert_views.again_message),
    },
    listen=listen,
    offers=(beside.OFFER,),
    on_run=on_run,
    plan_anew=schedule.plan_anew,
    daily=(alerts_rows.forget_old, chasing.plan_missing, schedule.follow_sprints),
)
