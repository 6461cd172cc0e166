"""The small changes that tests should notice: comparisons, conditions, numbers, lost statements.

mutmut leaves alone what is decorated, which the kept queries of the mirrors all are, and
cosmic-ray changes the files in the work tree and starts a process for each change.
"""

import ast
import copy
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NAMES = {
    "and_": "or_",
    "or_": "and_",
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "is_": "is_not",
    "is_not": "is_",
}
_DROPS_FROM = frozenset(
    {"and_", "or_", "where", "values", "set", "order_by", "update", "frozenset"}
)
_AROUND = 24  # characters around what differs that are told
_LOGS = frozenset({"debug", "info", "warning", "error", "exception"})

Made = tuple[str, ast.AST]
"""What a change is called, and the node that stands in the other's place."""


Place = tuple[tuple[str, int | None], ...]
"""The way from a tree's root to a node: fields, with the number in a list."""


@dataclass(frozen=True)
class Change:
    """One change to a module's source."""

    module: str
    source: str
    line: int = 0
    what: str = ""  # nothing: the module as it is
    place: Place = ()
    number: int = 0  # of those that are made there

    def tree(self) -> ast.Module:
        """The module, changed."""
        tree = ast.parse(self.source)
        if self.what:
            _put(tree, self.place, made_of(_at(tree, self.place))[self.number][1])
        return ast.fix_missing_locations(tree)


def changes(module: str, source: str, only: Collection[str] = ()) -> Iterator[Change]:
    """Every change to a module; with `only` to the functions of these names alone."""
    tree = ast.parse(source)
    for place, node, inside in _walk(tree, (), not only, only):
        if inside:
            for number, (what, _node) in enumerate(made_of(node)):
                yield Change(module, source, _line(tree, place), what, place, number)


def _line(tree: ast.AST, place: Place) -> int:
    """The line of a node, or of the nearest around it that has one."""
    for end in range(len(place), 0, -1):
        line: int | None = getattr(_at(tree, place[:end]), "lineno", None)
        if line is not None:
            return line
    return 0


def _walk(
    node: ast.AST, place: Place, inside: bool, only: Collection[str]
) -> Iterator[tuple[Place, ast.AST, bool]]:
    inside = inside or getattr(node, "name", None) in only
    yield place, node, inside
    for name, value in ast.iter_fields(node):
        if name in ("decorator_list", "annotation", "returns", "type_params") or _unseen(node):
            continue
        for number, one in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(one, ast.AST):
                yield from _walk(one, (*place, (name, number)), inside, only)


def _unseen(node: ast.AST) -> bool:
    """Imports, what only types are made of, and what only a log reads."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Subscript(value=ast.Name()):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="log")))):
            return True
        case _:
            return False


def _at(tree: ast.AST, place: Place) -> ast.AST:
    for name, number in place:
        tree = getattr(tree, name) if number is None else getattr(tree, name)[number]
    return tree


def _put(tree: ast.AST, place: Place, node: ast.AST) -> None:
    parent, (name, number) = _at(tree, place[:-1]), place[-1]
    if number is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[number] = node


def made_of(node: ast.AST) -> list[Made]:
    """What a node can be changed to."""
    return [(_named(node, made), made) for made in _made_of(copy.deepcopy(node))]


def _named(node: ast.AST, made: ast.AST) -> str:
    """The part that differs: a statement of ten lines may lack one word."""
    before, after = (" ".join(ast.unparse(one).split()) for one in (node, made))
    begin = max(0, _same(before, after) - _AROUND)
    left = max(0, _same(before[begin:][::-1], after[begin:][::-1]) - _AROUND)
    return " → ".join(
        f"{'…' if begin else ''}{one[begin : len(one) - left]}{'…' if left else ''}"
        for one in (before, after)
    )


def _same(one: str, other: str) -> int:
    """How many characters two texts have in common from their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _made_of(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901 - one case for each kind of node
    match node:
        case ast.Compare(left=left, ops=[op], comparators=right):
            for other in _COMPARISONS[type(op)]:
                yield ast.Compare(left, [other()], right)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from (_without(node, "values", number) for number in range(len(values)))
        case ast.BinOp(left=left, op=op, right=other_side) if type(op) in _OPERATORS:
            yield ast.BinOp(left, _OPERATORS[type(op)](), other_side)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            yield operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Call():
            yield from _calls(node)
        case ast.Expr(value=ast.Constant() | ast.Yield() | ast.YieldFrom()):
            pass  # a docstring is no statement that could be missed
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))) if name in _LOGS:
            pass
        case ast.Expr() | ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.AugAssign():
            yield ast.Pass()
        case ast.If(test=test) if not _unseen(node):
            yield ast.If(_negated(test), node.body, node.orelse)
        case ast.comprehension(ifs=[_, *_]):
            yield from (_without(node, "ifs", number) for number in range(len(node.ifs)))
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Dict(keys=[_, _, *_]) if all(isinstance(key, ast.Constant) for key in node.keys):
            for number in range(len(node.keys)):
                kept = [one for one in range(len(node.keys)) if one != number]
                yield ast.Dict([node.keys[one] for one in kept], [node.values[one] for one in kept])


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
    if name in _NAMES:
        changed = copy.deepcopy(node)
        setattr(changed.func, "id" if isinstance(changed.func, ast.Name) else "attr", _NAMES[name])
        yield changed
    if name in _DROPS_FROM and len(node.args) + len(node.keywords) > 1:
        yield from (_without(node, "args", number) for number in range(len(node.args)))
        yield from (_without(node, "keywords", number) for number in range(len(node.keywords)))
    if name in ("where", "with_for_update") and isinstance(node.func, ast.Attribute):
        yield node.func.value  # all of it left out


def _negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _without(node: ast.AST, field: str, number: int) -> ast.AST:
    """The node without one of a list; a condition of which one part is left is that part."""
    changed = copy.deepcopy(node)
    rest = getattr(changed, field)
    del rest[number]
    if isinstance(changed, ast.BoolOp) and len(rest) == 1:
        left: ast.AST = rest[0]
        return left
    return changed
