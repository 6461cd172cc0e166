"""What Jira refuses, with the status and the words it uses."""

from typing import Any


class JiraError(Exception):
    """A call that Jira refuses: general sentences, and sentences by field."""

    def __init__(self, status: int, *messages: str, errors: dict[str, str] | None = None) -> None:
        self.status = status
        self.messages = list(messages)
        self.errors = errors or {}
        super().__init__(" ".join([*self.messages, *self.errors.values()]))
        self.headers: dict[str, str] = {}

    def body(self) -> dict[str, Any]:
        return {"errorMessages": self.messages, "errors": self.errors}


class UnauthorizedError(JiraError):
    """No token, a wrong one, or one that is no longer good."""

    def __init__(self, reason: str = "AUTHENTICATED_FAILED") -> None:
        super().__init__(401, "Client must be authenticated to access this resource.")
        self.headers = {"WWW-Authenticate": 'OAuth realm="jira"', "X-Seraph-LoginReason": reason}

    def body(self) -> dict[str, Any]:
        return {"message": self.messages[0], "status-code": 401}


class FieldError(Exception):
    """A field's value that Jira refuses; the sentence is what it says of it."""
