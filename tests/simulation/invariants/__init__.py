"""What must hold of every run, whatever happened in it. A new promise of the bot's joins here."""

from collections.abc import Callable, Iterable, Iterator

from tests.simulation.evidence import Evidence
from tests.simulation.invariants import (
    alerts,
    answers,
    asked,
    checks,
    few,
    made_of,
    mirrors,
    mitigations,
    rates,
    retros,
    reviews,
    risks,
    settings,
    stages,
    team_reviews,
    tickets,
    told,
    truth,
    twice,
    unsigned,
)

Invariant = Callable[[Evidence], Iterator[str]]

ALL_ALONG: tuple[Invariant, ...] = (
    answers.kept,
    mirrors.show_what_sql_says,
    tickets.one_each,
    tickets.items_kept,
    retros.notes_kept,
    risks.risks_kept,
    risks.changes_kept,
    risks.risks_as_left,
    made_of.sources_kept,
    made_of.sources_follow,
    settings.settings_kept,
    mitigations.mitigations_kept,
    checks.checks_kept,
    alerts.alerts_counted,
    unsigned.nobody_named,
)
"""Whenever the bot is at rest and nothing was wrong lately."""

AT_THE_END: tuple[Invariant, ...] = (
    twice.nothing_twice,
    asked.nobody_missing,
    asked.nobody_uncalled,
    asked.runs_shown,
    asked.reminders,
    few.two_a_day,
    rates.within_rates,
    answers.kept,
    answers.states,
    told.helpers_told,
    told.owners_told,
    told.deletions_told,
    mirrors.show_what_sql_says,
    tickets.one_each,
    tickets.items_kept,
    tickets.none_missing,
    tickets.both_sides_agree,
    tickets.as_people_left_it,
    stages.stages_in_order,
    stages.stages_in_time,
    retros.notes_kept,
    retros.tallied,
    retros.merged_as_chosen,
    retros.topics_once,
    retros.replies_kept,
    risks.risks_kept,
    risks.changes_kept,
    risks.risks_as_left,
    made_of.sources_kept,
    made_of.alerts_linked,
    made_of.sources_follow,
    reviews.reviews_asked,
    reviews.reviews_uncalled,
    reviews.asked_once,
    team_reviews.team_reviews_held,
    team_reviews.worst_asked,
    settings.settings_kept,
    mitigations.mitigations_kept,
    checks.checks_kept,
    checks.checks_shown,
    reviews.alerts_mention_who_works,
    alerts.only_its_monitor,
    alerts.alerts_counted,
    alerts.few_threads,
    alerts.alerts_shown,
    alerts.many_shown,
    alerts.decisions_kept,
    alerts.scores_left_alone,
    unsigned.nobody_named,
    truth.known,
    truth.at_rest,
)


def complaints(evidence: Evidence, invariants: Iterable[Invariant]) -> Iterator[str]:
    """Everything that is not as it must be, in words."""
    for invariant in invariants:
        for words in invariant(evidence):
            yield f"{invariant.__name__}: {words}"
