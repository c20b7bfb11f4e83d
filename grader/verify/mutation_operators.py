"""Mutation operators: for a node of a program, the nodes that may replace it in a mutant.

They imitate slips in any program with numpy: a wrong sign, transpose or axis, an argument that is
missing or in the wrong place, a similar function.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import libcst as cst

_OTHER_OPERATORS: Final[dict[type[cst.BaseBinaryOp], tuple[type[cst.BaseBinaryOp], ...]]] = {
    cst.Add: (cst.Subtract,),
    cst.Subtract: (cst.Add,),
    cst.Multiply: (cst.Divide,),
    cst.Divide: (cst.Multiply,),
    cst.FloorDivide: (cst.Divide,),
    cst.Modulo: (cst.FloorDivide,),
    cst.Power: (cst.Multiply,),
    cst.MatrixMultiply: (cst.Multiply,),
}

_OTHER_COMPARISONS: Final[dict[type[cst.BaseCompOp], tuple[type[cst.BaseCompOp], ...]]] = {
    cst.Equal: (cst.NotEqual,),
    cst.NotEqual: (cst.Equal, cst.LessThan, cst.GreaterThan),
    cst.LessThan: (cst.LessThanEqual, cst.GreaterThan),
    cst.LessThanEqual: (cst.LessThan, cst.GreaterThanEqual),
    cst.GreaterThan: (cst.GreaterThanEqual, cst.LessThan),
    cst.GreaterThanEqual: (cst.GreaterThan, cst.LessThanEqual),
    cst.In: (cst.NotIn,),
    cst.NotIn: (cst.In,),
    cst.Is: (cst.IsNot,),
    cst.IsNot: (cst.Is,),
}

_OTHER_UPDATES: Final[dict[type[cst.BaseAugOp], type[cst.BaseAugOp]]] = {
    cst.AddAssign: cst.SubtractAssign,
    cst.SubtractAssign: cst.AddAssign,
    cst.MultiplyAssign: cst.DivideAssign,
    cst.DivideAssign: cst.MultiplyAssign,
}

#: The methods that Python calls for `a -= b`. They change the caller's array.
_IN_PLACE: Final[dict[type[cst.BaseBinaryOp], str]] = {
    cst.Add: "__iadd__",
    cst.Subtract: "__isub__",
    cst.Multiply: "__imul__",
    cst.Divide: "__itruediv__",
    cst.FloorDivide: "__ifloordiv__",
    cst.Modulo: "__imod__",
    cst.Power: "__ipow__",
}

#: Names that programmers confuse, in both directions.
_SIBLINGS: Final = (
    ("max", "min"), ("amax", "amin"), ("argmax", "argmin"), ("maximum", "minimum"),
    ("sum", "mean"), ("cumsum", "cumprod"), ("exp", "expm1"), ("log", "log1p"), ("sqrt", "square"),
    ("sin", "cos"), ("floor", "ceil"), ("std", "var"), ("any", "all"), ("ones", "zeros"),
    ("ones_like", "zeros_like"), ("tril", "triu"), ("vstack", "hstack"), ("row_stack", "hstack"),
    ("float", "int"), ("float64", "int64"), ("True", "False"), ("lower", "upper"),
    ("startswith", "endswith"),
)  # fmt: skip
_SIBLING: Final = dict(_SIBLINGS) | {other: one for one, other in _SIBLINGS}

_ATOMS: Final = (
    cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.BaseNumber, cst.BaseString,
    cst.List, cst.Dict, cst.Set,
)  # fmt: skip


def replacements(node: cst.CSTNode, names: Sequence[str]) -> Iterator[cst.CSTNode]:
    """Every node that may replace `node` in a mutant.

    Args:
        node: an expression or a simple statement, but no target of an assignment.
        names: the local names that have a value there.
    """
    match node:
        case cst.BinaryOperation():
            yield from _binary(node, names)
        case cst.BooleanOperation():
            other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
            yield node.with_changes(operator=other)
            yield from _operands(node)
        case cst.Comparison():
            yield from _comparison(node)
        case cst.UnaryOperation():
            yield _parenthesised(node.expression)
        case cst.Integer():
            yield from (cst.Integer(str(value)) for value in _near(node.evaluated_value))
        case cst.Float():
            yield cst.Float(repr(node.evaluated_value + 1.0))
            yield cst.Float(repr(node.evaluated_value / 2 or 0.5))
        case cst.SimpleString():
            yield cst.SimpleString("''")
        case cst.Name():
            if node.value in names:
                yield from (cst.Name(name) for name in names if name != node.value)
            elif node.value in _SIBLING:
                yield cst.Name(_SIBLING[node.value])
        case cst.Attribute():
            if node.attr.value == "T":
                yield _parenthesised(node.value)
            elif node.attr.value in _SIBLING:
                yield node.with_changes(attr=cst.Name(_SIBLING[node.attr.value]))
        case cst.Call():
            yield from _call(node, names)
        case cst.Subscript() if len(node.slice) > 1:
            yield from _exchanged(node, "slice")
        case cst.Tuple():
            yield from _tuple(node)
        case cst.Slice():
            yield from (
                node.with_changes(**{end: None}) for end in ("lower", "upper") if getattr(node, end)
            )
        case cst.IfExp():
            yield node.with_changes(test=_negated(node.test))
            yield _parenthesised(node.body)
            yield _parenthesised(node.orelse)
        case cst.If() | cst.While():
            yield node.with_changes(test=_negated(node.test))
        case cst.CompFor():
            for i in range(len(node.ifs)):
                yield node.with_changes(ifs=[*node.ifs[:i], *node.ifs[i + 1 :]])
        case cst.BaseSmallStatement():
            yield from _statement(node)


def _binary(node: cst.BinaryOperation, names: Sequence[str]) -> Iterator[cst.CSTNode]:
    left, right = _parenthesised(node.left), _parenthesised(node.right)
    for other in _OTHER_OPERATORS.get(type(node.operator), ()):
        yield node.with_changes(left=left, operator=other(), right=right)
    if isinstance(node.operator, cst.Subtract | cst.Divide | cst.MatrixMultiply):
        yield node.with_changes(left=right, right=left)
    in_place = _IN_PLACE.get(type(node.operator))
    if in_place and isinstance(node.left, cst.Name) and node.left.value in names:
        method = cst.Attribute(node.left, cst.Name(in_place))
        yield cst.Call(method, [cst.Arg(node.right)])
    yield from _operands(node)


def _operands(node: cst.BinaryOperation | cst.BooleanOperation) -> Iterator[cst.CSTNode]:
    """The left side alone, and the right side alone."""
    yield _parenthesised(node.left)
    yield _parenthesised(node.right)


def _comparison(node: cst.Comparison) -> Iterator[cst.CSTNode]:
    for i, target in enumerate(node.comparisons):
        for other in _OTHER_COMPARISONS.get(type(target.operator), ()):
            changed = target.with_changes(operator=other())
            yield node.with_changes(
                comparisons=[*node.comparisons[:i], changed, *node.comparisons[i + 1 :]]
            )


def _call(node: cst.Call, names: Sequence[str]) -> Iterator[cst.CSTNode]:
    """The call without one argument, with two exchanged, and its argument or object alone."""
    for i, argument in enumerate(node.args):
        if argument.keyword is not None:
            yield node.with_changes(args=_without_last_comma([*node.args[:i], *node.args[i + 1 :]]))
    plain = [
        i for i, argument in enumerate(node.args) if argument.keyword is None and not argument.star
    ]
    for i, j in pairwise(plain):
        args = list(node.args)
        args[i], args[j] = (
            args[i].with_changes(value=args[j].value),
            args[j].with_changes(value=args[i].value),
        )
        yield node.with_changes(args=args)
    if plain:
        yield _parenthesised(node.args[plain[0]].value)
    if isinstance(node.func, cst.Attribute) and not _is_module(node.func.value, names):
        yield _parenthesised(node.func.value)  # a method: the object itself


def _tuple(node: cst.Tuple) -> Iterator[cst.CSTNode]:
    """Two neighbours exchanged, or one left out."""
    yield from _exchanged(node, "elements")
    if len(node.elements) > 1:
        for i in range(len(node.elements)):
            yield node.with_changes(
                elements=[*node.elements[:i], *node.elements[i + 1 :]],
                lpar=node.lpar or [cst.LeftParen()],
                rpar=node.rpar or [cst.RightParen()],
            )


def _exchanged(node: cst.Tuple | cst.Subscript, field: str) -> Iterator[cst.CSTNode]:
    """Two neighbours in a tuple or between square brackets exchanged, commas left in place."""
    parts = list(getattr(node, field))
    part = "slice" if field == "slice" else "value"
    for i, j in pairwise(range(len(parts))):
        swapped = list(parts)
        swapped[i] = parts[i].with_changes(**{part: getattr(parts[j], part)})
        swapped[j] = parts[j].with_changes(**{part: getattr(parts[i], part)})
        yield node.with_changes(**{field: swapped})


def _statement(node: cst.BaseSmallStatement) -> Iterator[cst.CSTNode]:
    if isinstance(node, cst.Pass | cst.Import | cst.ImportFrom | cst.Global | cst.Nonlocal):
        return
    if isinstance(node, cst.Return) and node.value is not None:
        yield cst.Return(value=None)
    else:
        yield cst.Pass()
    if isinstance(node, cst.AugAssign) and type(node.operator) in _OTHER_UPDATES:
        yield node.with_changes(operator=_OTHER_UPDATES[type(node.operator)]())
    if isinstance(node, cst.Raise) and isinstance(node.exc, cst.Call):
        yield node.with_changes(exc=node.exc.with_changes(func=cst.Name("Exception")))


def _near(value: int) -> Iterator[int]:
    """The numbers that are off by one."""
    yield value + 1
    if value > 0:
        yield value - 1


def _negated(test: cst.BaseExpression) -> cst.UnaryOperation:
    return cst.UnaryOperation(cst.Not(), _parenthesised(test))


def _parenthesised(node: cst.BaseExpression) -> cst.BaseExpression:
    """`node` in parentheses where it needs them to keep its meaning."""
    if isinstance(node, _ATOMS) or node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _without_last_comma(arguments: Sequence[cst.Arg]) -> list[cst.Arg]:
    """The arguments without a comma after the last one."""
    kept = list(arguments)
    if kept:
        kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return kept


def _is_module(node: cst.BaseExpression, names: Sequence[str]) -> bool:
    """Whether this looks like a module (np, np.linalg): its functions are no methods."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name) and node.value not in names
