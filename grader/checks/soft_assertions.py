"""Checks that go on where an assertion fails, so that all of their calls are seen.

The rehearsal runs each check on values that are wrong, to learn whether its calls depend on
answers. An ordinary run would end at the first assertion.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType, ModuleType


@contextmanager
def pass_by_failures(module: ModuleType) -> Iterator[None]:
    """In this block the functions of a check file go on with the next statement.

    A function from elsewhere still ends where it fails, but the one that has called it goes on.
    """
    soft = _soft_functions(module)
    own = {function: function.__code__ for function in soft}
    try:
        for function, code in soft.items():
            function.__code__ = code
        yield
    finally:
        for function, code in own.items():
            function.__code__ = code


def _soft_functions(module: ModuleType) -> dict[FunctionType, CodeType]:
    """The functions at the top level of a check file, with the code that goes on."""
    path = str(module.__file__)
    tree = _Softener().visit(ast.parse(inspect.getsource(module)))
    compiled = compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
    codes = {
        (code.co_name, code.co_firstlineno): code
        for code in compiled.co_consts
        if isinstance(code, CodeType)
    }
    soft_codes: dict[FunctionType, CodeType] = {}
    for function in vars(module).values():
        if isinstance(function, FunctionType) and function.__code__.co_filename == path:
            own = function.__code__
            soft = codes.get((own.co_name, own.co_firstlineno))
            if soft is not None and soft.co_freevars == own.co_freevars:
                soft_codes[function] = soft
    return soft_codes


class _Softener(ast.NodeTransformer):
    """Lets code go on after a failed assertion, or a failed call whose value is not used."""

    def visit_Assert(self, node: ast.Assert) -> ast.Try:
        return _may_fail(node)

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | ast.Try:
        return _may_fail(node) if isinstance(node.value, ast.Call) else node


def _may_fail(statement: ast.stmt) -> ast.Try:
    name = ast.Name("AssertionError", ast.Load())
    caught = ast.ExceptHandler(name, None, [ast.Pass()])
    return ast.copy_location(ast.Try([statement], [caught], [], []), statement)
