"""Explains error messages of Python and numpy to beginners, in a sentence each.

The exception's type, its text and the line that raised it decide which sentence fits. The sentences
quote none of them. A sentence names several causes only if each of them is possible.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from grader.checks.missing_names import guess_name, name_successor
from grader.sandbox.faults import Raised


class _Advice(NamedTuple):
    """A sentence, and the patterns that decide whether it fits."""

    kind: str  # the pattern of the exception's whole type
    text: str  # to be found in the exception's text
    says: str  # the sentence
    line: str = ""  # to be found in the student's line; a call from a check has none


_CALL_ITSELF: Final = (
    "a function stands where its result belongs; brackets call it: `f(x)`, `x.sum()`"
)
_LIST: Final = "a plain list cannot do this; `np.asarray(…)` makes an array of it"
_SHAPES: Final = (
    "numpy lines two shapes up from the right; sizes that meet must be equal, or one of them 1. "
)
_INNER_SIZES: Final = (
    "the sizes that meet in the middle of a matrix product must be equal: (m, n) @ (n, p). "
    "Print both shapes: which side, or which order, is the wrong one?"
)
_FUNCTIONS: Final = r"function|builtin_function_or_method|method|numpy\.ufunc|ufunc"
_TEXT: Final = "a text stands where a number belongs"
_OWN_RAISE: Final = (
    "this `raise` is your own: should it refuse this call, and is it the exception that is asked "
    "for?"
)
_UNKNOWN_NAME: Final = (
    "nothing has this name here: is it misspelt, or is an import or an assignment missing above "
    "it? The names inside another function are not known in this one"
)
_UNKNOWN_ATTRIBUTE: Final = "nothing of this name belongs to this kind of object: is it misspelt?"
_NOT_IN_NUMPY: Final = (
    "numpy has no function of this name: is it misspelt, or is it yours to write?"
)
#: Sentences that stand back if a similar name exists.
_MISSPELT: Final = (_UNKNOWN_NAME, _UNKNOWN_ATTRIBUTE, _NOT_IN_NUMPY)
_LEFT_OUT: Final = "`...` still stands in the place of the answer"

#: The first one that fits is used.
_ADVICE: Final = (
    _Advice(
        "EOFError",
        "reading a line",
        "nobody is there to type when `input()` asks; let the function take the value as an "
        "argument",
    ),
    _Advice(
        "BdbQuit",
        "",
        "a breakpoint was left in, and nobody is there to type; take `set_trace()` out",
    ),
    _Advice(".*", "'(ellipsis|Ellipsis)'|type ellipsis", _LEFT_OUT),
    # shapes
    _Advice(
        ".*",
        "",
        "`^` is no transpose; `X.T` is",
        line=r"\^\s*T\b",
    ),
    _Advice(
        "ValueError",
        "could not be broadcast",
        "`shape` holds all sizes of an array; `X.shape[1]` is one of them",
        line=r"\.shape\b(?!\s*[\[(])",
    ),
    _Advice(
        "ValueError",
        r"could not be broadcast .*\(\d+,\d+\) \(\d+,\d+\)",
        "`*` multiplies entry by entry, and the two shapes do not fit; the matrix product is `@`",
        line=r"(?<!\*)\*(?!\*)",
    ),
    _Advice(  # one shape is the other without its last axis
        "ValueError",
        r"could not be broadcast .*(\((\d+),\d+\) \(\2,\)|\((\d+),\) \(\3,\d+\)|"
        r"\((\d+(,\d+)+),\d+\) \(\4\)|\((\d+(,\d+)+)\) \(\6,\d+\))",
        f"{_SHAPES}Where `sum` or `max` took an axis away, `keepdims=True` keeps it with size 1",
    ),
    _Advice(
        "ValueError",
        "could not be broadcast",
        f"{_SHAPES}Print both shapes: which is not what you expect?",
    ),
    _Advice(
        "ValueError",
        "does not have enough dimensions",
        "one side of `@` is a single value. Is it a number, a `...` that was left in, or a "
        "function without its brackets? Print both sides",
    ),
    _Advice("ValueError", "matmul|not aligned", _INNER_SIZES),
    _Advice(
        "ValueError",
        "subscripts|einstein",
        "`einsum` wants one group of letters for each array, with commas between them",
    ),
    _Advice(
        "ValueError",
        "cannot reshape",
        "`reshape` keeps every entry: the new sizes, multiplied, must give the old number of them",
    ),
    _Advice(
        "ValueError",
        "for cross product",
        "`np.cross` is the cross product; the dot product is `@` or `np.dot`",
    ),
    _Advice(
        "ValueError",
        "truth value",
        "the built-in `max`, `min` and `sorted` compare whole rows of a table; `np.max(x, axis=…)` "
        "compares numbers",
        line=r"^(?!.*\b(if|while|and|or|not)\b).*(?<![.\w])(max|min|sorted)\(",
    ),
    _Advice(
        "ValueError",
        "truth value",
        "`if`, `and` and `while` want one True or False, and comparing arrays gives many; "
        "`.all()` or `.any()` makes one of them",
    ),
    _Advice(
        "ValueError",
        "inhomogeneous",
        "an array needs rows of the same length, and these have different ones",
    ),
    _Advice(
        "ValueError",
        "could not convert string|invalid literal",
        _TEXT,
    ),
    _Advice(
        "TypeError",
        "only .*arrays can be converted|only length-1 arrays",
        "`range` takes a number; `range(len(u))` counts the entries of u",
        line=r"\brange\(",
    ),
    _Advice(
        "TypeError",
        "only integer scalar arrays",
        "an array stands where a whole number belongs, such as an index, a size or an axis: in "
        "which order does this function take its values?",
    ),
    _Advice(
        "TypeError",
        "only .*arrays can be converted|only length-1 arrays",
        "`float(…)`, `int(…)` and the functions of `math` take one number, and got a whole array",
    ),
    _Advice(
        "UFuncTypeError|_UFuncOutputCastingError",
        "[Cc]annot cast",
        "an array of integers has no room for fractions; make an array of floats first",
    ),
    # axes and indices
    _Advice(
        "AxisError",
        "",
        "an array has as many axes as its shape has numbers, counted from 0; -1 is the last one, "
        "however many there are",
    ),
    _Advice(
        "IndexError",
        "list assignment index",
        "a list has no places before they are filled: `append` adds one, and `np.zeros(n)` makes n",
    ),
    _Advice(
        "IndexError",
        "tuple index out of range",
        "`shape` has one number for each axis, counted from 0; a vector has one axis",
        line="shape",
    ),
    _Advice(
        "IndexError",
        "out of bounds|index out of range",
        "indices count from 0, so the last one is the size minus 1. Which size did you count with?",
    ),
    _Advice(
        "IndexError",
        "boolean index did not match",
        "True and False in square brackets pick entries one by one, so they need the shape of the "
        "array itself; an axis of size 1 is not stretched there",
    ),
    _Advice(
        "IndexError",
        "only integers, slices",
        "an index is a whole number; `for x in u` gives the numbers themselves, and "
        "`for i in range(len(u))` their indices",
    ),
    _Advice(
        "IndexError",
        "too many indices",
        "there are more indices in the brackets than the array has axes; print its shape",
    ),
    _Advice(
        "IndexError",
        "invalid index to scalar",
        "square brackets stand behind a single number, which has no entries; with one axis, "
        "`sum` and `max` give a number",
    ),
    _Advice(
        "TypeError",
        "list indices must be .* not tuple",
        "`a[i, j]` is for arrays; a list of lists is written `a[i][j]`",
    ),
    _Advice(
        "TypeError",
        "indices must be integers",
        "an index is a whole number; `for x in u` gives the entries themselves, and "
        "`for i in range(len(u))` their indices",
    ),
    # operators
    _Advice(
        "TypeError|UFuncTypeError|_UFuncNoLoopError",
        r"bitwise_xor|for \^",
        "`^` compares bits; a power is written `**`",
    ),
    _Advice(
        "TypeError",
        f"'({_FUNCTIONS})'$|unsupported operand.*'({_FUNCTIONS})'|non-iterable ({_FUNCTIONS})",
        _CALL_ITSELF,
    ),
    _Advice(
        "TypeError|UFuncTypeError|_UFuncNoLoopError",
        r"bitwise_(or|and)|for [|&]",
        "`|` and `&` go bit by bit; between two conditions Python writes `or` and `and`",
    ),
    _Advice(
        "TypeError",
        "'out' must be an array|return arrays must be of ArrayType",
        "the last value in the brackets stands where numpy expects an array to write into; "
        "`np.dot` takes two arrays, and `keepdims=True` needs its name",
    ),
    _Advice(
        "ValueError",
        "values to unpack",
        "as many names must stand to the left of `=` as values come from its right",
    ),
    _Advice(
        "TypeError",
        "cannot unpack non-iterable (int|float|numpy)",
        "several names stand to the left of `=`, and one number comes from its right; "
        "`X.shape` holds all sizes, `len(X)` the first",
    ),
    _Advice(
        "TypeError",
        r"'(int|float|numpy\.\w+)' object is not iterable|iteration over a 0-d array",
        "a single number has no entries to go through; `range(n)` counts from 0 to n - 1",
    ),
    _Advice(
        "TypeError",
        "'tuple' object cannot be interpreted as an integer",
        "several numbers stand where one belongs; `shape` holds all sizes, `X.shape[0]` is one",
    ),
    _Advice(
        "TypeError",
        "'(str|float|list)' object cannot be interpreted as an integer",
        "a whole number belongs here, such as 3, -1 or `len(u)`",
    ),
    _Advice(
        "TypeError",
        "exceptions must derive",
        "`raise` takes an exception, not a text: `raise ValueError(\"…\")`",
    ),
    _Advice(
        "AssertionError",
        "",
        "your own `assert` fails here, and raises an AssertionError; to refuse a value, write "
        "`raise ValueError(\"…\")` below an `if`",
        line="^assert",
    ),
    _Advice(
        "ValueError|TypeError",
        "sub-type of ndarray|data type 'int' not understood|Cannot interpret",
        "`.view` is another thing in numpy than in torch; `.reshape` is meant",
        line=r"\.view\(",
    ),
    _Advice(
        "TypeError",
        "Cannot interpret|data type",
        "the sizes of a new array stand in brackets of their own: `np.zeros((3, 5))`",
        line=r"\b(zeros|ones|empty|full)\(",
    ),
    # what an object has not
    _Advice(
        "AttributeError",
        "ndarray' object has no attribute '(exp|log|sqrt|tanh|sin|cos|abs|square|power|norm)'",
        "an array has no such method; numpy has the function: `np.…(x)`",
    ),
    _Advice(
        "AttributeError",
        "ndarray' object has no attribute '(t|mm|bmm|matmul|transpose_|permute)'",
        "this is a method of torch's; numpy writes `X.T` and `A @ B`",
    ),
    _Advice(
        "AttributeError",
        "ndarray' object has no attribute '(unsqueeze|numel|detach|numpy|cpu|float|double|long|"
        "contiguous|expand|masked_fill|cat|dim|argmax_|backward|clone|values|type|to)'",
        "torch or pandas has this, numpy has not; look for `np.asarray(x, dtype=float)`, "
        "`x.copy()`, `x[:, None]`, `keepdims=True` or `np.where`",
    ),
    _Advice(
        "AttributeError",
        "has no attribute '(length|len|count|Length)'",
        "Python writes `len(x)`; all sizes of an array are in `x.shape`",
    ),
    _Advice(
        "AttributeError",
        "ndarray' object has no attribute '(index|append|extend)'",
        "lists have this, arrays have not; `np.argmax` finds the place of the largest, and a list "
        "can grow before `np.array(…)` makes an array of it",
    ),
    _Advice("AttributeError", "'list' object", _LIST),
    _Advice(
        "AttributeError",
        "'tuple' object",
        "several values together are a tuple; `a, b = f(x)` gives each a name. A comma at the end "
        "of a line makes a tuple, too",
    ),
    _Advice(
        "AttributeError",
        f"'({_FUNCTIONS})' object has no attribute",
        _CALL_ITSELF,
    ),
    _Advice(
        "AttributeError",
        "(?<!NoneType') object has no attribute",
        _UNKNOWN_ATTRIBUTE,
    ),
    _Advice(
        "AttributeError",
        "^module 'numpy' has no attribute '[A-Z]",
        "capital letters count, and the names of numpy's functions begin with small ones",
    ),
    _Advice(
        "AttributeError",
        "^module 'numpy' has no attribute '(norm|det|inv|eig|svd)'",
        "this one is in `np.linalg`",
    ),
    _Advice(
        "AttributeError",
        "^module 'numpy' has no attribute",
        _NOT_IN_NUMPY,
    ),
    _Advice(
        "AttributeError",
        "^module .* has no attribute",
        "the module has nothing of this name: is it misspelt?",
    ),
    _Advice(
        "ImportError",
        "relative import",
        "a file beside this one is imported without the point",
    ),
    _Advice(
        "ImportError",
        "cannot import name",
        "the module has nothing of this name: is it misspelt, or not written yet?",
    ),
    # names
    _Advice(
        "NameError",
        "'(torch|nn|F|tf|tensorflow|keras|pd|pandas|scipy|sp|sklearn|jnp)'",
        "this library is not there; write it with numpy",
        line=r"\b(torch|nn|F|tf|tensorflow|keras|pd|pandas|scipy|sp|sklearn|jnp)\.",
    ),
    _Advice(
        "NameError",
        "'numpy'",
        "numpy is called `np` here, after the line `import numpy as np`",
    ),
    _Advice("NameError", "'np'", "the line `import numpy as np` is missing above"),
    _Advice(
        "NameError",
        "'(math|cmath|random|itertools|functools|operator)'",
        "this is a module, and its `import` line is missing above; numpy has most of `math`, too",
    ),
    _Advice(
        "NameError",
        "'(exp|sqrt|log|dot|array|zeros|ones|argmax|mean|norm|matmul|transpose|asarray|shape)'",
        "numpy's own functions are called with `np.` in front, or `np.linalg.`",
        line=r"(?<![.\w])(exp|sqrt|log|dot|array|zeros|ones|argmax|mean|norm|matmul|transpose|"
        r"asarray|shape)\(",
    ),
    _Advice("NameError", "'(true|false|TRUE|FALSE|null|NULL|nil|none)'", "write True, False, None"),
    _Advice(
        "NameError",
        "'(end|endif|endfor|then|begin)'",
        "Python has no such word: a block ends where the indentation ends",
        line=r"^(end|begin)\w*;?$|\bthen\b",
    ),
    _Advice(
        "NameError",
        "'(length|size|numel|nrow|ncol|count|LEN|COUNT)'",
        "this is another language's; Python writes `len(x)`, and all sizes of an array are in "
        "`x.shape`",
        line=r"\b(length|size|numel|nrow|ncol|count|LEN|COUNT)\(",
    ),
    _Advice(
        "NameError",
        "'(SUM|MAX|MIN|EXP|SQRT|MMULT|SUMPRODUCT|AVERAGE|TRANSPOSE)'",
        "this is a spreadsheet's; numpy has `np.sum`, `np.max`, `np.exp`, `np.sqrt`, `np.dot` and "
        "`X.T`",
    ),
    _Advice(
        "NameError",
        "'self'",
        "`self` belongs into classes; a function knows its parameters alone",
    ),
    _Advice(
        "NameError",
        "",
        "a text stands in quotes, a letter, too",
        line=r"""^(["']).*?\1\s*:\s*[A-Za-z]\w*\s*,?$""",
    ),
    _Advice("NameError", "", "`<-` is R's; Python gives names with `=`", line=r"^\w+ *<- *\S"),
    _Advice(
        "NameError",
        "",
        _UNKNOWN_NAME,
    ),
    _Advice(
        "UnboundLocalError",
        "",
        "it is used before this function has given it a value: look at each way to this line",
    ),
    _Advice("TypeError", "'list'|multiply sequence", _LIST),
    _Advice("TypeError", "unsupported operand.*'str'|must be real number, not str", _TEXT),
    _Advice(
        "TypeError|AttributeError",
        "NoneType",
        "`append` changes the list itself, and returns None: nothing is to be made of its result",
        line=r"=\s*\w+\.(append|extend|sort|insert)\(",
    ),
    _Advice(
        "TypeError|AttributeError",
        "NoneType",
        "something here is None: did a function before it end without `return`?",
    ),
    # calls
    _Advice(
        "TypeError",
        "unexpected keyword argument '(dim|keepdim|dims|axes|keepdims_|input|other)'",
        "torch says `dim` and `keepdim`; numpy says `axis` and `keepdims`",
        line=r"\(",
    ),
    _Advice(
        "TypeError",
        "unexpected keyword argument",
        "the function that is called in this line takes no argument of this name",
        line=r"\(",
    ),
    _Advice(
        "TypeError",
        r"positional argument|exactly one argument|multiple values|takes no arguments",
        "the function that is called in this line takes another number of arguments: which does "
        "its `def` line name, and which does the call hand over?",
        line=r"\(",
    ),
    _Advice(
        "TypeError",
        r"positional argument|exactly one argument|unexpected keyword|multiple values",
        "the `def` line of this function takes other arguments than the exercise: keep the names, "
        "their order and their defaults as they were handed out",
    ),
    _Advice(
        "TypeError",
        f"'({_FUNCTIONS})' object is not subscriptable",
        "square brackets look an entry up; round brackets call a function: `f(x)`",
    ),
    _Advice(
        "TypeError",
        "not subscriptable",
        "square brackets stand behind something that holds no entries; print what it is",
    ),
    _Advice(
        "TypeError",
        "'module' object is not callable",
        "this name is a whole module; `from module import function` gets a function out of it",
    ),
    _Advice(
        "TypeError",
        "'tuple' object is not callable",
        "`shape` is no function: its sizes are `X.shape[0]`, `X.shape[1]`, …",
        line=r"\.shape\(",
    ),
    _Advice(
        "TypeError",
        "'int' object is not callable",
        "`size()` is torch's; numpy writes `X.shape[1]`",
        line=r"\.size\(",
    ),
    _Advice(
        "TypeError",
        "ndarray' object is not callable",
        "`X.T` is no function: without brackets it is the transpose",
        line=r"\.T\(",
    ),
    _Advice(
        "TypeError",
        "ndarray' object is not callable",
        "round brackets call a function, and this is an array. `x[i]` looks an entry up, `*` and "
        "`@` multiply; or does the array have a function's name?",
    ),
    _Advice(
        "TypeError",
        "not callable",
        "round brackets stand behind something that is no function; is an operator missing, or "
        "does a variable have a function's name?",
    ),
    # modules
    _Advice(
        "ModuleNotFoundError|ImportError",
        "was not handed in|cannot be read|does not compile",
        "this lesson uses an earlier one: put its file, working, beside this one",
    ),
    _Advice(
        "ModuleNotFoundError",
        r"is not a package|\.py'",
        "the name of a file is imported without its `.py`",
    ),
    _Advice(
        "ModuleNotFoundError",
        "",
        "a lesson may import Python's own library, the packages that its course names, and earlier "
        "lessons by their plain names; write this with them",
    ),
    # numbers
    _Advice("ZeroDivisionError", "", "print what you divide by: for which input is it 0?"),
    _Advice(
        "OverflowError",
        "math range|too large",
        "this number is more than a float can hold: which value goes into it?",
    ),
    _Advice(
        "RecursionError",
        "",
        "the function calls itself again and again: when does it stop doing so?",
    ),
    _Advice(
        "ValueError",
        "[Ss]hape|dimension",
        "print the shapes of the arrays in this line: which one is not what you expect?",
    ),
)  # fmt: skip


def on_exception(raised: Raised, code: str = "") -> str | None:
    """What an exception means and where to look; None if its own text is enough.

    Args:
        raised: by a student's code.
        code: the whole lesson, if a name may be misspelt.
    """
    if gone := name_successor(raised):
        return gone
    said = _first_that_fits(_ADVICE, raised)
    return guess_name(raised, code) or said if said in _MISSPELT else said


def on_own_raise(raised: Raised) -> str | None:
    """What to look at if the line is a `raise` of this very exception; None for any other line."""
    line = raised.place.text.strip() if raised.place is not None else ""
    return _OWN_RAISE if re.match(rf"raise\s+{re.escape(raised.type_name)}\b", line) else None


def _first_that_fits(table: tuple[_Advice, ...], raised: Raised) -> str | None:
    line = raised.place.text.strip() if raised.place is not None else ""
    for advice in table:
        if (
            re.fullmatch(advice.kind, raised.type_name)
            and re.search(advice.text, raised.text)
            and (not advice.line or re.search(advice.line, line))
        ):
            return advice.says
    return None
