"""What monitors send: Alertmanager's own payload, a plain JSON, and what is neither."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rituals.risk.alerts.payloads import NotAnAlert, Told, parse

ALERTMANAGER: dict[str, Any] = {
    "version": "4",
    "groupKey": '{}:{alertname="FeatureDrift"}',
    "truncatedAlerts": 0,
    "status": "firing",
    "receiver": "meridian",
    "groupLabels": {"alertname": "FeatureDrift"},
    "commonLabels": {"alertname": "FeatureDrift", "severity": "warning"},
    "commonAnnotations": {},
    "externalURL": "http://alertmanager.example:9093",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "FeatureDrift", "severity": "warning", "model": "churn-v2"},
            "annotations": {"summary": "PSI above 0.25", "value": "0.31"},
            "startsAt": "2026-03-30T07:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example/graph?g0.expr=psi",
            "fingerprint": "c6eadffa33fcdf37",
        },
        {
            "status": "resolved",
            "labels": {"alertname": "Latency"},
            "annotations": {},
            "generatorURL": "",
            "fingerprint": "aa11",
        },
    ],
}


def body(sent: Any) -> bytes:
    return json.dumps(sent).encode()


def test_alertmanagers_own() -> None:
    """As its documentation has it, for version 4."""
    drift, latency = parse(body(ALERTMANAGER))
    assert drift == Told(
        fingerprint="c6eadffa33fcdf37",
        source="meridian",
        name="FeatureDrift",
        severity="warning",
        value="0.31",
        link="http://prometheus.example/graph?g0.expr=psi",
        model="churn-v2",
        summary="PSI above 0.25",
    )
    assert (latency.name, latency.firing, latency.link) == (
        "Latency",
        False,
        "http://alertmanager.example:9093",
    )


def test_the_plain_one() -> None:
    """Source and name are enough; numbers are as good as texts; the same again is the same."""
    (told,) = parse(body({"source": "evidently", "name": "psi", "value": 0.31, "risk": "R12"}))
    assert (told.value, told.risk_id, told.firing) == ("0.31", 12, True)
    (again,) = parse(body({"source": "evidently", "name": "psi", "value": 0.4}))
    assert again.fingerprint == told.fingerprint
    (other,) = parse(body({"source": "evidently", "name": "psi", "model": "b"}))
    assert other.fingerprint != told.fingerprint


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        body({"source": "a"}),
        body({"source": "", "name": ""}),
        body({"source": ["a"], "name": "b"}),
        body({"alerts": "many"}),
        body({"alerts": [1]}),
        body({"alerts": [{"labels": {"a": {"b": "c"}}}]}),
    ],
)
def test_what_is_no_alert(sent: bytes) -> None:
    """It is named, whatever it is."""
    with pytest.raises(NotAnAlert):
        parse(sent)


def test_links_that_are_none() -> None:
    """Only web addresses are linked to, and none that goes on for ever."""
    for link in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://x/" + "a" * 600,
        "<!channel>",
    ):
        (told,) = parse(body({"source": "a", "name": "b", "link": link}))
        assert told.link == ""


def test_a_thousand_in_one_request() -> None:
    """All are taken; the same fingerprint counts once."""
    alerts = [{"labels": {"alertname": f"n{n}"}, "fingerprint": str(n % 500)} for n in range(1000)]
    told = parse(body({"alerts": alerts}))
    assert len(told) == 500
    assert len({one.fingerprint for one in told}) == 500


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.lists(st.text())))
def test_anything_at_all(sent: dict[str, Any]) -> None:
    """Either an alert or no alert, and nothing longer than its column."""
    try:
        told = parse(body(sent | {"source": "x", "name": "y"}))
    except NotAnAlert:
        return
    for one in told:
        assert len(one.name) <= 150
        assert len(one.fingerprint) <= 128
