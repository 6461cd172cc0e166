"""Every setting, read once from the environment and `.env`; names begin with MERIDIAN_."""

import base64
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

_PREFIX = "MERIDIAN_"
_KEY_BYTES = 32


class BadSettings(Exception):  # noqa: N818 - it names what is wrong
    """One line for each setting that is missing or wrong."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """The settings of one installation."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    slack_bot_token: SecretStr = Field(description="the bot token of the app, xoxb-…")
    slack_app_token: SecretStr | None = Field(
        default=None, description="the app-level token, xapp-…, for Socket Mode"
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="the signing secret, where Slack comes in by HTTP instead",
    )
    slack_api_url: str | None = Field(default=None, description="another place for the SDK to call")
    slack_rates: Literal["on", "off"] = Field(
        default="on", description="off for throughput runs against the sandbox only"
    )
    database_url: str = Field(
        default="sqlite:///var/meridian.db",
        repr=False,  # PostgreSQL's may hold a password
        description="the SQLite file, or a PostgreSQL database",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="32 bytes in base64, which seal the secrets that the database keeps",
    )
    host: str = Field(default="127.0.0.1", description="where the web server listens")
    port: int = Field(default=8080, ge=0, le=65535, description="its port; 0 takes any free one")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="how much is logged"
    )
    standup_command: str = Field(
        default="/standup",
        pattern=r"^/[a-z0-9_-]{1,31}$",
        description="the slash command, as the app's manifest names it",
    )
    team_command: str = Field(
        default="/team",
        pattern=r"^/[a-z0-9_-]{1,31}$",
        description="the slash command of a team, as the app's manifest names it",
    )
    actions_command: str = Field(
        default="/actions",
        pattern=r"^/[a-z0-9_-]{1,31}$",
        description="the slash command of action items, as the app's manifest names it",
    )
    retro_command: str = Field(
        default="/retro",
        pattern=r"^/[a-z0-9_-]{1,31}$",
        description="the slash command of retros, as the app's manifest names it",
    )
    risk_command: str = Field(
        default="/risk",
        pattern=r"^/[a-z0-9_-]{1,31}$",
        description="the slash command of the risk register, as the app's manifest names it",
    )

    jira_url: str | None = Field(
        default=None, description="Jira's address, where tickets are wanted"
    )
    jira_email: str | None = Field(
        default=None,
        validate_default=True,
        description="the e-mail of the token's account, on Jira Cloud",
    )
    jira_token: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="an API token (Cloud), or a personal access token (Data Center)",
    )
    jira_webhook_secret: SecretStr | None = Field(
        default=None, description="the secret of Jira's webhook; without it Jira is polled only"
    )
    jira_token_expires: date | None = Field(
        default=None, description="the date from which the token is no longer good"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _stripped(cls, given: object) -> object:
        """Without the white space that comes along when one copies a token."""
        return given.strip() if isinstance(given, str) else given

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith("xoxb-"):
            raise ValueError("it should begin with xoxb-")
        return token

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not token.get_secret_value().startswith("xapp-"):
            raise ValueError("it should begin with xapp-")
        return token

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("it should begin with https://")
        return url if url is None or url.endswith("/") else f"{url}/"

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        try:
            backend = make_url(url).get_backend_name()
        except ArgumentError as error:
            raise ValueError("it should look like sqlite:///var/meridian.db") from error
        if backend not in {"sqlite", "postgresql"}:
            raise ValueError("it should name a SQLite file or a PostgreSQL database")
        return url

    @field_validator("secret_key")
    @classmethod
    def _key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and _decoded(key.get_secret_value()) != _KEY_BYTES:
            raise ValueError("it should be 32 bytes in base64: openssl rand -base64 32")
        return key

    @field_validator("slack_signing_secret")
    @classmethod
    def _one_way_in(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if secret is None and info.data.get("slack_app_token", ...) is None:
            raise ValueError(
                f"set it for HTTP, or {_PREFIX}SLACK_APP_TOKEN (xapp-…) for Socket Mode"
            )
        return secret

    @field_validator("team_command", "actions_command", "retro_command", "risk_command")
    @classmethod
    def _another_one(cls, command: str, info: ValidationInfo) -> str:
        for name, other in info.data.items():
            if name.endswith("_command") and command == other:
                raise ValueError(f"it should differ from {_PREFIX}{name.upper()}")
        return command

    @field_validator("jira_url")
    @classmethod
    def _jira_site(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if not _is_site(url):
            raise ValueError("it should look like https://example.atlassian.net")
        return url.rstrip("/")

    @field_validator("jira_email")
    @classmethod
    def _jira_account(cls, email: str | None, info: ValidationInfo) -> str | None:
        if email is None:
            host = urlsplit(info.data.get("jira_url") or "").hostname or ""
            if host.endswith(".atlassian.net"):
                raise ValueError("set it too: Jira Cloud knows a token by its account's e-mail")
            return None
        name, _, domain = email.partition("@")
        if not (name and domain and email.isascii() and email.isprintable() and " " not in email):
            raise ValueError("it should look like name@example.com")
        return _with_a_site(email, info)

    @field_validator("jira_token")
    @classmethod
    def _jira_login(cls, token: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if token is None:
            if info.data.get("jira_url") is not None:
                raise ValueError(f"set it too, for {_PREFIX}JIRA_URL")
            return None
        secret = token.get_secret_value()
        if not (secret.isascii() and secret.isprintable() and " " not in secret):
            raise ValueError("it should be letters, digits and signs without a space")
        return _with_a_site(token, info)

    @field_validator("jira_webhook_secret")
    @classmethod
    def _jira_hook(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        return None if secret is None else _with_a_site(secret, info)

    @field_validator("jira_token_expires", mode="before")
    @classmethod
    def _jira_token_s_end(cls, given: object) -> object:
        try:
            return date.fromisoformat(given) if isinstance(given, str) else given
        except ValueError:
            raise ValueError("it should look like 2027-01-31") from None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that was set, for the logs to black out."""
        given = (getattr(self, name) for name in type(self).model_fields)
        return tuple(one.get_secret_value() for one in given if isinstance(one, SecretStr))

    @property
    def socket_mode(self) -> bool:
        """Whether Slack comes in over a WebSocket that we open."""
        return self.slack_app_token is not None


def _decoded(text: str) -> int | None:
    """How many bytes a text in base64 stands for; None where it is none."""
    try:
        return len(base64.b64decode(text, validate=True))
    except ValueError:
        return None


def _is_site(url: str) -> bool:
    """Whether that is an address to which a path can be added, and that may be shown."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for what is no port
    except ValueError:
        return False
    more = parts.query or parts.fragment or "@" in parts.netloc
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not more


_Given = TypeVar("_Given")


def _with_a_site(given: _Given, info: ValidationInfo) -> _Given:
    """What is of use only where Jira's address is set; raises ValueError elsewhere."""
    if info.data.get("jira_url", ...) is None:
        raise ValueError(f"it is of no use without {_PREFIX}JIRA_URL")
    return given


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings; raises BadSettings, which names everything wrong at once."""
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        raise BadSettings([_line(dict(one)) for one in error.errors()]) from None


def _line(error: dict[str, object]) -> str:
    place = error["loc"]
    name = str(place[0]) if isinstance(place, tuple) and place else ""
    message = str(error["msg"]).removeprefix("Value error, ")
    field = Settings.model_fields.get(name)
    if error["type"] == "missing":
        about = f" ({field.description})" if field and field.description else ""
        return f"{_PREFIX}{name.upper()} is missing{about}"
    return f"{_PREFIX}{name.upper()}: {message}"
