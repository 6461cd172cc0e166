"""The ways in from Slack of all that there is only with Jira."""

from slack_bolt.async_app import AsyncApp

from bot.actions import account_listeners, project_listeners, trouble_listeners
from bot.engine.intake import Intake
from bot.jira.gateway import Gateway


def listen(app: AsyncApp, intake: Intake, jira: Gateway, *, cloud: bool) -> None:
    """Register the listeners about Jira."""
    account_listeners.listen(app, intake, jira)
    project_listeners.listen(app, intake, jira, cloud=cloud)
    trouble_listeners.listen(app, intake, jira, cloud=cloud)
