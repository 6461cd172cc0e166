"""A few issues, so that the demo's board isn't bare."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.jira.aurora import DATA, ML, account_id
from bot.sandbox.jira.schemes import BUG, COMPONENT_AREA, STORY, TASK
from bot.sandbox.jira.site import JiraSite

# project, type, reporter, assignee, days until it is due, ways it has gone, summary
SEEDS: tuple[tuple[str, str, str, str | None, int | None, tuple[str, ...], str], ...] = (
    (ML, TASK, "lena", "arjun", None, ("21", "31"), "Write down how churn is labelled"),
    (ML, TASK, "arjun", "arjun", 5, ("21",), "Retrain on the March data"),
    (ML, STORY, "sam", "lena", 12, ("21",), "See which customers are likely to leave"),
    (ML, TASK, "lena", "mei", 9, (), "Alert when a feature drifts"),
    (ML, BUG, "sam", None, None, (), "Scores of closed accounts still show up"),
    (DATA, TASK, "mei", "mei", 3, ("11",), "Backfill events lost on 12 February"),
    (DATA, BUG, "arjun", None, None, (), "Late events are counted twice"),
)


def furnish(site: JiraSite) -> None:
    """Create them, as of now."""
    world, zone = site.world, ZoneInfo("Europe/Berlin")
    for project_id, type_id, reporter, assignee, days, ways, summary in SEEDS:
        project, by = world.projects[project_id], world.accounts[account_id(reporter)]
        values = {"summary": summary, "assignee": assignee and account_id(assignee)}
        if days is not None:
            day = world.now().astimezone(zone).date() + timedelta(days=days)
            values["duedate"] = day.isoformat()
        if type_id == BUG and project_id == DATA:
            values[COMPONENT_AREA] = "10100"
        issue = site.tracker.create(project, type_id, values, by)
        for way in ways:
            step = next(each for each in world.transitions(issue) if each.id == way)
            issue = site.tracker.transition(issue, step, by)
