"""What Jira's webhook says: no more than which issue to read again. Pure.

Source: developer.atlassian.com/cloud/jira/platform/webhooks
"""

import hashlib
import hmac
import json
from collections.abc import Mapping

from bot.core.errors import MeridianError

_SIGNATURE = "X-Hub-Signature"
_IDENTIFIER = "X-Atlassian-Webhook-Identifier"
_LONGEST_ID = 19  # digits


class BadWebhook(MeridianError):  # noqa: N818 - it names what it is
    """That is not what Jira sends."""


def signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the body carries the signature that only somebody with the secret can make.

    `headers` don't mind the case of their names; the body is as it came.
    """
    given = headers.get(_SIGNATURE, "")
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    # As bytes, since a header with other letters than ASCII would be an error to compare.
    return hmac.compare_digest(given.encode(errors="surrogateescape"), expected.encode())


def identifier(headers: Mapping[str, str], body: bytes) -> str:
    """What a delivery and its repetitions have in common; without Jira's own, the body's hash."""
    given = headers.get(_IDENTIFIER, "")
    usable = 0 < len(given) <= 255 and given.isascii() and given.isprintable()
    return given if usable else hashlib.sha256(body).hexdigest()


def issue_of(body: bytes) -> str | None:
    """The id of the issue that a delivery is about, if it is about one. Raises BadWebhook."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadWebhook from error
    if not isinstance(said, dict) or not isinstance(said.get("webhookEvent"), str):
        raise BadWebhook
    issue = said.get("issue")
    if issue is None:
        return None
    found = str(issue.get("id")) if isinstance(issue, dict) else ""
    if not (found.isascii() and found.isdigit() and len(found) <= _LONGEST_ID):
        raise BadWebhook
    return found
