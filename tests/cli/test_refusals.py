"""What keeps `run` and `sandbox` from starting: one sentence each."""

import socket

from bot.db.engines import lock
from tests.cli.conftest import Slack


def test_a_second_run_on_one_database_is_refused(slack: Slack, on_sqlite: None) -> None:
    """Two would send everything twice."""
    held = lock(slack.database_url)
    done = slack.run("run", PORT="0")
    assert held is not None
    held.close()
    assert done.exit_code == 1
    assert done.stderr.startswith("Another Meridian is running on this database.")


def test_a_taken_port_of_run_is_named_with_its_setting(slack: Slack) -> None:
    """Somebody else's server may be there."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = slack.run("run", PORT=port)
    assert done.exit_code == 1
    assert done.stderr == f"Port {port} of 127.0.0.1 is taken. Set MERIDIAN_PORT to another.\n"


def test_a_refused_token_says_who_tells_more(slack: Slack) -> None:
    """It won't get better by waiting."""
    done = slack.run("run", PORT="0", SLACK_BOT_TOKEN="xoxb-canary")
    assert done.exit_code == 1
    assert done.stderr.startswith("Slack refuses the bot token (invalid_auth).")
    assert "meridian check" in done.stderr
    assert "canary" not in done.output


def test_a_taken_port_of_the_sandbox_names_the_next(slack: Slack) -> None:
    """With the way to it."""
    port = int(slack.world.url.rpartition(":")[2])
    done = slack.run("sandbox", "--no-bot", "--port", str(port))
    assert done.exit_code == 1
    assert f"make sandbox PORT={port + 1}" in done.stderr
