"""Mutants: which slips there are and where, and each mutant differs in one place."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Final

import pytest
from imported_later import ImportedLater
from places import REPOSITORY

if TYPE_CHECKING:
    from grader.verify.mutants import Mutant

verify = ImportedLater("grader.verify.mutants")

SOLUTIONS: Final = sorted((REPOSITORY / "solutions").glob("*.py"))


def made(answer: str, parameters: str = "x, y") -> list[Mutant]:
    """The mutants of a function with that answer."""
    text = f"import numpy as np\n\n\ndef f({parameters}):\n    ### BEGIN SOLUTION\n"
    text += indent(dedent(answer).strip("\n"), "    ") + "\n    ### END SOLUTION\n"
    return list(verify.mutants(text, where="solutions/f.py"))


def changes(answer: str, parameters: str = "") -> set[str]:
    """The lines that replace a one-line answer."""
    return {mutant.now.removeprefix("return ") for mutant in made(answer, parameters)}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("return A + B", {"A - B", "A", "B"}),
        ("return A - B", {"A + B", "B - A", "A", "B"}),
        ("return A / B", {"A * B", "B / A", "A", "B"}),
        ("return A @ B.T", {"A * B.T", "B.T @ A", "A @ B", "A", "B.T"}),
        ("return (A + B) * C", {"(A + B) / C", "A + B", "C", "(A - B) * C", "A * C", "B * C"}),
        ("return A < B", {"A <= B", "A > B"}),
        ("return A == B", {"A != B"}),
        ("return A and B", {"A or B", "A", "B"}),
        ("return not A", {"A"}),
        ("return -A", {"A"}),
        ("return 0", {"1"}),
        ("return 3", {"4", "2"}),
        ("return 0.5", {"1.5", "0.25"}),
        ("return True", {"False"}),
        ("return 'ij'", {"''"}),
        ("return A[1:B]", {"A[2:B]", "A[0:B]", "A[:B]", "A[1:]"}),
        ("return A[B, C]", {"A[C, B]"}),
        ("return A, B", {"(B, A)", "(A,)", "(B,)"}),
        ("return np.exp(A)", {"np.expm1(A)", "A"}),
        ("return A.sum(axis=B)", {"A.mean(axis=B)", "A.sum()"}),
        ("return g(A, B)", {"g(B, A)", "A"}),
        ("return np.asarray(A, dtype=float)", {"np.asarray(A)", "np.asarray(A, dtype=int)", "A"}),
        ("return B if A else C", {"B if not A else C", "B", "C"}),
        ("return [a for a in A if B]", {"[a for a in A]"}),
    ],
)
def test_the_slips_of_an_expression(answer: str, expected: set[str]) -> None:
    assert changes(answer) == expected | {"return"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("g(x)", {"pass", "x"}),
        ("x += 1", {"pass", "x -= 1", "x += 2", "x += 0"}),
        ("raise ValueError('no')", {"pass", "raise Exception('no')"}),
        ("if x:\n    g(x)", {"if not x:", "pass", "x"}),
        ("while x:\n    g(x)", {"while not x:", "pass", "x"}),
    ],
)
def test_the_slips_of_a_statement(answer: str, expected: set[str]) -> None:
    assert changes(answer, "x") == expected


def test_a_name_is_taken_for_another_that_has_a_value_there() -> None:
    answer = """
    z = g(x)
    return z
    """
    assert {(mutant.was, mutant.now) for mutant in made(answer)} == {
        ("z = g(x)", "pass"),
        ("z = g(x)", "z = x"),
        ("z = g(x)", "z = g(y)"),  # and not g(z): z has no value yet
        ("return z", "return"),
        ("return z", "return x"),
        ("return z", "return y"),
    }


def test_a_parameter_may_be_computed_with_in_place() -> None:
    assert "x.__isub__(1)" in changes("return x - 1", "x")
    assert not any("__" in change for change in changes("return A - 1", "x"))


@pytest.mark.parametrize(
    "answer", ["pass", "import math", '"""Only words."""', "raise ValueError(f'{x} of {y}')"]
)
def test_words_and_imports_are_left_alone(answer: str) -> None:
    assert all(mutant.now in {"pass", "raise Exception(f'{x} of {y}')"} for mutant in made(answer))


def test_no_mutant_says_the_same_as_another_or_as_the_solution() -> None:
    # `g(x)` without its call is `x`; `x = x` would be the second way of doing nothing.
    assert [mutant.now for mutant in made("x = g(x)", "x")] == ["pass"]
    assert [mutant.now for mutant in made("return x + x", "x")].count("return x") == 1


def test_a_mutant_differs_from_the_solution_in_the_answer_alone() -> None:
    text = dedent(
        '''\
        # %% [markdown]
        # # 2 * x is two times x

        # %%
        FACTOR = 2 * 1


        def twice(x):
            """Return 2 * x.

            >>> twice(2)
            4
            """
            y = 2 * x
            ### BEGIN SOLUTION
            z = y  # 2 * x
            return z
            ### END SOLUTION


        print(twice(2 * 3))
        '''
    )
    found = list(verify.mutants(text, where="solutions/twice.py"))
    assert {mutant.function for mutant in found} == {"twice"}
    assert {mutant.line for mutant in found} == {16, 17}
    for mutant in found:
        was, now = text.splitlines(), mutant.text.splitlines()
        assert len(was) == len(now)
        assert [i + 1 for i, (a, b) in enumerate(zip(was, now, strict=True)) if a != b] == [
            mutant.line
        ]


def test_an_answer_outside_any_function_that_is_no_dict_of_texts_has_no_mutants() -> None:
    text = "ANSWERS = {\n    ### BEGIN SOLUTION\n    'a': 1,\n    ### END SOLUTION\n}\n"
    assert list(verify.mutants(text, where="solutions/quiz.py")) == []


QUIZ: Final = '''\
### BEGIN SOLUTION
ANSWERS: dict[str, str] = {"größe": "A", "b": "B",
    "c": "A"}  # letters
WORDS = {
    "why": """
Because.
""", "short": "yes",
}
### END SOLUTION
'''


def test_a_question_gets_the_answers_of_others_and_two_at_once() -> None:
    found = list(verify.mutants(QUIZ, where="solutions/quiz.py", written={("WORDS", "why")}))
    assert [(it.function, it.line, it.change) for it in found] == [
        ("ANSWERS", 2, "'größe': 'A' → 'größe': 'B'"),
        ("ANSWERS", 2, "'größe': 'A' → 'größe': 'A or B'"),
        ("ANSWERS", 2, "'b': 'B' → 'b': 'A'"),
        ("ANSWERS", 2, "'b': 'B' → 'b': 'B or A'"),
        ("ANSWERS", 3, "'c': 'A' → 'c': 'B'"),
        ("ANSWERS", 3, "'c': 'A' → 'c': 'A or B'"),
        ("WORDS", 7, "'short': 'yes' → 'short': '?'"),
        ("WORDS", 7, "'short': 'yes' → 'short': 'yes or ?'"),
    ]
    for mutant in found:
        names: dict[str, dict[str, str]] = {}
        exec(mutant.text, names)
        _, _, value = mutant.now.partition(": ")
        question = ast.literal_eval(mutant.now.partition(": ")[0])
        assert names[mutant.function][question] == ast.literal_eval(value)
        assert names["WORDS"]["why"] == "\nBecause.\n"


def test_a_text_of_several_lines_is_replaced_as_a_whole() -> None:
    found = list(verify.mutants(QUIZ, where="solutions/quiz.py"))
    slipped = next(mutant for mutant in found if "'why'" in mutant.now)
    assert slipped.text == QUIZ.replace('"""\nBecause.\n"""', "'yes'")


@pytest.mark.slow
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_the_mutants_of_this_course_compile_and_all_differ(path: Path) -> None:
    text = path.read_text("utf-8")
    found = list(verify.mutants(text, where=path.name))
    trees = {ast.dump(ast.parse(mutant.text)) for mutant in found}
    assert len(trees) == len(found)
    assert ast.dump(ast.parse(text)) not in trees
