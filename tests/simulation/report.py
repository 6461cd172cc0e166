"""What is printed of a run that failed: its number, what is wrong, and how it came to that."""

from collections.abc import Iterator

from tests.simulation.people.act import told
from tests.simulation.plan import Plan
from tests.simulation.run import Verdict


def report(plan: Plan, verdict: Verdict) -> Iterator[str]:
    """A failure in words: the plan's parts, the trace, and what does not hold."""
    setting = plan.setting
    yield f"Seed {plan.seed}, cut to {plan.size} parts."
    yield f"From {setting.start} to {setting.end}, Slack's clock {setting.skew:+.0f} s."
    for person in setting.people:
        yield f"  {person.id} in {person.zone}"
    for standup in setting.standups:
        yield f"  {standup}"
    for one in sorted((*plan.acts, *plan.incidents), key=lambda part: part.at):
        yield f"  {one.at:%d %H:%M:%S} {told(one)}"
    yield "What happened:"
    yield from (f"  {line}" for line in verdict.trace)
    yield "What does not hold:" if verdict.complaints else "All that must hold does."
    yield from (f"  {line}" for line in verdict.complaints)
