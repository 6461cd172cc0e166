"""Changes that no test can notice, each with its reason: they do the same, or only cost time."""

EXPLAINED: dict[tuple[str, str], str] = {}
"""By module, and what is changed to what."""
