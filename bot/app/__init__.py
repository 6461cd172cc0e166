"""The composition root: builds every object, and brings them up and down in order."""

from bot.app.meridian import JIRA_PATH, Meridian

__all__ = ["JIRA_PATH", "Meridian"]
