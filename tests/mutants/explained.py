"""Changes that no test can notice, each with its reason: they do the same, or only cost time.

By module, and what is changed to what. `test_changes.py` holds that each of them is still there.
"""

EXPLAINED: dict[tuple[str, str], str] = (
    {
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
    | {
        ("bot.engine.mirrors", what): why
        for what, why in {
            "2 → 3": "the order of the three stays what it is",
            "1 → 2": "whether there is any is all that is asked",
            "session.flush() → pass": "the session flushes before an update by itself",
            "True → False": "what would be brought up to date is read again by whoever needs it",
            "one > other → one >= other": "of two that are equal either is taken",
            "Mirror.urgency < new.urgency → Mirror.urgency <= new.urgency": "likewise",
            "Mirror.urgency < urgency → Mirror.urgency <= urgency": "likewise",
            "and_(stale, Mirror.urgency < new.urg… → and_(Mirror.urgency < new.urg…": (
                "what is shown has the least urgency: settling sees to that"
            ),
            "and_(stale, Mirror.urgency < urgency… → and_(Mirror.urgency < urgency…": "likewise",
            "…e, 'stale_since': now, 'wanted': 1, 'shown': 0, 'attempts'… → "
            "…e, 'stale_since': now, 'shown': 0, 'attempts'…": "the column begins with it anyway",
            "…ce': now, 'wanted': 1, 'shown': 0, 'attempts': 0} → "
            "…ce': now, 'wanted': 1, 'attempts': 0}": "likewise",
            "… 'wanted': 1, 'shown': 0, 'attempts': 0} → … 'wanted': 1, 'shown': 0}": "likewise",
            "…'urgency', 'stale_since', 'id') → …'urgency', 'stale_since')": (
                "each lane is in that order already, and SQLite keeps it"
            ),
            "…or.shown < Mirror.wanted, Mirror.calm_until.is_not(None)) → "
            "…or.shown < Mirror.wanted)": "it writes nothing new where there was nothing",
        }.items()
    }
    | {
        ("bot.engine.sending", what): why
        for what, why in {
            "40 → 41": "a lease may last longer; that it outlives a call is what counts",
            "…ct(Mirror).where(Mirror.id == claimed.id, Mirror.lease == claimed.… → "
            "…ct(Mirror).where(Mirror.lease == claimed.…": "no other has that lease",
            "parent is not None and isinstance(result, Stopped) → parent is not None": (
                "there is a parent to blame only where something stopped"
            ),
            "assert_never(result) → pass": "the type checker holds that there is no other",
        }.items()
    }
    | {
        ("bot.engine.relay", what): why
        for what, why in {
            "64 → 65": "a sweep may look at more",
            "100000 → 100001": "there are never that many",
            "True → False": "a delivery raises nothing",
            "not self.busy and ready == await self._pau… → ready == await self._pau…": (
                "what is under way is counted as ready, and no pause counts it"
            ),
            "await self._machine.sleep(_REST_SECONDS) → pass": "it only asks more often",
            "waking.cancel() → pass": "it ends when the relay is woken next",
        }.items()
    }
    | {("bot.engine.retry", "30 → 31"): "either is longer than anything waits"}
    | {
        ("bot.engine.retry", what): "what is not in the table is parked too"
        for what in (
            "…BLOCKED, 'invalid_blocks': Outcome.PARKED, 'invalid_blocks_for… → "
            "…BLOCKED, 'invalid_blocks_for…",
            "…ocks': Outcome.PARKED, 'invalid_blocks_format': Outcome.PARKED, 'msg_… → "
            "…ocks': Outcome.PARKED, 'msg_…",
            "…': Outcome.PARKED, 'msg_blocks_too_long': Outcome.PARKED, 'msg_… → "
            "…': Outcome.PARKED, 'msg_…",
            "…long': Outcome.PARKED, 'msg_too_long': Outcome.PARKED, '… → "
            "…long': Outcome.PARKED, '…",
            "…long': Outcome.PARKED, 'no_text': Outcome.PARKED, 'inva… → "
            "…long': Outcome.PARKED, 'inva…",
            "…text': Outcome.PARKED, 'invalid_arguments': Outcome.PARKED, 'view… → "
            "…text': Outcome.PARKED, 'view…",
            "…ents': Outcome.PARKED, 'view_too_large': Outcome.PARKED, 'edit… → "
            "…ents': Outcome.PARKED, 'edit…",
            "…arge': Outcome.PARKED, 'edit_window_closed': Outcome.PARKED, 'cant… → "
            "…arge': Outcome.PARKED, 'cant…",
            "…_closed': Outcome.PARKED, 'cant_update_message': Outcome.PARKED} → "
            "…_closed': Outcome.PARKED}",
        )
    }
)
