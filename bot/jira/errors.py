"""What Jira itself can refuse; all else that can come of a call stands in `bot.core.errors`."""

from collections.abc import Mapping

from bot.core.errors import MeridianError, Transient


class JiraRefused(MeridianError):  # noqa: N818 - it names what happened
    """Jira said no, and said why; nothing took effect."""

    def __init__(
        self, status: int, messages: tuple[str, ...] = (), fields: Mapping[str, str] | None = None
    ) -> None:
        self.status = status  # HTTP's
        self.messages = messages  # Jira's own words about the whole
        self.fields = dict(fields or {})  # and about single fields, by their ids
        super().__init__(f"Jira refused: {self.words or status}")

    @property
    def noted(self) -> str:
        """The status, and which fields it is about; Jira's own words may quote anything."""
        return " ".join([str(self.status), *self.fields])

    @property
    def words(self) -> str:
        """All that Jira said, in one line; empty where it said nothing."""
        return " ".join([*self.messages, *self.fields.values()])


class FieldsMissing(JiraRefused):
    """An issue was not created, since fields are required that were not given."""

    @property
    def missing(self) -> frozenset[str]:
        """Their ids; what else was refused stands in `fields`."""
        return self._missing

    def __init__(
        self,
        status: int,
        messages: tuple[str, ...],
        fields: Mapping[str, str],
        missing: frozenset[str],
    ) -> None:
        self._missing = missing
        super().__init__(status, messages, fields)


class Forbidden(JiraRefused):
    """The token's account may not do that (403)."""


class NotFound(JiraRefused):
    """There is no such thing, or the token's account may not see it (404)."""


class Unauthorised(JiraRefused):
    """The token is no longer good, or never was (401)."""


class Conflict(Transient):
    """Somebody changed the same issue in Jira at that moment; nothing took effect."""
