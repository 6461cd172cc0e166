"""Settings: read once from the environment and `.env`, and everything wrong named at once."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot import settings
from bot.settings import BadSettings, Settings

GOOD = {"SLACK_BOT_TOKEN": "xoxb-canary-1", "SLACK_APP_TOKEN": "xapp-canary-2"}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither this shell's settings nor a `.env` of the working copy."""
    import os

    for name in [name for name in os.environ if name.startswith("MERIDIAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def give(monkeypatch: pytest.MonkeyPatch, **named: str) -> None:
    for name, value in named.items():
        monkeypatch.setenv(f"MERIDIAN_{name}", value)


def complaints() -> list[str]:
    with pytest.raises(BadSettings) as raised:
        settings.load()
    return raised.value.lines


def test_two_tokens_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Socket Mode, SQLite, and a server for this machine only."""
    give(monkeypatch, **GOOD)
    loaded = settings.load()
    assert loaded.socket_mode
    assert loaded.database_url == "sqlite:///var/meridian.db"
    assert (loaded.host, loaded.port, loaded.log_level) == ("127.0.0.1", 8080, "info")
    assert (loaded.standup_command, loaded.team_command) == ("/standup", "/team")


def test_two_commands_need_two_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack knows a command by its name alone."""
    give(monkeypatch, **GOOD, STANDUP_COMMAND="/daily", TEAM_COMMAND="/daily")
    assert complaints() == ["MERIDIAN_TEAM_COMMAND: it should differ from MERIDIAN_STANDUP_COMMAND"]


def test_without_an_app_token_slack_comes_in_by_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the signing secret is needed."""
    give(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="secret")
    assert not settings.load().socket_mode


def test_nothing_set_names_all_that_is_missing() -> None:
    """One line each, with what it is for."""
    assert complaints() == [
        "MERIDIAN_SLACK_BOT_TOKEN is missing (the bot token of the app, xoxb-…)",
        "MERIDIAN_SLACK_SIGNING_SECRET: set it for HTTP, or MERIDIAN_SLACK_APP_TOKEN (xapp-…) "
        "for Socket Mode",
    ]


def test_everything_wrong_is_named_at_once_without_the_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A value may be a secret in the wrong place."""
    give(
        monkeypatch,
        SLACK_BOT_TOKEN="xoxp-canary",
        SLACK_APP_TOKEN="xoxb-canary",
        SLACK_API_URL="ftp://canary",
        SLACK_RATES="canary",
        DATABASE_URL="mysql://canary",
        PORT="99999",
        LOG_LEVEL="canary",
        STANDUP_COMMAND="canary",
        JIRA_URL="ftp://canary",
        JIRA_EMAIL="canary",
        JIRA_TOKEN="canary\n2",
        JIRA_TOKEN_EXPIRES="canary",
    )
    said = complaints()
    names = [line.split(":")[0] for line in said]
    assert names == [
        "MERIDIAN_SLACK_BOT_TOKEN",
        "MERIDIAN_SLACK_APP_TOKEN",
        "MERIDIAN_SLACK_API_URL",
        "MERIDIAN_SLACK_RATES",
        "MERIDIAN_DATABASE_URL",
        "MERIDIAN_PORT",
        "MERIDIAN_LOG_LEVEL",
        "MERIDIAN_STANDUP_COMMAND",
        "MERIDIAN_JIRA_URL",
        "MERIDIAN_JIRA_EMAIL",
        "MERIDIAN_JIRA_TOKEN",
        "MERIDIAN_JIRA_TOKEN_EXPIRES",
    ]
    assert not any("canary" in line for line in said)
    assert not any("\n" in line for line in said)


def test_an_empty_setting_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files and unit files like to pass empty ones."""
    give(monkeypatch, **GOOD, PORT="", SLACK_API_URL="")
    assert settings.load().port == 8080


def test_white_space_around_a_token_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes along when one copies."""
    give(monkeypatch, SLACK_BOT_TOKEN=" xoxb-1 \n", SLACK_APP_TOKEN="xapp-1\t")
    assert settings.load().slack_bot_token.get_secret_value() == "xoxb-1"


def test_env_file_is_read_and_the_environment_outranks_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Lines for other programs in it are none of our business."""
    lines = [*(f"MERIDIAN_{name}={value}" for name, value in GOOD.items()), "MERIDIAN_PORT=9001"]
    (tmp_path / ".env").write_text("\n".join([*lines, "OTHER=1", "MERIDIAN_LOG_LEVEL=debug"]))
    give(monkeypatch, PORT="9002")
    loaded = settings.load()
    assert (loaded.port, loaded.log_level) == (9002, "debug")


def test_secrets_are_in_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that goes into a log by mistake says nothing."""
    give(monkeypatch, **GOOD, SLACK_SIGNING_SECRET="canary-3")
    give(monkeypatch, DATABASE_URL="postgresql://meridian:canary-4@db/meridian")
    give(monkeypatch, JIRA_URL="https://a.example", JIRA_TOKEN="canary-5")
    give(monkeypatch, JIRA_WEBHOOK_SECRET="canary-6")
    loaded = settings.load()
    for shown in (repr(loaded), str(loaded)):
        assert "canary" not in shown
    assert "canary-4" in loaded.database_url


def test_jira_cloud_is_a_site_an_e_mail_and_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest may be left out."""
    give(monkeypatch, **GOOD, JIRA_URL="https://aurora.atlassian.net/", JIRA_TOKEN="canary-5")
    give(monkeypatch, JIRA_EMAIL="bot@aurora.example")
    loaded = settings.load()
    assert loaded.jira_url == "https://aurora.atlassian.net"
    assert loaded.jira_email == "bot@aurora.example"
    assert loaded.jira_token is not None
    assert (loaded.jira_webhook_secret, loaded.jira_token_expires) == (None, None)


def test_jira_data_center_is_a_site_and_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may lie under a path, and within a network without https."""
    give(monkeypatch, **GOOD, JIRA_URL="http://10.0.0.7:8080/jira", JIRA_TOKEN="canary-5")
    give(monkeypatch, JIRA_WEBHOOK_SECRET="canary-6", JIRA_TOKEN_EXPIRES="2027-01-31")
    loaded = settings.load()
    assert (loaded.jira_url, loaded.jira_email) == ("http://10.0.0.7:8080/jira", None)
    assert loaded.jira_token_expires == date(2027, 1, 31)


def test_a_site_of_jira_needs_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """And on Cloud the e-mail that goes with it."""
    give(monkeypatch, **GOOD, JIRA_URL="https://aurora.atlassian.net")
    assert complaints() == [
        "MERIDIAN_JIRA_EMAIL: set it too: Jira Cloud knows a token by its account's e-mail",
        "MERIDIAN_JIRA_TOKEN: set it too, for MERIDIAN_JIRA_URL",
    ]


@pytest.mark.parametrize("name", ["EMAIL", "TOKEN", "WEBHOOK_SECRET"])
def test_without_a_site_the_rest_of_jira_is_of_no_use(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Somebody misspelt a name, and would wait for tickets in vain."""
    give(monkeypatch, **GOOD, **{f"JIRA_{name}": "bot@aurora.example"})
    assert complaints() == [f"MERIDIAN_JIRA_{name}: it is of no use without MERIDIAN_JIRA_URL"]


@pytest.mark.parametrize(
    "wrong",
    [
        "aurora.atlassian.net",
        "https://",
        "https://user:canary@jira.example",
        "https://jira.example?x=1",
        "https://jira.example#x",
        "https://jira.example:port",
        "https://[jira",
    ],
)
def test_a_site_of_jira_is_an_address_that_may_be_shown(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    """Links to issues begin with it."""
    give(monkeypatch, **GOOD, JIRA_URL=wrong)
    assert complaints() == ["MERIDIAN_JIRA_URL: it should look like https://example.atlassian.net"]


@pytest.mark.parametrize("wrong", ["@aurora.example", "bot@", "bot", "b ot@a.example", "bøt@a.b"])
def test_an_account_of_jira_is_an_e_mail(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    """It goes into a header."""
    give(monkeypatch, **GOOD, JIRA_URL="https://a.example", JIRA_TOKEN="x", JIRA_EMAIL=wrong)
    assert complaints() == ["MERIDIAN_JIRA_EMAIL: it should look like name@example.com"]


def test_every_secret_is_known_to_the_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which black out what has no look of its own."""
    give(monkeypatch, **GOOD, JIRA_URL="https://a.example", JIRA_TOKEN="canary-5")
    give(monkeypatch, JIRA_WEBHOOK_SECRET="canary-6", SLACK_SIGNING_SECRET="canary-3")
    expected = {*GOOD.values(), "canary-3", "canary-5", "canary-6"}
    assert set(settings.load().secrets) == expected


def test_settings_don_t_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read once."""
    give(monkeypatch, **GOOD)
    with pytest.raises(ValidationError):
        settings.load().port = 1


def test_the_api_url_ends_with_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK appends the method's name."""
    give(monkeypatch, **GOOD, SLACK_API_URL="http://127.0.0.1:8765/api")
    assert settings.load().slack_api_url == "http://127.0.0.1:8765/api/"


def test_every_setting_says_what_it_is_for() -> None:
    """What a missing one's line and the README tell."""
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
