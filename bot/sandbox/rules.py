"""Small rules that Block Kit's own rules are made of; each reports what it finds wrong."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

Rule = Callable[[Any, str, "Report"], None]


@dataclass
class Report:
    """What is wrong with some blocks, said the way Slack says it."""

    surface: str
    problems: list[str] = field(default_factory=list)

    def add(self, sentence: str, where: str) -> None:
        self.problems.append(f"{sentence} [json-pointer:{where}]")


def string(longest: int, shortest: int = 1) -> Rule:
    def check(value: Any, where: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add("must be a string", where)
        elif len(value) > longest:
            report.add(f"must be less than {longest + 1} characters", where)
        elif len(value) < shortest:
            report.add(f"must be more than {shortest - 1} characters", where)

    return check


def pattern(expression: str, named: str) -> Rule:
    compiled = re.compile(expression)

    def check(value: Any, where: str, report: Report) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            report.add(f"must be {named}", where)

    return check


def integer(lowest: int, highest: int) -> Rule:
    def check(value: Any, where: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add("must be an integer", where)
        elif not lowest <= value <= highest:
            report.add(f"must be between {lowest} and {highest}", where)

    return check


def boolean(value: Any, where: str, report: Report) -> None:
    if not isinstance(value, bool):
        report.add("must be a boolean", where)


def one_of(*allowed: str) -> Rule:
    def check(value: Any, where: str, report: Report) -> None:
        if value not in allowed:
            report.add(f"must be a valid enum value: {', '.join(allowed)}", where)

    return check


def array(item: Rule, *, most: int, least: int = 1) -> Rule:
    def check(value: Any, where: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add("must be an array", where)
            return
        if len(value) > most:
            report.add(f"no more than {most} items allowed", where)
        if len(value) < least:
            report.add(f"no fewer than {least} items allowed", where)
        for number, each in enumerate(value):
            item(each, f"{where}/{number}", report)

    return check


def shape(
    required: Mapping[str, Rule],
    optional: Mapping[str, Rule] | None = None,
    *checks: Rule,
) -> Rule:
    """An object with these fields and no others; where those are right, then the `checks`."""
    fields = {**required, **(optional or {})}

    def check(value: Any, where: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", where)
            return
        found = len(report.problems)
        for name in required:
            if name not in value:
                report.add(f"missing required field: {name}", where)
        for name, content in value.items():
            if name in fields:
                fields[name](content, f"{where}/{name}", report)
            else:
                report.add(f"invalid additional property: {name}", where)
        # What compares fields with one another may rely on each being well-formed.
        for whole in checks if len(report.problems) == found else ():
            whole(value, where, report)

    return check


def by_type(table: Mapping[str, Rule], allowed: Collection[str] | None = None) -> Rule:
    """An object whose `type` says which rule of the table holds for it."""
    known = table if allowed is None else {kind: table[kind] for kind in allowed if kind in table}

    def check(value: Any, where: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", where)
            return
        kind = value.get("type")
        if kind is None:
            report.add("missing required field: type", where)
        elif not isinstance(kind, str) or kind not in known:
            report.add(f"unsupported type: {kind}", f"{where}/type")
        else:
            known[kind](value, where, report)

    return check


def unique(name: str) -> Rule:
    """A list in which no two objects share the value of field `name`."""

    def check(value: Any, where: str, report: Report) -> None:
        seen: set[str] = set()
        for number, each in enumerate(value if isinstance(value, list) else []):
            own = each.get(name) if isinstance(each, dict) else None
            if not isinstance(own, str):
                continue
            if own in seen:
                report.add(f'`{name}` "{own}" already exists', f"{where}/{number}/{name}")
            seen.add(own)

    return check


def both(*rules: Rule) -> Rule:
    def check(value: Any, where: str, report: Report) -> None:
        for rule in rules:
            rule(value, where, report)

    return check


def exactly_one_of(*names: str) -> Rule:
    def check(value: Any, where: str, report: Report) -> None:
        if sum(name in value for name in names) != 1:
            report.add(f"must define exactly one of: {', '.join(names)}", where)

    return check


def at_least_one_of(*names: str) -> Rule:
    def check(value: Any, where: str, report: Report) -> None:
        if not any(name in value for name in names):
            report.add(f"must define one of: {', '.join(names)}", where)

    return check
