"""The mutants of a module: one small change each, at a boundary, a condition or a row of a table.

Words of sentences are not changed, nor annotations: no verdict hangs on them.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import partial
from types import ModuleType

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_CALLED = {"any": "all", "all": "any", "min": "max", "max": "min"}
_MOST_SHOWN = 70
_LEFT_OUT = ("annotation", "returns", "decorator_list", "type_params", "bases")
Change = Callable[[], None]


@dataclass(frozen=True)
class Mutant:
    """A change that is not made yet: where, in words, and the lines by which a test reaches it."""

    line: int
    text: str
    change: str
    lines: range
    in_function: bool
    make: Change


@dataclass(frozen=True)
class _Place:
    """Where the walk is: in a function's body or not, in a table of the module, which lines."""

    lines: range
    in_function: bool = False
    table: bool = False


class Mutants:
    """The mutants of a tree; each is made in the tree itself, so a tree is good for one."""

    tree: ast.Module

    def __init__(self, source: str, module: ModuleType) -> None:
        """Read a module's source; its names tell what is an enumeration."""
        self.tree = ast.parse(source)
        self._texts = source.splitlines()
        self._names = vars(module)

    def all(self) -> list[Mutant]:
        """Return every mutant in the order of the source."""
        return list(self._of_body(self.tree.body, in_function=False))

    def _of_body(self, body: list[ast.stmt], *, in_function: bool) -> Iterator[Mutant]:
        for place, statement in enumerate(body):
            lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
            if _told_to_type_checkers(statement):
                continue
            if in_function and _does(statement):
                here = _Place(lines, in_function)
                change = f"without `{_said(statement)}`"
                yield self._mutant(statement, here, change, partial(_leave_out, body, place))
            yield from self._of_fields(statement, _Place(lines, in_function, not in_function))

    def _of_fields(self, node: ast.AST, here: _Place) -> Iterator[Mutant]:
        if isinstance(node, ast.FunctionDef):
            yield from self._of_fields(node.args, here)
            yield from self._of_body(node.body, in_function=True)
            return
        if isinstance(node, ast.Lambda):
            here = _Place(here.lines, in_function=True)
        for name, value in ast.iter_fields(node):
            if name in _LEFT_OUT:
                continue
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield from self._of_body(value, in_function=here.in_function)
            elif isinstance(value, list):
                for index, each in enumerate(value):
                    if isinstance(each, ast.AST):
                        yield from self._of_node(node, (name, index), each, here)
            elif isinstance(value, ast.AST):
                yield from self._of_node(node, (name, None), value, here)

    def _of_node(
        self, above: ast.AST, at: tuple[str, int | None], node: ast.AST, here: _Place
    ) -> Iterator[Mutant]:
        if isinstance(node, ast.expr) and isinstance(above, ast.stmt):
            here = _Place(_lines(node), here.in_function, here.table)
        if isinstance(node, ast.expr):
            for other in self._others(above, at[0], node):
                change = f"`{_said(node)}` becomes `{_said(other)}`"
                yield self._mutant(node, here, change, partial(_put, above, at, other))
            if here.table or isinstance(above, ast.Compare) or isinstance(node, ast.Set):
                for row, other in _shorter(node):
                    change = f"without `{_said(row)}`"
                    yield self._mutant(row, here, change, partial(_put, above, at, other))
        yield from self._of_fields(node, here)

    def _mutant(self, node: ast.stmt | ast.expr, here: _Place, change: str, make: Change) -> Mutant:
        text = self._texts[node.lineno - 1].strip()
        return Mutant(node.lineno, text, change, here.lines, here.in_function, make)

    def _others(self, above: ast.AST, name: str, node: ast.expr) -> Iterator[ast.expr]:
        """Yield what may stand in place of an expression."""
        yield from _decided(above, name)
        if isinstance(node, ast.Compare):
            yield from _compared(node)
        elif isinstance(node, ast.BoolOp):
            yield from _joined(node)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node.operand
        elif isinstance(node, ast.BinOp) and type(node.op) in _COUNTED and not _is_text(node):
            yield ast.BinOp(node.left, _COUNTED[type(node.op)](), node.right)
        elif isinstance(node, ast.Call):
            yield from _called(node)
        elif isinstance(node, ast.Constant):
            yield from _constants(node, in_comparison=isinstance(above, ast.Compare))
        elif isinstance(node, ast.Attribute):
            yield from self._members(node)

    def _members(self, node: ast.Attribute) -> Iterator[ast.expr]:
        """Yield the next member of an enumeration."""
        kind = self._names.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if isinstance(kind, type) and issubclass(kind, Enum) and node.attr in kind.__members__:
            names = list(kind.__members__)
            after = names[(names.index(node.attr) + 1) % len(names)]
            yield ast.Attribute(node.value, after, ast.Load())


def _decided(above: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield what decides where a condition does not."""
    if isinstance(above, ast.If | ast.IfExp | ast.While) and name == "test":
        yield ast.Constant(value=False)
    if isinstance(above, ast.If | ast.IfExp) and name == "test":
        yield ast.Constant(value=True)
    if isinstance(above, ast.comprehension) and name == "ifs":
        yield ast.Constant(value=True)


def _called(node: ast.Call) -> Iterator[ast.expr]:
    if isinstance(node.func, ast.Name) and node.func.id in _CALLED:
        yield ast.Call(ast.Name(_CALLED[node.func.id], ast.Load()), node.args, node.keywords)


def _compared(node: ast.Compare) -> Iterator[ast.expr]:
    for place, op in enumerate(node.ops):
        for other in _COMPARED[type(op)]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)


def _joined(node: ast.BoolOp) -> Iterator[ast.expr]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _constants(node: ast.Constant, *, in_comparison: bool) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(value=not value)
    elif isinstance(value, int):
        yield ast.Constant(value=value + 1)
        if value > 1:
            yield ast.Constant(value=value - 1)
    elif isinstance(value, str) and in_comparison:
        yield ast.Constant(value=f"{value}_")


def _shorter(node: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield each row of a table, with the table that lacks it."""
    if isinstance(node, ast.Dict):
        for place, key in enumerate(node.keys):
            keys = [*node.keys[:place], *node.keys[place + 1 :]]
            rest = ast.Dict(keys, [*node.values[:place], *node.values[place + 1 :]])
            yield key or node.values[place], rest
    elif isinstance(node, ast.Tuple | ast.List | ast.Set) and not _is_record(node):
        for place, row in enumerate(node.elts if len(node.elts) > 1 else ()):
            less = [*node.elts[:place], *node.elts[place + 1 :]]
            yield row, ast.Set(less) if isinstance(node, ast.Set) else type(node)(less, ast.Load())


def _is_record(node: ast.Tuple | ast.List | ast.Set) -> bool:
    """Return whether elements are of different kinds: a row, not a table of rows."""
    return isinstance(node, ast.Tuple) and (
        isinstance(node.ctx, ast.Store) or len({type(each) for each in node.elts}) > 1
    )


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(each, ast.JoinedStr) or
               (isinstance(each, ast.Constant) and isinstance(each.value, str))
               for each in (node.left, node.right))  # fmt: skip


def _does(statement: ast.stmt) -> bool:
    """Return whether a statement can be left out: it gives, changes or refuses something."""
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Continue | ast.Break | ast.AugAssign)


def _told_to_type_checkers(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.If):
        return "TYPE_CHECKING" in ast.unparse(statement.test)
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.Assert)


def _leave_out(body: list[ast.stmt], place: int) -> None:
    never = ast.If(ast.Constant(value=False), [body[place]], [])
    body[place] = ast.fix_missing_locations(ast.copy_location(never, body[place]))


def _put(above: ast.AST, at: tuple[str, int | None], other: ast.expr) -> None:
    name, index = at
    old = getattr(above, name) if index is None else getattr(above, name)[index]
    ast.fix_missing_locations(ast.copy_location(other, old))
    if index is None:
        setattr(above, name, other)
    else:
        getattr(above, name)[index] = other


def _lines(node: ast.expr) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _said(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _MOST_SHOWN else f"{text[:33]} … {text[-34:]}"
