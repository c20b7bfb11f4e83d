"""What Python's and numpy's own error messages mean, in a sentence for somebody who is new to them.

The sentences are chosen by an exception's type and text, and hold nothing of either.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Final

from grader.sandbox.faults import Raised

_LIST: Final = "a plain list cannot do this; `np.asarray(…)` makes an array of it"

_INPUT: Final = (
    "EOFError",
    "reading a line",
    "nobody is there to type when `input()` asks; let the function take the value as an argument",
)

#: The exception's type, what to search for in its text, and what to say; the first that fits.
_ADVICE: Final = (
    _INPUT,
    (
        "BdbQuit",
        "",
        "a breakpoint was left in, and nobody is there to type; take `set_trace()` out",
    ),
    (
        "ValueError",
        "could not be broadcast",
        "numpy lines two shapes up from the right; sizes that meet must be equal, or one of them "
        "1. Print both shapes: did a `sum` or `max` lose an axis that `keepdims=True` keeps?",
    ),
    (
        "ValueError",
        "matmul|not aligned",
        "the sizes that meet in the middle of a matrix product must be equal: (m, n) @ (n, p). "
        "Print both shapes: which side, or which order, is the wrong one?",
    ),
    (
        "ValueError",
        "truth value",
        "`if`, `and` and `while` want one True or False, and comparing arrays gives many; "
        "`.all()` or `.any()` makes one of them",
    ),
    (
        "ValueError",
        "inhomogeneous",
        "an array needs rows of the same length, and these have different ones",
    ),
    ("TypeError", "ellipsis", "`...` still stands in the place of the answer"),
    (
        "TypeError",
        "only .*arrays can be converted",
        "`float(…)`, `int(…)` and the functions of `math` take one number, and got a whole array",
    ),
    (
        "UFuncTypeError|_UFuncOutputCastingError",
        "[Cc]annot cast",
        "an array of integers has no room for fractions; make an array of floats first",
    ),
    (
        "AxisError",
        "",
        "an array has as many axes as its shape has numbers, counted from 0; -1 is the last one, "
        "however many there are",
    ),
    (
        "IndexError",
        "out of bounds",
        "indices count from 0, so the last one is the size minus 1. Which size did you count with?",
    ),
    (
        "IndexError",
        "only integers, slices",
        "an index is a whole number; `for x in u` gives the numbers themselves, and "
        "`for i in range(len(u))` their indices",
    ),
    (
        "IndexError",
        "too many indices",
        "there are more indices in the brackets than the array has axes; print its shape",
    ),
    (
        "TypeError|UFuncTypeError",
        r"bitwise_xor|for \^",
        "`^` compares bits; a power is written `**`",
    ),
    (
        "TypeError",
        "'out' must be an array|return arrays must be of ArrayType",
        "this takes two arrays; a third is where the result is written to",
    ),
    (
        "ValueError",
        "values to unpack",
        "as many names must stand to the left of `=` as values come from its right",
    ),
    (
        "ValueError",
        "for cross product",
        "`np.cross` is the cross product; the dot product is `@` or `np.dot`",
    ),
    (
        "ValueError|TypeError",
        "sub-type of ndarray|data type 'int' not understood|Cannot interpret",
        "`.view` is another thing in numpy than in torch; `.reshape` is meant",
    ),
    (
        "AttributeError",
        "ndarray' object has no attribute '(exp|log|sqrt|tanh|sin|cos|abs|square|power|norm)'",
        "an array has no such method; numpy has the function: `np.…(x)`",
    ),
    (
        "AttributeError",
        "ndarray' object has no attribute '(unsqueeze|matmul|mm|bmm|permute|numel|detach|numpy|"
        "cpu|float|double|long|contiguous|expand|masked_fill|cat|dim|argmax_|backward)'",
        "this is a method of torch's; in numpy it is `x[:, None]`, `keepdims=True`, `@`, "
        "`np.transpose` or another function",
    ),
    ("AttributeError", "'list' object", _LIST),
    (
        "AttributeError",
        "'tuple' object",
        "a comma at the end of a line, or a `return` of several values, makes a tuple",
    ),
    (
        "AttributeError",
        "(?<!NoneType') object has no attribute",
        "nothing of this name belongs to this kind of object: is it misspelt?",
    ),
    (
        "ImportError",
        "cannot import name",
        "the module has nothing of this name: is it misspelt, or not written yet?",
    ),
    (
        "NameError",
        "",
        "nothing has this name here: is it misspelt, or is an import or an assignment missing "
        "above it?",
    ),
    (
        "UnboundLocalError",
        "",
        "it is used before this function has given it a value: look at each way to this line",
    ),
    (
        "AttributeError",
        "^module .* has no attribute",
        "the module has nothing of this name: is it misspelt?",
    ),
    ("TypeError", "'list'|multiply sequence", _LIST),
    (
        "TypeError|AttributeError",
        "NoneType",
        "something here is None: did a function before it end without `return`?",
    ),
    (
        "TypeError",
        r"positional argument|exactly one argument|unexpected keyword|multiple values",
        "a function is called with other arguments than its `def` line takes; keep the parameters "
        "of the exercise as they were handed out",
    ),
    (
        "TypeError",
        "not subscriptable",
        "square brackets stand behind something that holds no entries; print what it is",
    ),
    (
        "TypeError",
        "not callable",
        "round brackets stand behind something that is no function; is an operator missing, or "
        "does a variable have a function's name?",
    ),
    (
        "ModuleNotFoundError|ImportError",
        "was not handed in|cannot be read|does not compile",
        "this lesson uses an earlier one: put its file, working, beside this one",
    ),
    (
        "ModuleNotFoundError",
        "",
        "a lesson may import Python's own library, the packages that its course names, and earlier "
        "lessons; write this with them",
    ),
    ("ZeroDivisionError", "", "print what you divide by: for which input is it 0?"),
    (
        "RecursionError",
        "",
        "the function calls itself again and again: when does it stop doing so?",
    ),
)  # fmt: skip


#: The same for a lesson that cannot be imported.
_ON_IMPORT: Final = (
    _INPUT,
    ("SyntaxError", "never closed", "each opening bracket needs a closing one: count them"),
    ("SyntaxError", "unmatched", "there is a closing bracket too many: count them"),
    (
        "SyntaxError",
        "expected ':'",
        "a line that begins a block (`def`, `if`, `for`, …) ends with a colon",
    ),
    ("SyntaxError", "Maybe you meant '=='", "`=` gives a name to a value; `==` compares two"),
    (
        "SyntaxError",
        "Perhaps you forgot a comma",
        "a comma or an operator is missing between two values",
    ),
    (
        "SyntaxError",
        "outside function",
        "`return` belongs inside a function: is it indented below its `def` line?",
    ),
    ("TabError", "", "begin every line with spaces, four for each level, and never with tabs"),
    (
        "IndentationError",
        "expected an indented block",
        "what belongs to the line above (`def`, `for`, `if`, …) stands four spaces further in",
    ),
    (
        "IndentationError",
        "",
        "lines that belong together begin below each other, with the same number of spaces",
    ),
)


#: What does not belong into a program: what to search for in the line that Python refuses.
_ON_LINE: Final = (
    (
        r"^(<{7}|={7}|>{7}|\|{7})",
        "two versions were merged here: choose one, and take the marks `<<<<<<<`, `=======` and "
        "`>>>>>>>` out",
    ),
    (r"^(```|~~~)", "a code fence (```) belongs into a text; take this line out"),
    (r"^(>>>|\.\.\. )", "`>>>` is a prompt, pasted with the code; take it out of each line"),
    (r"^(In|Out) ?\[\d*\]:", "`In [1]:` is a prompt, pasted with the code; take it out"),
    (
        "[\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb]",
        "these quotes come from a text; type them anew: ' or \"",
    ),
    ("[\u2010-\u2015\u2212]", "this dash comes from a text; type a minus sign: -"),
    ("[\u00d7\u2217\u22c5]", "this sign comes from a text; to multiply, type *"),
    ("[\u00a0\u200b\u3000\ufeff]", "an odd blank was pasted here; delete it and type a blank"),
)


def on_import(raised: Raised) -> str | None:
    """What to do about a lesson that cannot be imported; None where Python's text is enough."""
    if raised.type_name == "SyntaxError" and raised.place is not None:
        for pattern, sentence in _ON_LINE:
            if re.search(pattern, raised.place.text):
                return sentence
    return _first_that_fits(_ON_IMPORT, raised)


def on_exception(raised: Raised) -> str | None:
    """What an exception means and where to look; None where its own text is enough."""
    gone = _NUMPY_LACKS.search(raised.text)
    if gone and gone[1] in gone_from_numpy():
        return f"numpy has this no longer. {gone_from_numpy()[gone[1]]}"
    return _first_that_fits(_ADVICE, raised)


_NUMPY_LACKS: Final = re.compile(r"(?:module 'numpy' has no attribute '|^`np\.)(\w+)[`']")

#: Names that left numpy outside of its table, and what took their place.
_GONE: Final = {
    "product": "prod", "cumproduct": "cumprod", "alltrue": "all", "sometrue": "any",
    "trapz": "trapezoid", "in1d": "isin", "row_stack": "vstack", "asscalar": "ndarray.item",
    "float": "float64", "int": "int64", "bool": "bool_", "complex": "complex128",
    "object": "object_", "str": "str_", "long": "int64", "unicode": "str_",
}  # fmt: skip


@cache
def gone_from_numpy() -> Mapping[str, str]:
    """Names that numpy had once, each with what to do: numpy's own words where it has some."""
    words = {name: f"`np.{new}` took its place" for name, new in _GONE.items()}
    with suppress(ImportError, AttributeError):  # private: another numpy may keep it elsewhere
        table = importlib.import_module("numpy._expired_attrs_2_0").__expired_attributes__
        words |= {name: said.rstrip(".") for name, said in table.items()}
    return words


def _first_that_fits(table: Iterable[tuple[str, str, str]], raised: Raised) -> str | None:
    for kind, pattern, sentence in table:
        if re.fullmatch(kind, raised.type_name) and re.search(pattern, raised.text):
            return sentence
    return None


#: What a function must not return, by what messages call it, and what is meant.
_ON_RETURN: Final = (
    ("a (function|builtin_function_or_method|method|ufunc)", "brackets call a function: `f(x)`"),
    ("a set", "a set has no order; a list has one: [ … ]"),
    ("a (generator|map|zip|filter|reversed|list_iterator)", "`list(…)` makes a list of it"),
    ("an? .*(Error|Exception)", "an exception is raised, not returned: `raise ValueError(…)`"),
    ("an array of dtype object", "its rows have different lengths, or it holds no numbers"),
    ("an ellipsis", "`...` still stands in the place of the answer"),
)


def on_return(words: str) -> str | None:
    """What is meant in the place of a value that cannot be sent; None where nobody knows."""
    return next((said for kind, said in _ON_RETURN if re.fullmatch(kind, words)), None)


#: What came back in the place of what was due, and how to make the one of the other.
_ON_KIND: Final = (
    (r"a text", ".*", "quotes, `str(…)` or a list of words made a text; return the number itself"),
    (r".*array of shape \((1, ?)+1?\)", ".*single number", "`.item()` takes one number out of it"),
    (
        r"a (tuple|list) of \d+ values?",
        ".*values: .*",
        "`return a, b` gives back each one, in order",
    ),
    (r"a dict", ".*values: .*", "`return a, b` gives back several values, in order"),
)


def on_kind(got: str, expected: str) -> str | None:
    """How to return what is due, where another kind of value came back."""
    for kind, due, sentence in _ON_KIND:
        if re.fullmatch(kind, got) and re.fullmatch(due, expected):
            return sentence
    return None


#: What to look at when a call took too long.
ON_TIME: Final = (
    "does every loop come to its end? And does numpy have a function that does without the loop?"
)
