"""The demo site: Aurora ML's two projects, and who of the workspace has an account."""

from bot.core.clock import Calendar
from bot.sandbox.aurora import PEOPLE
from bot.sandbox.jira.schemes import (
    BUG,
    COMPONENT_AREA,
    SIMPLE,
    STORY,
    STORY_POINTS,
    STRICT,
    SUBTASK,
    TASK,
)
from bot.sandbox.jira.world import EMAIL, Account, Deployment, JiraWorld, Project

ML, DATA = "10010", "10020"
# Rafael has no account, Arjun shows nobody his address, and nothing can be assigned to Inês.
WITHOUT, HIDDEN, UNASSIGNABLE = "rafael", "arjun", "ines"


def account_id(name: str) -> str:
    """Cloud's id of somebody in the demo."""
    names = [person[1] for person in PEOPLE] + ["meridian", "automation"]
    return f"712020:5e1f0c1a-0000-4000-8000-0000000000{names.index(name) + 1:02d}"


def aurora(calendar: Calendar, deployment: Deployment) -> JiraWorld:
    """A fresh site, with no issue in it."""
    world = JiraWorld(calendar, deployment)
    for number, (_, name, real_name, tz, *_) in enumerate(PEOPLE, 10101):
        if name != WITHOUT:
            email = f"{name}@aurora-ml.example"
            _add(world, number, name, real_name, email, tz, hidden=name == HIDDEN)
    _add(world, 10150, "meridian", "Meridian", EMAIL, "Europe/Berlin")
    _add(world, 10151, "automation", "Automation for Jira", "", "Etc/UTC", kind="app")
    lead, nobody = account_id("lena"), {account_id(UNASSIGNABLE)}
    types = [TASK, BUG, STORY, SUBTASK]
    for project in (
        Project(ML, "ML", "Churn model", lead, SIMPLE, types, {STORY: {STORY_POINTS: False}},
                unassignable=nobody),
        Project(DATA, "DATA", "Data platform", lead, STRICT, types, {BUG: {COMPONENT_AREA: True}},
                unassignable=set(nobody)),
    ):  # fmt: skip
        world.projects[project.id] = project
    return world


def _add(
    world: JiraWorld, number: int, name: str, real_name: str, email: str, tz: str,
    *, hidden: bool = False, kind: str = "atlassian",
) -> None:  # fmt: skip
    id_ = account_id(name)
    world.accounts[id_] = Account(
        id_, name, f"JIRAUSER{number}", real_name, email, tz, hidden=hidden, kind=kind
    )
