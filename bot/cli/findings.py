"""What `meridian check` found, as it is told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at. A note is fine, but something is off because of it."""

    what: str
    fine: bool = True
    todo: str = ""
    note: bool = False
