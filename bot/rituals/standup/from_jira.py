"""What Jira offers to whoever is asked for issues. It may be slow or down: keys are enough then."""

import asyncio
from collections.abc import Iterable, Sequence

import structlog

from bot.actions.projects import project_of
from bot.core.errors import MeridianError
from bot.core.noted import noted
from bot.engine.intake import Intake, Issues
from bot.jira.keys import keys
from bot.rituals.standup import issues
from bot.rituals.standup.issues import KEYS_ONLY, Note, Offered
from bot.rituals.standup.questions import Question, QuestionKind
from bot.rituals.standup.views.issues import TICKABLE

_PATIENCE_SECONDS = 4.0  # of a person who looks at a form that loads
_SUGGEST_SECONDS = 2.5  # of the three that Slack waits
_SUGGESTED = 20

log = structlog.get_logger()


async def offered(
    intake: Intake, slack_id: str, channel: str, questions: Iterable[Question]
) -> Offered:
    """What somebody may tick, and whether the project of a channel's team can be searched."""
    if intake.issues is None or not any(one.kind is QuestionKind.ISSUES for one in questions):
        return KEYS_ONLY
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await _offered(intake, intake.issues, slack_id, channel)
    except (MeridianError, TimeoutError) as error:
        log.warning("somebody's issues could not be listed", error=noted(error))
        return Offered(note=Note.DOWN)


async def _offered(intake: Intake, jira: Issues, slack_id: str, channel: str) -> Offered:
    found = await jira.in_progress(slack_id, TICKABLE)
    project = await intake.read(project_of, intake.workspace_id, channel)
    search = channel if project is not None else ""
    if found is None:
        return Offered(search=search, note=Note.UNKNOWN)
    mine = tuple(issues.line(one.key, one.summary) for one in found)
    return Offered(mine, search, Note.NOTHING if mine else Note.NONE)


async def suggested(intake: Intake, channel: str, typed: str) -> Sequence[str]:
    """Issues of the project of a channel's team, as an answer holds them, for what is typed.

    A key of another project is offered as it is, and any key while Jira can't be asked.
    """
    project = await intake.read(project_of, intake.workspace_id, channel)
    meant = [one.key for one in keys(typed.strip().upper())]
    if intake.issues is None or project is None:
        return meant
    try:
        async with asyncio.timeout(_SUGGEST_SECONDS):
            found = await intake.issues.search(project, typed, _SUGGESTED)
    except (MeridianError, TimeoutError) as error:
        log.warning("issues could not be searched", error=noted(error))
        return meant
    elsewhere = [key for key in meant if key.rpartition("-")[0] != project.key]
    return [issues.line(one.key, one.summary) for one in found] or elsewhere
