"""The tests' own guards."""

import socket

import pytest

from tests.conftest import NetworkBlocked


@pytest.mark.parametrize("address", [("192.0.2.1", 9), ("slack.example", 443), ("2001:db8::1", 9)])
def test_no_test_reaches_another_machine(address: tuple[str, int]) -> None:
    """A connection to anything but this machine is refused before it is tried."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as outward, pytest.raises(NetworkBlocked):
        outward.connect(address)


def test_no_test_asks_for_another_machine_s_name() -> None:
    """Name servers are outside too."""
    with pytest.raises(NetworkBlocked):
        socket.getaddrinfo("slack.example", 443)


def test_this_machine_can_be_reached() -> None:
    """The sandbox lives here."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
