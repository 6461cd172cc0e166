"""The paths this Jira knows, and what a call brings along."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from bot.sandbox.jira.errors import JiraError
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.tickets import Tickets
from bot.sandbox.jira.world import Account, Deployment, Issue, JiraWorld, Project
from bot.sandbox.world import Json

BOTH = (Deployment.CLOUD, Deployment.SERVER)
CLOUD = (Deployment.CLOUD,)
SERVER = (Deployment.SERVER,)


@dataclass(frozen=True)
class Reply:
    """A status and what is said with it; None is an empty body."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A call that got in: by whom, in which version, with which query and body."""

    site: JiraSite
    viewer: Account | None
    version: str
    query: Mapping[str, list[str]]
    given: Any

    @property
    def world(self) -> JiraWorld:
        return self.site.world

    @property
    def shapes(self) -> Tickets:
        return self.site.shapes(self.version)

    @property
    def person(self) -> Account:
        """Who calls; raises JiraError where nobody has signed in."""
        if self.viewer is None:
            raise JiraError(403, "You do not have permission to perform this operation.")
        return self.viewer

    @property
    def body(self) -> Json:
        if not isinstance(self.given, dict):
            raise JiraError(400, "Invalid request payload. Refer to the REST API documentation "
                                 "and try again.")  # fmt: skip
        return self.given

    def asked(self, name: str) -> str | None:
        """A parameter of the query, None where it is missing or empty."""
        return (self.query.get(name) or [""])[0] or None

    def number(self, name: str, default: int) -> int:
        text = self.asked(name)
        if text is None:
            return default
        if not text.lstrip("-").isdecimal() or int(text) < 0:
            raise JiraError(400, f"The value '{text}' is not valid for '{name}'.")
        return int(text)

    def issue(self, ref: str) -> Issue:
        """An issue that the caller can see."""
        issue = self.world.find(ref)
        if issue is None or not self.world.sees(self.viewer, issue):
            cloud = "Issue does not exist or you do not have permission to see it."
            raise JiraError(404, cloud if self.world.is_cloud else "Issue Does Not Exist")
        return issue

    def project(self, ref: str) -> Project:
        """A project that the caller can see."""
        project = self.world.project(ref)
        if project is None or not self.world.may(self.viewer, project, "BROWSE_PROJECTS"):
            kind = "id" if ref.isdecimal() else "key"
            raise JiraError(404, f"No project could be found with {kind} '{ref}'.")
        return project

    def need(self, issue: Issue, right: str) -> None:
        if not self.world.may(self.viewer, self.world.projects[issue.project], right):
            self.refuse(right)

    def refuse(self, right: str) -> NoReturn:
        what = right.lower().replace("_", " ")
        raise JiraError(403, f"You do not have permission to {what} in this project.")


Handler = Callable[..., Reply]


@dataclass(frozen=True)
class Route:
    """A verb and a path; parts in braces are handed to the handler by name."""

    verb: str
    path: str
    handler: Handler
    of: tuple[Deployment, ...]
    anonymous: bool

    def match(self, path: str) -> dict[str, str] | None:
        """The parts in braces, or None for another path."""
        wanted, given = self.path.split("/"), path.split("/")
        if len(wanted) != len(given):
            return None
        found: dict[str, str] = {}
        for want, part in zip(wanted, given, strict=True):
            if want.startswith("{"):
                found[want[1:-1]] = part
            elif want != part:
                return None
        return found if all(found.values()) else None


ROUTES: list[Route] = []


def route(
    verb: str, path: str, *, of: tuple[Deployment, ...] = BOTH, anonymous: bool = False
) -> Callable[[Handler], Handler]:
    """Register a handler; `anonymous` ones may be called without signing in."""

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(verb, path, handler, of, anonymous))
        return handler

    return register


def paged(rows: list[Any], start: int, most: int) -> list[Any]:
    return rows[start : start + most]
