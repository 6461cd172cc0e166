"""JQL: the words of a query, and what they ask. What fields mean is in `matching`."""

import re
from dataclasses import dataclass
from typing import NoReturn

from bot.sandbox.jira.errors import JiraError

_WORDS = """
    abort access add after alias all alter and any as asc audit avg before begin between boolean
    break by byte catch cf char character check checkpoint collate collation column commit connect
    continue count create current date decimal declare decrement default defaults define delete
    delimiter desc difference distinct divide do double drop else empty encoding end equals escape
    exclusive exec execute exists explain false fetch file field first float for from function go
    goto grant greater group having identified if immediate in increment index initial inner inout
    input insert int integer intersect intersection into is isempty isnull join last left less
    like limit lock long max min minus mode modify modulo more multiply next noaudit not notin
    nowait null number object of on option or order outer output power previous prior privileges
    public raise raw remainder rename resource return returns revoke right row rowid rownum rows
    select session set share size sqrt start strict string subtract sum synonym table then to
    trans transaction trigger true uid union unique update user validate values view when whenever
    where while with
"""
RESERVED = frozenset(_WORDS.split())
_TOKEN = re.compile(
    r"""\s+
    | (?P<text> "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' )
    | (?P<sign> !=|!~|>=|<=|&&|\|\||[=~<>!(),] )
    | (?P<cf> cf\[\d+\] )
    | (?P<word> (?:\\.|[^\s"'=~<>!(),&|+.;?*/%^$\#@\[\]{}\\])+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
OPERATORS = ("=", "!=", "~", "!~", ">", ">=", "<", "<=")


@dataclass(frozen=True)
class Token:
    """A word, a quoted text or a sign, and where it stands."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True)
class Operand:
    """What a field is compared with: a text, a function, or EMPTY."""

    text: str
    is_function: bool = False
    is_empty: bool = False
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """A field, an operator in small letters, and one or more operands."""

    field: str
    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Not:
    """None of what is inside."""

    inside: "Term"


@dataclass(frozen=True)
class All:
    """Everything inside."""

    inside: tuple["Term", ...]


@dataclass(frozen=True)
class Some:
    """At least one of what is inside."""

    inside: tuple["Term", ...]


Term = Clause | Not | All | Some


@dataclass(frozen=True)
class Order:
    """A field to sort by."""

    field: str
    descending: bool


@dataclass(frozen=True)
class Query:
    """What is asked for, and in which order; without a term it is every issue."""

    term: Term | None
    order: tuple[Order, ...]


def parse(text: str) -> Query:
    """The query in a text; raises JiraError with Jira's own complaint."""
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            _complain(
                f"The character '{text[at]}' is a reserved JQL character. You must enclose it in a "
                "string or use the escape instead.",
                at,
            )
        if match.lastgroup:
            tokens.append(Token(match.lastgroup, match[0], at))
        at = match.end()
    return tokens


def _complain(what: str, at: int) -> NoReturn:
    raise JiraError(400, f"Error in the JQL Query: {what} (line 1, character {at + 1})")


def _plain(token: Token) -> str:
    """A word or quoted text without its quotes and escapes."""
    text = token.text[1:-1] if token.kind == "text" else token.text
    return re.sub(r"\\(.)", r"\1", text)


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def query(self) -> Query:
        term = None if self._next_is("order") or self._peek() is None else self._some()
        order = self._order() if self._takes("order") else ()
        if (left := self._peek()) is not None:
            _complain(f"Expecting 'OR' or 'AND' but got '{left.text}'.", left.at)
        return Query(term, order)

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next_is(self, *words: str) -> bool:
        token = self._peek()
        return token is not None and token.kind != "text" and token.text.lower() in words

    def _takes(self, *words: str) -> bool:
        found = self._next_is(*words)
        self._at += found
        return found

    def _take(self, wanted: str) -> Token:
        token = self._peek()
        if token is None:
            end = self._tokens[-1].at + len(self._tokens[-1].text) if self._tokens else 0
            _complain(f"Expecting {wanted} but got the end of the query.", end)
        self._at += 1
        return token

    def _some(self) -> Term:
        terms = [self._all()]
        while self._takes("or", "||", "|"):
            terms.append(self._all())
        return terms[0] if len(terms) == 1 else Some(tuple(terms))

    def _all(self) -> Term:
        terms = [self._one()]
        while self._takes("and", "&&", "&"):
            terms.append(self._one())
        return terms[0] if len(terms) == 1 else All(tuple(terms))

    def _one(self) -> Term:
        if self._takes("not", "!"):
            return Not(self._one())
        if self._takes("("):
            inside = self._some()
            self._close()
            return inside
        return self._clause()

    def _close(self) -> None:
        token = self._take("')'")
        if token.text != ")":
            _complain(f"Expecting ')' but got '{token.text}'.", token.at)

    def _clause(self) -> Clause:
        field = self._name()
        operator = self._operator()
        if operator in ("in", "not in"):
            return Clause(field, operator, self._list())
        return Clause(field, operator, (self._operand(),))

    def _name(self) -> str:
        token = self._take("a field name")
        if token.kind == "sign":
            _complain(f"Expecting a field name but got '{token.text}'.", token.at)
        if token.kind == "word" and token.text.lower() in RESERVED:
            _complain(f"Expecting a field name but got '{token.text}'. You must surround "
                      f"'{token.text}' in quotation marks to use it as a field name.",
                      token.at)  # fmt: skip
        return _plain(token).lower()

    def _operator(self) -> str:
        if self._takes("not"):
            token = self._take("'in'")
            if token.text.lower() != "in":
                _complain(f"Expecting 'in' but got '{token.text}'.", token.at)
            return "not in"
        token = self._take("an operator")
        word = token.text.lower()
        if word == "is":
            return "is not" if self._takes("not") else "is"
        if token.kind == "text" or word not in (*OPERATORS, "in"):
            _complain(
                f"Expecting operator but got '{token.text}'. The valid operators are '=', '!=', "
                "'<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.",
                token.at,
            )
        return word

    def _list(self) -> tuple[Operand, ...]:
        token = self._take("'('")
        if token.text != "(":
            _complain(f"Expecting '(' but got '{token.text}'.", token.at)
        operands = [self._operand()]
        while self._takes(","):
            operands.append(self._operand())
        self._close()
        return tuple(operands)

    def _operand(self) -> Operand:
        token = self._take("a value, list or function")
        if token.kind == "sign":
            _complain("Expecting either a value, list or function but got "
                      f"'{token.text}'.", token.at)  # fmt: skip
        if token.kind == "text":
            return Operand(_plain(token))
        if token.text.lower() in ("empty", "null"):
            return Operand("", is_empty=True)
        if token.text.lower() in RESERVED:
            _complain(f"Expecting either a value, list or function but got '{token.text}'. You "
                      f"must surround '{token.text}' in quotation marks to use it as a value.",
                      token.at)  # fmt: skip
        if self._takes("("):
            return self._function(token)
        return Operand(_plain(token))

    def _function(self, name: Token) -> Operand:
        arguments: list[str] = []
        while not self._next_is(")"):
            arguments.append(_plain(self._take("')'")))
            self._takes(",")
        self._close()
        return Operand(name.text.lower(), is_function=True, arguments=tuple(arguments))

    def _order(self) -> tuple[Order, ...]:
        token = self._take("'by'")
        if token.text.lower() != "by":
            _complain(f"Expecting 'by' but got '{token.text}'.", token.at)
        orders = [self._sorted()]
        while self._takes(","):
            orders.append(self._sorted())
        return tuple(orders)

    def _sorted(self) -> Order:
        field = self._name()
        descending = self._takes("desc")
        if not descending:
            self._takes("asc")
        return Order(field, descending)
