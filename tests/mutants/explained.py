"""Changes that no test can notice, each with its reason: they do the same, or only cost time.

By module, and what is changed to what. `test_changes.py` holds that each of them is still there.
"""

EXPLAINED: dict[tuple[str, str], str] = {
    ("bot.core.cadence", "64 → 65"): "no zone's name has 65 characters either",
    (
        "bot.core.cadence",
        "len(name) <= _LONGEST_NAME → len(name) < _LONGEST_NAME",
    ): "no zone's name has 64 characters",
    (
        "bot.core.cadence",
        "today + offset * _DAY → today - offset * _DAY",
    ): "the day before and the day after are looked at in the other order",
    ("bot.core.cadence", "0 → 1"): "today is what is answered where no other date is found",
    ("bot.actions.rights", "1 → 2"): "whether there is any is all that is asked",
    ("bot.rituals.risk.rights", "1 → 2"): "whether there is any is all that is asked",
    (
        "bot.rituals.risk.rights",
        "person.is_admin or team_id is None → person.is_admin",
    ): "of no team nobody is an owner, which lets everybody in too",
    ("bot.asking.owners", "session.flush() → pass"): "the session flushes before it asks",
}
