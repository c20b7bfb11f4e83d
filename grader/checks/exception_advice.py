"""Explains error messages of Python and numpy to beginners, in a sentence each.

The exception's type, its text and the line that raised it decide which sentence fits. The sentences
quote none of them. A sentence names several causes only if each of them is possible.
"""

from __future__ import annotations

import re
from typing import Final

from grader.checks.array_advice import A_TEXT, ARRAY_ADVICE, Advice
from grader.checks.missing_names import guess_name, name_successor
from grader.sandbox.faults import Raised

_CALL_ITSELF: Final = (
    "a function stands where its result belongs; brackets call it: `f(x)`, `x.sum()`"
)
_LIST: Final = "a plain list cannot do this; `np.asarray(…)` makes an array of it"
_FUNCTIONS: Final = r"function|builtin_function_or_method|method|numpy\.ufunc|ufunc"
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
    Advice(
        "EOFError",
        "reading a line",
        "nobody is there to type when `input()` asks; let the function take the value as an "
        "argument",
    ),
    Advice(
        "BdbQuit",
        "",
        "a breakpoint was left in, and nobody is there to type; take `set_trace()` out",
    ),
    Advice(".*", "'(ellipsis|Ellipsis)'|type ellipsis", _LEFT_OUT),
    *ARRAY_ADVICE,
    # operators
    Advice(
        "TypeError|UFuncTypeError|_UFuncNoLoopError",
        r"bitwise_xor|for \^",
        "`^` compares bits; a power is written `**`",
    ),
    Advice(
        "TypeError",
        f"'({_FUNCTIONS})'$|unsupported operand.*'({_FUNCTIONS})'|non-iterable ({_FUNCTIONS})",
        _CALL_ITSELF,
    ),
    Advice(
        "TypeError|UFuncTypeError|_UFuncNoLoopError",
        r"bitwise_(or|and)|for [|&]",
        "`|` and `&` go bit by bit; between two conditions Python writes `or` and `and`",
    ),
    Advice(
        "TypeError",
        "'out' must be an array|return arrays must be of ArrayType",
        "the last value in the brackets stands where numpy expects an array to write into; "
        "`np.dot` takes two arrays, and `keepdims=True` needs its name",
    ),
    Advice(
        "ValueError",
        "values to unpack",
        "as many names must stand to the left of `=` as values come from its right",
    ),
    Advice(
        "TypeError",
        "cannot unpack non-iterable (int|float|numpy)",
        "several names stand to the left of `=`, and one number comes from its right; "
        "`X.shape` holds all sizes, `len(X)` the first",
    ),
    Advice(
        "TypeError",
        r"'(int|float|numpy\.\w+)' object is not iterable|iteration over a 0-d array",
        "a single number has no entries to go through; `range(n)` counts from 0 to n - 1",
    ),
    Advice(
        "TypeError",
        "'tuple' object cannot be interpreted as an integer",
        "several numbers stand where one belongs; `shape` holds all sizes, `X.shape[0]` is one",
    ),
    Advice(
        "TypeError",
        r"object cannot be interpreted as an integer",
        "numbers with a point stand where a size belongs: in which order does this function take "
        "its values? The shares of `choice` have a name, `p=…`",
        line=r"\bchoice\(",
    ),
    Advice(
        "TypeError",
        r"'(str|float|list|numpy\.float\d+)' object cannot be interpreted as an integer",
        "a whole number belongs here, such as 3, -1 or `len(u)`",
    ),
    Advice(
        "TypeError",
        "exceptions must derive",
        "`raise` takes an exception, not a text: `raise ValueError(\"…\")`",
    ),
    Advice(
        "AssertionError",
        "",
        "your own `assert` fails here, and raises an AssertionError; to refuse a value, write "
        "`raise ValueError(\"…\")` below an `if`",
        line="^assert",
    ),
    Advice(
        "ValueError|TypeError",
        "sub-type of ndarray|data type 'int' not understood|Cannot interpret",
        "`.view` is another thing in numpy than in torch; `.reshape` is meant",
        line=r"\.view\(",
    ),
    Advice(
        "TypeError",
        "Cannot interpret|data type",
        "the sizes of a new array stand in brackets of their own: `np.zeros((3, 5))`",
        line=r"\b(zeros|ones|empty|full)\(",
    ),
    # random numbers
    Advice(
        "ValueError",
        "[Pp]robabilities do not sum to 1",
        "`p` takes shares that sum to 1: were these made into shares, and what was done to "
        "them after that?",
    ),
    Advice(
        "ValueError",
        "p must be 1-dimensional",
        "a draw needs one row of shares: which row of this table is meant?",
    ),
    Advice(
        "ValueError",
        "'a' and 'p' must have same size",
        "there must be as many shares as there are things to draw from",
    ),
    Advice(
        "AttributeError",
        "'(int|float)' object has no attribute '(choice|random|integers|normal|permutation)'",
        "this is a plain number, the seed of a generator; `np.random.default_rng(…)` makes a "
        "generator of it",
    ),
    # what an object has not
    Advice(
        "AttributeError",
        r"'(int|float|bool|numpy\.\w+\d+)' object has no attribute '(shape|T|sum|max|mean|dot|ndim|"
        "append|items|keys)'",
        "this is a single number, and no array: which step made a number of it, or is it another "
        "value than you think?",
    ),
    Advice(
        "AttributeError",
        "ndarray' object has no attribute '(exp|log|sqrt|tanh|sin|cos|abs|square|power|norm)'",
        "an array has no such method; numpy has the function: `np.…(x)`",
    ),
    Advice(
        "AttributeError",
        "ndarray' object has no attribute '(t|mm|bmm|matmul|transpose_|permute)'",
        "this is a method of torch's; numpy writes `X.T` and `A @ B`",
    ),
    Advice(
        "AttributeError",
        "ndarray' object has no attribute '(unsqueeze|numel|detach|numpy|cpu|float|double|long|"
        "contiguous|expand|masked_fill|cat|dim|argmax_|backward|clone|values|type|to)'",
        "torch or pandas has this, numpy has not; look for `np.asarray(x, dtype=float)`, "
        "`x.copy()`, `x[:, None]`, `keepdims=True` or `np.where`",
    ),
    Advice(
        "AttributeError",
        "has no attribute '(length|len|count|Length)'",
        "Python writes `len(x)`; all sizes of an array are in `x.shape`",
    ),
    Advice(
        "AttributeError",
        "ndarray' object has no attribute '(index|append|extend)'",
        "lists have this, arrays have not; `np.argmax` finds the place of the largest, and a list "
        "can grow before `np.array(…)` makes an array of it",
    ),
    Advice("AttributeError", "'list' object", _LIST),
    Advice(
        "AttributeError",
        "'tuple' object",
        "several values together are a tuple; `a, b = f(x)` gives each a name. A comma at the end "
        "of a line makes a tuple, too",
    ),
    Advice(
        "AttributeError",
        f"'({_FUNCTIONS})' object has no attribute",
        _CALL_ITSELF,
    ),
    Advice(
        "AttributeError",
        "(?<!NoneType') object has no attribute",
        _UNKNOWN_ATTRIBUTE,
    ),
    Advice(
        "AttributeError",
        "^module 'numpy' has no attribute '[A-Z]",
        "capital letters count, and the names of numpy's functions begin with small ones",
    ),
    Advice(
        "AttributeError",
        "^module 'numpy' has no attribute '(norm|det|inv|eig|svd)'",
        "this one is in `np.linalg`",
    ),
    Advice(
        "AttributeError",
        "^module 'numpy' has no attribute",
        _NOT_IN_NUMPY,
    ),
    Advice(
        "AttributeError",
        "^module .* has no attribute",
        "the module has nothing of this name: is it misspelt?",
    ),
    Advice(
        "ImportError",
        "relative import",
        "a file beside this one is imported without the point",
    ),
    Advice(
        "ImportError",
        "cannot import name",
        "the module has nothing of this name: is it misspelt, or not written yet?",
    ),
    Advice(
        "KeyError",
        "",
        "the dict that is asked here has no such key: is it misspelt, or does its name mean "
        "another dict by now?",
        line=r"\[",
    ),
    # names
    Advice(
        "NameError",
        "'(torch|nn|F|tf|tensorflow|keras|pd|pandas|scipy|sp|sklearn|jnp)'",
        "this library is not there; write it with numpy",
        line=r"\b(torch|nn|F|tf|tensorflow|keras|pd|pandas|scipy|sp|sklearn|jnp)\.",
    ),
    Advice(
        "NameError",
        "'numpy'",
        "numpy is called `np` here, after the line `import numpy as np`",
    ),
    Advice("NameError", "'np'", "the line `import numpy as np` is missing above"),
    Advice(
        "NameError",
        "'(math|cmath|random|itertools|functools|operator)'",
        "this is a module, and its `import` line is missing above; numpy has most of `math`, too",
    ),
    Advice(
        "NameError",
        "'(exp|sqrt|log|dot|array|zeros|ones|argmax|mean|norm|matmul|transpose|asarray|shape)'",
        "numpy's own functions are called with `np.` in front, or `np.linalg.`",
        line=r"(?<![.\w])(exp|sqrt|log|dot|array|zeros|ones|argmax|mean|norm|matmul|transpose|"
        r"asarray|shape)\(",
    ),
    Advice("NameError", "'(true|false|TRUE|FALSE|null|NULL|nil|none)'", "write True, False, None"),
    Advice(
        "NameError",
        "'(end|endif|endfor|then|begin)'",
        "Python has no such word: a block ends where the indentation ends",
        line=r"^(end|begin)\w*;?$|\bthen\b",
    ),
    Advice(
        "NameError",
        "'(length|size|numel|nrow|ncol|count|LEN|COUNT)'",
        "this is another language's; Python writes `len(x)`, and all sizes of an array are in "
        "`x.shape`",
        line=r"\b(length|size|numel|nrow|ncol|count|LEN|COUNT)\(",
    ),
    Advice(
        "NameError",
        "'(SUM|MAX|MIN|EXP|SQRT|MMULT|SUMPRODUCT|AVERAGE|TRANSPOSE)'",
        "this is a spreadsheet's; numpy has `np.sum`, `np.max`, `np.exp`, `np.sqrt`, `np.dot` and "
        "`X.T`",
    ),
    Advice(
        "NameError",
        "'self'",
        "`self` belongs into classes; a function knows its parameters alone",
    ),
    Advice(
        "NameError",
        "",
        "a text stands in quotes, a letter, too",
        line=r"""^(["']).*?\1\s*:\s*[A-Za-z]\w*\s*,?$""",
    ),
    Advice("NameError", "", "`<-` is R's; Python gives names with `=`", line=r"^\w+ *<- *\S"),
    Advice(
        "NameError",
        "",
        _UNKNOWN_NAME,
    ),
    Advice(
        "UnboundLocalError",
        "",
        "it is used before this function has given it a value: look at each way to this line",
    ),
    Advice("TypeError", "'list'|multiply sequence", _LIST),
    Advice("TypeError", "unsupported operand.*'str'|must be real number, not str", A_TEXT),
    Advice(
        "TypeError|AttributeError",
        "NoneType",
        "`append` changes the list itself, and returns None: nothing is to be made of its result",
        line=r"=\s*\w+\.(append|extend|sort|insert)\(",
    ),
    Advice(
        "TypeError|AttributeError",
        "NoneType",
        "something here is None: did a function before it end without `return`, or is it the "
        "result of `append`, which has none?",
    ),
    # calls
    Advice(
        "TypeError",
        "unexpected keyword argument '(dim|keepdim|dims|axes|keepdims_|input|other)'",
        "torch says `dim` and `keepdim`; numpy says `axis` and `keepdims`",
        line=r"\(",
    ),
    Advice(
        "TypeError",
        "unexpected keyword argument",
        "the function that is called in this line takes no argument of this name",
        line=r"\(",
    ),
    Advice(
        "TypeError",
        r"positional argument|exactly one argument|multiple values|takes no arguments",
        "the function that is called in this line takes another number of arguments: which does "
        "its `def` line name, and which does the call hand over?",
        line=r"\(",
    ),
    Advice(
        "TypeError",
        r"positional argument|exactly one argument|unexpected keyword|multiple values",
        "the `def` line of this function takes other arguments than the exercise: keep the names, "
        "their order and their defaults as they were handed out",
    ),
    Advice(
        "TypeError",
        f"'({_FUNCTIONS})' object is not subscriptable",
        "square brackets look an entry up; round brackets call a function: `f(x)`",
    ),
    Advice(
        "TypeError",
        "not subscriptable",
        "square brackets stand behind something that holds no entries; print what it is",
    ),
    Advice(
        "TypeError",
        "'module' object is not callable",
        "this name is a whole module; `from module import function` gets a function out of it",
    ),
    Advice(
        "TypeError",
        "'tuple' object is not callable",
        "`shape` is no function: its sizes are `X.shape[0]`, `X.shape[1]`, …",
        line=r"\.shape\(",
    ),
    Advice(
        "TypeError",
        "'int' object is not callable",
        "`size()` is torch's; numpy writes `X.shape[1]`",
        line=r"\.size\(",
    ),
    Advice(
        "TypeError",
        "ndarray' object is not callable",
        "`X.T` is no function: without brackets it is the transpose",
        line=r"\.T\(",
    ),
    Advice(
        "TypeError",
        "ndarray' object is not callable",
        "round brackets call a function, and this is an array. `x[i]` looks an entry up, `*` and "
        "`@` multiply; or does the array have a function's name?",
    ),
    Advice(
        "TypeError",
        "not callable",
        "round brackets stand behind something that is no function; is an operator missing, or "
        "does a variable have a function's name?",
    ),
    # modules
    Advice(
        "ModuleNotFoundError|ImportError",
        "was not handed in|cannot be read|does not compile",
        "this lesson uses an earlier one: put its file, working, beside this one",
    ),
    Advice(
        "ModuleNotFoundError",
        r"is not a package|\.py'",
        "the name of a file is imported without its `.py`",
    ),
    Advice(
        "ModuleNotFoundError",
        "",
        "a lesson may import Python's own library, the packages that its course names, and earlier "
        "lessons by their plain names; write this with them",
    ),
    # numbers
    Advice("ZeroDivisionError", "", "print what you divide by: for which input is it 0?"),
    Advice(
        "OverflowError",
        "math range|too large",
        "this number is more than a float can hold: which value goes into it?",
    ),
    Advice(
        "RecursionError",
        "",
        "the function calls itself again and again: when does it stop doing so?",
    ),
    Advice(
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


def _first_that_fits(table: tuple[Advice, ...], raised: Raised) -> str | None:
    line = raised.place.text.strip() if raised.place is not None else ""
    for advice in table:
        if (
            re.fullmatch(advice.kind, raised.type_name)
            and re.search(advice.text, raised.text)
            and (not advice.line or re.search(advice.line, line))
        ):
            return advice.says
    return None
