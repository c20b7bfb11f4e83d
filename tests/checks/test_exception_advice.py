"""What Python's and numpy's messages mean, for whoever is new to them."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest
from one_lesson_class import Grade, check_file, message_of

from grader.checks.code_excerpts import MAX_LINES
from grader.checks.exception_advice import on_exception, on_own_raise
from grader.checks.missing_names import find_inner_definition, guess_name
from grader.checks.odd_lines import find_code_above, name_odd_line, name_plain_slip
from grader.checks.syntax_advice import on_import
from grader.checks.value_advice import on_kind, on_object, on_return, on_shape
from grader.results import Excerpt
from grader.sandbox.faults import Place, Raised, build_raised

IS_FOUR = check_file("assert student.double(2) == 4", args="student")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("<<<<<<< HEAD", "two versions were merged"),
        ("=======", "two versions were merged"),
        (">>>>>>> ada", "two versions were merged"),
        ("```python", "a code fence"),
        (">>> x = 1", "is a prompt"),
        ("In [3]: import x", "is a prompt"),
        ("x = \u201ca\u201d", "these quotes come from a text"),
        ("x = 3 \u2212 1", "type a minus sign"),
        ("x = 3 \u2013 1", "type a minus sign"),
        ("x = 3 \u00d7 2", "to multiply, type *"),
        ("x =\u00a01", "an odd blank"),
        ("return 1", "belongs inside a function"),
        ("Here is the function you need:", "is a sentence"),
        ("12 def f(x):", "line numbers were pasted"),
        ("if a &lt; b:", "copied from a web page"),
        ("x = y\u00b2", "to square a number"),
        ("x = \u221ad_k", "a square root is"),
        ("x = f(a\uff0c b)", "another keyboard"),
        ("function f(x):", "begins with `def`"),
        ("for i = 1:n", "for i in range(n)"),
        ("else if x:", "Python writes `elif`"),
        ("if a && b: pass", "`and` and `or`"),
        ("if a <> b: pass", "`!=`"),
        ("i++", "`i += 1`"),
        ("def f(x) {", "no braces"),
        ("x = u .* v", "go entry by entry"),
        ("raise new ValueError(1)", "no `new`"),
        ('print "x"', "stand in brackets"),
        ("lambda = 3", "Python's own words"),
        ("x = u' * v", "for a transpose"),
        ("x = a +", "ends in the middle"),
        ("x = f(a, k==1, b=2, c)", "`name=value`"),
        ("x = f(a b)", "a comma or an operator is missing"),
        ('x = {"why": "it is "the" word"}', "inside a text ends it"),
        ("x = [1, 2", "each opening bracket"),
    ],
)
def test_what_does_not_belong_into_a_program_is_named(line: str, words: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        compile(line, "a.py", "exec")
    text = str(caught.value.msg)
    raised = build_raised("SyntaxError", "SyntaxError", text, Place("a.py", 1, line))
    assert words in str(on_import(raised))


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("product", "`np.prod`"),
        ("trapz", "`np.trapezoid`"),
        ("in1d", "`np.isin`"),
        ("mat", "`np.asmatrix`"),
        ("NaN", "`np.nan`"),
        ("alltrue", "`np.all`"),
        ("float", "`np.float64`"),
    ],
)
def test_a_name_that_left_numpy_has_its_successor_named(grade: Grade, name: str, new: str) -> None:
    program = f"import numpy as np\ndef double(x): return np.{name}([x, 2])"
    said = message_of(grade({"ada": program}, IS_FOUR)["ada"])
    assert "numpy has this no longer" in said
    assert new in said


def test_what_a_debugger_says_is_explained() -> None:
    raised = build_raised("BdbQuit", "Exception", "", None)
    assert "a breakpoint" in str(on_exception(raised))


def raise_in(line: str) -> Raised:
    """What a line of a student's raises, with arrays of uneven sizes at hand."""
    names = {
        "__package__": "", "np": np, "X": np.ones((5, 6)), "u": np.ones(3),
        "numbers": [1.0, 2.0, 3.0], "f": lambda x, axis=-1: x, "nothing": None, "left_out": ...,
    }  # fmt: skip
    with pytest.raises(Exception) as caught:  # noqa: PT011  (whatever the line raises)
        exec(line, names)
    error = caught.value
    builtin = next(it.__name__ for it in type(error).__mro__ if it.__module__ == "builtins")
    return build_raised(type(error).__name__, builtin, str(error), Place("a.py", 1, line))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        # shapes
        ("X * X.T", "the matrix product is `@`"),
        ("X - X.max(axis=1)", "`keepdims=True` keeps it"),
        ("np.ones((2, 5, 6)) / np.ones((2, 5))", "`keepdims=True` keeps it"),
        ("X + np.ones((5, 4))", "which is not what you expect"),
        ("X + np.ones(4)", "which is not what you expect"),
        ("X @ X.T / np.sqrt(X.shape)", "`X.shape[1]` is one of them"),
        ("X @ X", "the sizes that meet in the middle"),
        ("X @ X^T", "`X.T` is"),
        ("left_out @ X", "`...` that was left in"),
        ("X @ X.transpose", "without its brackets"),
        ("max(X)", "compare whole rows"),
        ("bool(X == 1)", "`.all()` or `.any()`"),
        ("np.einsum('ij,jk', X)", "one group of letters for each array"),
        ("X.reshape(7, 2)", "keeps every entry"),
        # calls
        ("f()", "another number of arguments"),
        ("f(u, u, u)", "another number of arguments"),
        ("f(u, dim=-1)", "torch says `dim`"),
        ("X.sum(axis=1, keepdim=True)", "torch says `dim` and `keepdim`"),
        ("np.exp(u, axis=1)", "takes no argument of this name"),
        ("np.max(X, 1, True)", "`keepdims=True` needs its name"),
        ("np.dot(X, X.T, 2.0)", "`np.dot` takes two arrays"),
        ("np.zeros(3, 5)", "in brackets of their own"),
        ("np(3)", "is a whole module"),
        ("u(1)", "`x[i]` looks an entry up"),
        ("X.T()", "`X.T` is no function"),
        ("X.shape(1)", "`shape` is no function"),
        ("X.size(1)", "`size()` is torch's"),
        ("f[u]", "round brackets call a function"),
        ("X / X.sum", "brackets call it"),
        ("a, b = f", "brackets call it"),
        ("a, b = len(u)", "`X.shape` holds all sizes"),
        # names
        ("torch.exp(u)", "this library is not there"),
        ("sqrt(u)", "`np.` in front"),
        ("math.sqrt(2)", "its `import` line is missing"),
        ("length(u)", "Python writes `len(x)`"),
        ("u.length", "Python writes `len(x)`"),
        ("true", "True, False"),
        ("end", "a block ends where"),
        ("s <- 3", "`<-` is R's"),
        ("size", "nothing has this name here"),
        ("np.Dot(u, u)", "capital letters count"),
        ("np.norm(u)", "`np.linalg`"),
        ("np.sofmax(u)", "yours to write"),
        ("u.exp()", "numpy has the function"),
        ("X.t()", "torch's"),
        ("u.clone()", "torch or pandas has this"),
        ("u.index(1)", "`np.argmax`"),
        # indices and numbers
        ("u[0.5]", "an index is a whole number"),
        ("X[np.ones((1, 3)) == 1]", "need the shape of the array itself"),
        ("u[3]", "the last one is the size minus 1"),
        ("numbers[0, 1]", "`a[i][j]`"),
        ("[][0:0].__setitem__(0, 1)", "`append` adds one"),
        ("u.shape[1]", "one number for each axis"),
        ("u[0][:, None]", "which has no entries"),
        ("[i for i in len(u)]", "`range(n)` counts"),
        ("range(u)", "`range` takes a number"),
        ("range(X.shape)", "`shape` holds all sizes"),
        ("X.sum(axis='rows')", "a whole number belongs here"),
        ("u ^ 2", "a power is written `**`"),
        ("u[0] == 0 | u[1] == 0", "`or` and `and`"),
        ("1.5 & 2", "`or` and `and`"),
        ("left_out.sum()", "still stands in the place of the answer"),
        ("left_out + 1", "still stands in the place of the answer"),
        ("x = nothing.append(1)", "returns None"),
        ("nothing + 1", "did a function before it end without `return`"),
        ("np.mean((X, u))", "`a, b = f(x)` gives each its name"),
        ("u + (X, u)", "`a, b = f(x)` gives each its name"),
        ("np.array([[1, 2], [3]])", "rows of the same length"),
        ("np.arange(X)", "`len(X)` is the number of its rows"),
        ("{'gain_1': 1}['gain1']", "has no such key"),
        ("np.random.default_rng(1).choice(3, p=u)", "shares that sum to 1"),
        ("np.random.default_rng(1).choice(3, p=X)", "one row of shares"),
        ("np.random.default_rng(1).choice(3, u)", "have a name, `p=…`"),
        ("len(u).choice(3)", "`np.random.default_rng(…)` makes a generator"),
        ("u.sum().append(3)", "a single number"),
        ("np.linalg.norm(u, u)", "two vectors have two lengths"),
        ("np.average(X, weights=np.ones((2, 5)))", "for a table of weights there is `@`"),
        ("raise 'lengths'", "takes an exception, not a text"),
        ("assert len(u) == 2", "your own `assert` fails here"),
        ("from .other import f", "without the point"),
        ("import other.py", "by their plain names"),
    ],
)
def test_an_exception_is_told_by_its_true_cause(line: str, words: str) -> None:
    assert words in str(on_exception(raise_in(line)))


CODE = """\
from softmax import softmax
import matplotlib.pyplot as plt

def project_qkv(
    X: np.ndarray, W_q: np.ndarray, W_k: np.ndarray = None,
):
    shifted = X - 1
    rows, columns = X.shape
    for key, value in pairs:
        pass
"""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("name 'shfited' is not defined", "`shifted`"),
        ("name 'soft_max' is not defined", "`softmax`"),
        ("name 'W_Q' is not defined", "`W_q`"),
        ("name 'x' is not defined", "`X`"),
        ("name 'colums' is not defined", "`columns`"),
        ("name 'valeu' is not defined", "`value`"),
        ("name 'pritn' is not defined", "`print`"),
        ("name 'project_qvk' is not defined", "`project_qkv`"),
        ("name 'matplotlib' is not defined", None),
        ("name 'V' is not defined", None),
        ("module 'numpy' has no attribute 'agrmax'", "`np.argmax`"),
        ("module 'numpy' has no attribute 'sofmax'", None),
        ("'numpy.ndarray' object has no attribute 'softmax'", None),
        ("'numpy.ndarray' object has no attribute 'traspose'", "`.transpose`"),
    ],
)
def test_a_name_that_was_meant_is_told(text: str, meant: str | None) -> None:
    said = guess_name(Raised("AttributeError", text, None), CODE)
    assert said == (None if meant is None else f"did you mean {meant}?")


def test_a_function_of_the_lesson_is_not_looked_for_in_numpy() -> None:
    raised = Raised("AttributeError", "module 'numpy' has no attribute 'softmax'", None)
    assert guess_name(raised, CODE) == "`softmax` is known in this file: without `np.` in front"
    assert guess_name(raised, "") is None


def test_one_name_for_all_sizes_is_a_plain_slip() -> None:
    function = of_function("def f(X):", "    d = X.shape", "    return X / np.sqrt(d)")
    assert "`shape` holds all sizes" in str(name_plain_slip(function))
    assert name_plain_slip(of_function("def f(X):", "    n, d = X.shape", "    return X")) is None


def test_what_append_returns_is_not_the_list() -> None:
    function = of_function("def f(a, n):", "    for i in range(n):", "        a = a.append(i)")
    assert "line 12: `append` changes the list itself" in str(name_plain_slip(function))
    function = of_function("def f(a, n):", "    for i in range(n):", "        a.append(i)")
    assert name_plain_slip(function) is None


def test_a_name_of_typing_is_told_its_import() -> None:
    said = guess_name(Raised("NameError", "name 'List' is not defined", None), "")
    assert said == "it has to be imported first: `from typing import List`"


@pytest.mark.parametrize(
    ("code", "around"),
    [
        (
            'if __name__ == "__main__":\n    x = 1\n\n    def softmax(x):\n',
            'if __name__ == "__main__":',
        ),
        ("def main():\n\tdef softmax (x): return x\n", "def main():"),
        ("class Attention:\n  scale = 2\n  async def softmax(self, x):\n", "class Attention:"),
        ("def softmax(x): ...\n", None),
        ("def main():\n    def softmax_of(x): ...\n", None),
    ],
)
def test_a_function_inside_something_else_is_told_where_it_is(
    code: str, around: str | None
) -> None:
    said = find_inner_definition("softmax", code)
    assert said == (around and f"it is defined inside `{around}`, where nothing else finds it; "
        "move it out, so that its `def` stands at the left edge")  # fmt: skip


def test_a_long_line_of_names_takes_no_time() -> None:
    code = "\n".join(["def f(" * 1000, "a, " * 300_000, "b " * 90 + "=" * 9, *["c = 1"] * 50_000])
    begin = time.process_time()
    assert guess_name(Raised("NameError", "name 'abcd' is not defined", None), code) is None
    assert time.process_time() - begin < 1


def test_a_raise_of_ones_own_is_told_in_a_call_alone() -> None:
    place = Place("a.py", 3, 'raise ValueError("shape")')
    own = build_raised("ValueError", "ValueError", "shape", place)
    assert "this `raise` is your own" in str(on_own_raise(own))
    misspelt = build_raised("NameError", "NameError", "name 'ValueErorr' is not defined", place)
    assert on_own_raise(misspelt) is None


def test_a_letter_without_quotes_in_a_dict_is_told() -> None:
    place = Place("a.py", 3, '"query": D,')
    raised = build_raised("NameError", "NameError", "name 'D' is not defined", place)
    assert "a text stands in quotes" in str(on_exception(raised))


@pytest.mark.parametrize("line", ["X * X.T", "X + np.ones((5, 4))", "X / np.ones(7)"])
def test_keepdims_is_blamed_only_where_an_axis_is_lost(line: str) -> None:
    assert "keepdims" not in str(on_exception(raise_in(line)))


def test_a_call_by_a_check_is_told_to_keep_the_parameters() -> None:
    raised = build_raised(
        "TypeError", "TypeError", "f() missing 1 required positional argument: 'v'", None
    )
    assert "as they were handed out" in str(on_exception(raised))


@pytest.mark.parametrize(
    ("got", "due", "words"),
    [
        ("a tuple of 2 values: an int, an int", "a single number", "a comma makes a pair"),
        ("a tuple of 1 value, each of shape (1,)", "a single number", "`[0]` takes it out"),
        ("an array of shape (4,)", "a single number", "one is due"),
        ("an array of shape (1,)", "a single number", "`.item()`"),
        ("a tuple of 1 value, each of shape (3, 5)", "an array of shape (3, 5)", "a comma at"),
        ("a tuple of 2 values, each of shape (5, 5)", "an array of shape (5, 5)", "which is it"),
        ("a single number", "an array of shape (3, 5)", "no `axis`"),
        ("a text", "a single number", "return the number itself"),
    ],
)
def test_another_kind_of_value_is_told(got: str, due: str, words: str) -> None:
    assert words in str(on_kind(got, due))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("a builtin_function_or_method", "brackets call a function"),
        ("a generator", "`return` hands over a value"),
        ("a map", "makes a list of it"),
        ("a ValueError", "is raised, not returned"),
        ("a type", "a class comes back"),
        ("a softmax", "return the numbers in it"),
    ],
)
def test_what_cannot_be_compared_is_told(words: str, said: str) -> None:
    assert said in str(on_return(words))


def test_an_object_that_a_check_may_want_is_no_slip() -> None:
    assert on_object("a ValueError") is not None
    assert on_object("a Stack") is None


@pytest.mark.parametrize(
    ("got", "due", "said"),
    [
        ("an array of shape (5, 6)", "an array of shape (n, n) = (5, 5)", "`X` has this shape"),
        ("output: an array of shape (8, 4)", "output: an array of shape (5, 4)", "`W` has this"),
        ("an array of shape (5, 6)", "an array of shape (n, d) = (5, 6)", None),
        ("an array of shape (6, 6)", "an array of shape (n, n) = (5, 5)", None),
        ("an array of shape (5, 6)", "a single number", None),
        ("an array of shape (3,)", "an array of shape (n, m) = (3, 5)", "an axis is gone"),
        ("an array of shape (5,)", "an array of shape (n, m) = (3, 5)", "an axis is gone"),
        ("an array of shape (3, 1)", "an array of shape (n,) = (3,)", "an axis of size 1 too many"),
        ("an array of shape (1, 5)", "an array of shape (n,) = (5,)", "an axis of size 1 too many"),
        ("an array of shape (4,)", "an array of shape (n, m) = (3, 5)", None),
        ("an array of shape (25,)", "an array of shape (n, n) = (5, 5)", "in one row"),
        ("a text", "an array of shape (n, n) = (5, 5)", None),
    ],
)
def test_a_shape_that_is_an_arguments_own_is_told(got: str, due: str, said: str | None) -> None:
    arguments = {"X": np.ones((5, 6)), "W": np.ones((8, 4)), "n": 5}
    told = on_shape(got, due, arguments)
    assert told is None if said is None else said in str(told)


def of_function(*lines: str) -> Excerpt:
    """A student's function as a report shows it, from line 10 on."""
    return Excerpt("a.py", tuple(enumerate(lines, start=10)), 10, raised=False)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["    return u ** 1/2"], "line 11: a power comes before a division"),
        (["    return u // v  # a comment"], "line 11: `//` drops"),
        (["    for a in u:", "        s =+ a", "    return s"], "line 12: `s =+ x`"),
        (["    s = [[0] * n] * n", "    return s"], "line 11: `[[0] * n] * n` is one row"),
        (["    for a in u:", "        return a"], "line 12: `return` inside a loop"),
        (["    u = np.array([1.0, 2.0])", "    return u"], "the u that the function was called"),
        (["    if n is 0.0:", "        return u"], "line 11: `is` asks"),
        (["    return 0,0"], "line 11: a comma makes a pair"),
        (["    try:", "        f(u)", "    except:", "        pass"], "hides what goes wrong"),
        (["    return u - u.max(axis=1)[0]"], "the first row"),
        (["    return np.sqrt(u @ v) / 2"], "the root of a product"),
        (["    scores = u @ v", "    return softmax(u)"], "line 11: `scores` gets a value here"),
        (["    return [f(u[0]) for a in u]"], "line 11: `a` gets a value here"),
    ],
)  # fmt: skip
def test_a_line_that_rarely_means_what_it_says_is_pointed_at(lines: list[str], words: str) -> None:
    assert words in str(name_odd_line(of_function("def f(u, v):", *lines)))


@pytest.mark.parametrize(
    "lines",
    [
        ["    return weights @ V, weights"],
        ["    for a in u:", "        if a:", "            return a"],
        ["    u = np.asarray(u, dtype=float)", "    return u"],
        ['    return "https://a"  # a // b'],
        ["    output, weights = weights @ V, weights", "    return output, weights"],
        [
            "    total = 0.0",
            "    for a, b in zip(u, v):",
            "        total += a * b",
            "    return total",
        ],
        ["    for _ in u:", "        u = u + v", "    return u"],
    ],
)
def test_lines_as_right_answers_have_them_are_not_pointed_at(lines: list[str]) -> None:
    used = [name for name in ("u", "v") if re.search(rf"\b{name}\b", "\n".join(lines))]
    assert name_odd_line(of_function(f"def f({', '.join(used)}):", *lines)) is None


def test_a_parameter_that_nothing_reads_is_pointed_at() -> None:
    head = [
        "def f(u: np.ndarray, weights: dict[str, int],",
        "      axis: int = -1) -> tuple[A, B]:",
    ]
    assert name_odd_line(of_function(*head, "    return u @ weights + axis")) is None
    said = "line 10: `axis` is handed over here"
    assert said in str(name_odd_line(of_function(*head, "    return u @ weights")))
    assert name_odd_line(of_function(*head, '    return f"{u} {weights} {axis}"')) is None


def test_the_kinds_of_a_parameter_are_no_parameters() -> None:
    head = ["def f(", "    pairs: list[tuple[np.ndarray, int, int]],", "    steps: int,", ") -> A:"]
    assert name_odd_line(of_function(*head, "    return pairs[:steps]")) is None
    said = str(name_odd_line(of_function(*head, "    return pairs")))
    assert "`steps` is handed over here" in said


def test_a_name_that_differs_from_an_unread_parameter_in_its_case_is_given() -> None:
    function = of_function("def f(X, W_q):", "    return X @ W_Q")
    assert name_plain_slip(function) == (
        "line 10: `W_q` is handed over here, and is not used anywhere; `W_Q` is another name"
    )
    assert name_plain_slip(of_function("def f(X, W_q):", "    return X @ W_q // 2")) is None


def test_an_early_return_is_a_plain_slip() -> None:
    function = of_function("def f(q, K):", "    for k in K:", "        return q @ k")
    assert "ends the function in the loop" in str(name_plain_slip(function))


def test_nothing_is_called_unused_in_a_function_that_is_not_shown_whole() -> None:
    lines = ["    total = 0.0", *["    total_ = 1"] * MAX_LINES, "    return total"]
    assert name_odd_line(of_function("def f(u, axis):", *lines[: MAX_LINES - 1])) is None


def test_code_above_a_forgotten_raise_is_found() -> None:
    finished = of_function(
        "def f(u,", "      v):", "    s = u @ v", "    raise NotImplementedError"
    )
    untouched = of_function(
        "def f(u,", "      v):", "    # Your code here.", "    raise NotImplementedError"
    )
    assert find_code_above(finished, 13)
    assert not find_code_above(untouched, 13)


def given_in_part(u, v):  # type: ignore[no-untyped-def]
    u = u @ v
    raise NotImplementedError


def test_code_that_was_handed_out_above_a_raise_is_not_the_student_s() -> None:
    head, given, mine = "def f(u, v):", "    u = u @ v", "    s = 1"
    here, end = "    # Your code here.", "    raise NotImplementedError"
    assert not find_code_above(of_function(head, given, here, end), 13, given_in_part)
    assert find_code_above(of_function(head, given, mine, here, end), 14, given_in_part)
    # In a notebook nobody knows what was handed out, but where it says that the code goes.
    assert not find_code_above(of_function(head, given, here, end), 13)
    assert find_code_above(of_function(head, given, here, mine, end), 14)
    assert find_code_above(of_function(head, mine, end), 12)


def given_around(n):  # type: ignore[no-untyped-def]
    places = list(range(n))
    ### BEGIN SOLUTION
    found = places[::2]
    ### END SOLUTION
    return len(found) // 2


def test_a_line_that_was_handed_out_is_never_odd() -> None:
    # The student needs neither; what is odd beside them is still told.
    around = ("    places = list(range(n))", "    return len(found) // 2")
    own = of_function("def f(n):", around[0], "    found = n", around[1])
    assert "`places` gets a value" in str(name_odd_line(own))
    assert name_odd_line(own, given_around) is None
    odd = of_function("def f(n):", around[0], "    found = n // 2", around[1])
    assert str(name_odd_line(odd, given_around)).startswith("line 12: `//`")
    copied = of_function("def f(n):", "    found = places[::2]", "    return n")
    assert "`found` gets a value" in str(name_odd_line(copied, given_around))


def given_with_sizes(X, n):  # type: ignore[no-untyped-def]
    n = X.shape
    raise NotImplementedError
    return n


def test_a_slip_in_a_line_that_was_handed_out_is_not_the_student_s() -> None:
    function = of_function("def f(X, n):", "    n = X.shape", "    return n")
    assert name_plain_slip(function) is not None
    assert name_plain_slip(function, given_with_sizes) is None
    # The same words in another place are the student's.
    moved = of_function("def f(X, n):", "    for x in X * n:", "        return n")
    assert "ends the function in the loop" in str(name_plain_slip(moved, given_with_sizes))
