"""What monitors send, parsed into typed values: Alertmanager's own payload, or a plain JSON."""

import hashlib
import json
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.core.text import clamp, one_line

_NAME, _VALUE, _SUMMARY, _LINK, _FINGERPRINT = 150, 80, 300, 500, 128
_DIGITS = 10


class NotAnAlert(Exception):  # noqa: N818 - it names what happened
    """It is no JSON that tells of an alert."""


@dataclass(frozen=True)
class Told:
    """One alert, as a monitor tells of it."""

    fingerprint: str
    source: str
    name: str
    severity: str = ""
    value: str = ""
    link: str = ""
    model: str = ""
    risk_id: int | None = None  # that it names itself
    firing: bool = True
    summary: str = ""


def _text(given: object) -> str:
    """A number or a truth value is as good as its text; nothing else is one."""
    if given is None:
        return ""
    if isinstance(given, (str, int, float, bool)):
        return one_line(str(given))
    raise ValueError("it should be text")


Text = Annotated[str, BeforeValidator(_text)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Plain(_Sent):
    """Our own: source and name are needed."""

    source: Annotated[Text, Field(min_length=1)]
    name: Annotated[Text, Field(min_length=1)]
    severity: Text = ""
    value: Text = ""
    summary: Text = ""
    link: Text = ""
    fingerprint: Text = ""
    model: Text = ""
    risk: Text = ""
    status: Text = "firing"


class _Alert(_Sent):
    """One of Alertmanager's: https://prometheus.io/docs/alerting/latest/configuration/."""

    status: Text = "firing"
    labels: dict[str, Text] = {}
    annotations: dict[str, Text] = {}
    generatorURL: Text = ""  # noqa: N815 - Alertmanager's name
    fingerprint: Text = ""


class _Alertmanager(_Sent):
    receiver: Text = ""
    externalURL: Text = ""  # noqa: N815 - likewise
    alerts: list[_Alert]


def parse(body: bytes) -> list[Told]:
    """The alerts of a request; raises NotAnAlert."""
    try:
        sent = json.loads(body)
        if isinstance(sent, dict) and "alerts" in sent:
            return _alertmanager(_Alertmanager.model_validate(sent))
        return [_plain(_Plain.model_validate(sent))]
    except (ValueError, RecursionError, ValidationError) as error:
        raise NotAnAlert from error


def _plain(sent: _Plain) -> Told:
    return _told(
        fingerprint=sent.fingerprint or _hashed(sent.source, sent.name, sent.model),
        source=sent.source,
        name=sent.name,
        severity=sent.severity,
        value=sent.value,
        link=sent.link,
        model=sent.model,
        risk=sent.risk,
        firing=sent.status.casefold() != "resolved",
        summary=sent.summary,
    )


def _alertmanager(sent: _Alertmanager) -> list[Told]:
    found: dict[str, Told] = {}
    for one in sent.alerts:
        labels, notes = one.labels, one.annotations
        name = labels.get("alertname") or notes.get("summary") or "Alert"
        told = _told(
            fingerprint=one.fingerprint
            or _hashed(*(f"{k}={v}" for k, v in sorted(labels.items()))),
            source=labels.get("source") or sent.receiver or "Alertmanager",
            name=name,
            severity=labels.get("severity", ""),
            value=notes.get("value", ""),
            link=one.generatorURL or sent.externalURL,
            model=labels.get("model", ""),
            risk=labels.get("risk", ""),
            firing=one.status.casefold() != "resolved",
            summary=notes.get("summary") or notes.get("description", ""),
        )
        found[told.fingerprint] = told
    return list(found.values())


def _told(
    *,
    fingerprint: str,
    source: str,
    name: str,
    severity: str,
    value: str,
    link: str,
    model: str,
    risk: str,
    firing: bool,
    summary: str,
) -> Told:
    """As much of each as is kept; an address that is none, or far too long, is left out."""
    digits = risk.upper().removeprefix("R")
    named = digits.isascii() and digits.isdigit() and len(digits) < _DIGITS
    is_address = link.startswith(("http://", "https://")) and len(link) <= _LINK
    return Told(
        fingerprint=fingerprint[:_FINGERPRINT],
        source=clamp(source, _NAME),
        name=clamp(name, _NAME),
        severity=clamp(severity, _VALUE),
        value=clamp(value, _VALUE),
        link=link if is_address else "",
        model=clamp(model, _VALUE),
        risk_id=int(digits) if named else None,
        firing=firing,
        summary=clamp(summary, _SUMMARY),
    )


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
