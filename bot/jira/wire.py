"""One HTTP request to Jira's REST API per call, in the thread that asks; the only user of `jira`.

The library gives the session: how to log in, at which address, and that nothing is sent twice. Its
methods are mostly left alone, since what looks like one call is several: a search first reads the
list of fields, an update reads the issue again (and fails where that fails, after it took effect),
a remote link first reads the application links, and what can be created is refused on Cloud.
"""

import json
import threading
from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from bot.core.errors import MeridianError, NotSent, OutcomeUnknown
from bot.jira.refusals import judged

if TYPE_CHECKING:
    from jira import JIRA
    from requests import Response
    from requests.exceptions import RequestException

Verb = Literal["GET", "POST", "PUT"]

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 10.0  # without a byte


class Wire:
    """The way to one Jira; for any number of threads."""

    def __init__(self, url: str, token: str, email: str | None) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._email = email
        self._client: JIRA | None = None
        self._building = threading.Lock()

    def ask(
        self,
        verb: Verb,
        path: str,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """What Jira answers, as JSON; None where the answer is empty. Sent once."""
        response = self._send(verb, path, params, body)
        headers = {name.lower(): value for name, value in response.headers.items()}
        # To guess at another encoding than JSON's would take longer than the call.
        body_of_error = "" if response.ok else response.content.decode(errors="replace")
        wrong = judged(response.status_code, headers, body_of_error)
        if wrong is not None:
            raise wrong
        if not response.content:
            return None
        try:
            return response.json()
        except (ValueError, RecursionError) as error:  # a proxy's page in Jira's stead
            raise OutcomeUnknown from error

    def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            self._client.close()  # type: ignore[no-untyped-call]

    def _send(
        self,
        verb: Verb,
        path: str,
        params: Mapping[str, str | int] | None,
        body: Mapping[str, Any] | None,
    ) -> "Response":
        from jira.exceptions import JIRAError
        from requests.exceptions import RequestException

        client = self._built()
        try:
            return client._session.request(
                verb,
                client._get_url(path),
                params=params,
                data=None if body is None else json.dumps(body),
                allow_redirects=False,  # a POST would be sent on as a GET
            )
        except JIRAError as error:
            if error.response is None:
                raise OutcomeUnknown from error
            return error.response
        except RequestException as error:
            # The outermost one would put the whole address into the log, and who was looked for.
            raise failed(error) from _causes(error)[-1]
        except (KeyError, TypeError, RecursionError) as error:
            # The library's reader of errors stumbles over a body that is not Jira's.
            raise OutcomeUnknown from error

    def _built(self) -> "JIRA":
        with self._building:
            if self._client is None:
                self._client = self._build()
            return self._client

    def _build(self) -> "JIRA":
        from jira import JIRA  # heavy: some 60 modules that only an installation with Jira needs

        login: dict[str, Any] = (
            {"token_auth": self._token}
            if self._email is None
            else {"basic_auth": (self._email, self._token)}
        )
        made = JIRA(
            server=self.url,
            options={"headers": {"User-Agent": "Meridian"}},
            max_retries=0,
            timeout=(_CONNECT_SECONDS, _READ_SECONDS),
            get_server_info=False,
            logging=False,  # it would log whole replies
            **login,
        )
        # A proxy of the environment is on the way to other machines only.
        made._session.trust_env = not _is_here(self.url)
        return made


def _is_here(url: str) -> bool:
    """Whether an address is on this machine, as the sandbox's is."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def failed(error: "RequestException") -> MeridianError:
    """What an exception of `requests` says about whether the request got through."""
    from ssl import CertificateError

    from requests import exceptions
    from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

    never = (
        CertificateError,
        ConnectTimeoutError,
        NameResolutionError,
        NewConnectionError,
        exceptions.ConnectTimeout,
        exceptions.InvalidURL,
    )
    if any(isinstance(one, never) for one in _causes(error)):
        return NotSent()
    return OutcomeUnknown()


def _causes(error: BaseException) -> list[BaseException]:
    """The exception and those that it wraps: urllib3 keeps one in `reason`, others in `args`."""
    found = [error]
    for one in found:
        inner = (getattr(one, "reason", None), *one.args)
        found += [more for more in inner if isinstance(more, BaseException) and more not in found]
    return found
