"""A Jira in a file is the same Jira."""

import json
from pathlib import Path

from bot.core.clock import MovableCalendar
from bot.sandbox import Sandbox, keeping
from tests.sandbox.conftest import START, Client, Paced
from tests.sandbox.jira.conftest import BUG, COMPONENT_AREA, Desk


async def test_everything_comes_back(
    desk: Desk, control: Client, machine: Paced, tmp_path: Path
) -> None:
    """Issues, links, comments, history, old keys and deletions; and numbers go on from there."""
    made = await desk.create(labels=["kept"], duedate="2026-04-02", assignee=desk.user("mei"))
    await desk.create("DATA", BUG, **{COMPONENT_AREA: {"value": "Warehouse"}})
    gone = await desk.create()
    link = {"globalId": "slack-1", "object": {"url": "https://x.example", "title": "Slack"}}
    await desk.send("POST", f"2/issue/{made['id']}/remotelink", link, 201)
    await control.post("jira/comment", key=made["key"], text="Soon")
    await control.post("jira/transition", key=made["key"], to="Done")
    await control.post("jira/move", key=made["key"], project="DATA")
    await control.post("jira/delete", key=gone["key"])
    await control.post("jira/project", project="ML", without=["CREATE_ISSUES"])

    file = tmp_path / "world.json"
    keeping.save(file, keeping.take(desk.sandbox.site, whole=True))
    kept = keeping.load(file)
    assert kept is not None
    again = Sandbox(machine=machine, calendar=MovableCalendar(machine, START), kept=kept)
    before, after = desk.sandbox.site.jira.world, again.site.jira.world
    for name in ("deployment", "accounts", "projects", "issues", "links", "comments", "history",
                 "former", "deleted", "last_id"):  # fmt: skip
        assert getattr(after, name) == getattr(before, name), name
    assert after.find("ML-1") == before.find("DATA-2")
    assert {each.id for each in again.site.jira.index.issues()} == before.issues.keys()
    assert after.next_id() not in before.issues


async def test_a_world_from_before_jira_gets_a_fresh_one(
    sandbox: Sandbox, machine: Paced, tmp_path: Path
) -> None:
    """Its file says nothing of any."""
    file = tmp_path / "world.json"
    keeping.save(file, keeping.take(sandbox.site, whole=True))
    old = json.loads(file.read_bytes())
    del old["jira"]
    file.write_text(json.dumps(old))
    again = Sandbox(
        machine=machine, calendar=MovableCalendar(machine, START), kept=keeping.load(file)
    )
    assert again.site.jira.world.project("ML") is not None
    assert again.site.jira.world.issues == {}
