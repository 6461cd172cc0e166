"""A Jira site, Cloud or Data Center, at `/jira` of the sandbox."""

from bot.sandbox.jira.world import EMAIL, PATH, TOKEN, Deployment

__all__ = ["EMAIL", "PATH", "TOKEN", "Deployment"]
