"""What error messages about shapes, axes and indices mean, in a sentence each."""

from __future__ import annotations

from typing import Final, NamedTuple


class Advice(NamedTuple):
    """A sentence, and the patterns that decide whether it fits."""

    kind: str  # the pattern of the exception's whole type
    text: str  # to be found in the exception's text
    says: str  # the sentence
    line: str = ""  # to be found in the student's line; a call from a check has none


A_TEXT: Final = "a text stands where a number belongs"
_SHAPES: Final = (
    "numpy lines two shapes up from the right; sizes that meet must be equal, or one of them 1. "
)
_INNER_SIZES: Final = (
    "the sizes that meet in the middle of a matrix product must be equal: (m, n) @ (n, p). "
    "Print both shapes: which side, or which order, is the wrong one?"
)

#: The first one that fits is used.
ARRAY_ADVICE: Final = (
    # shapes
    Advice(
        ".*",
        "",
        "`^` is no transpose; `X.T` is",
        line=r"\^\s*T\b",
    ),
    Advice(
        "ValueError",
        "could not be broadcast",
        "`shape` holds all sizes of an array; `X.shape[1]` is one of them",
        line=r"\.shape\b(?!\s*[\[(])",
    ),
    Advice(
        "ValueError",
        r"could not be broadcast .*\(\d+,\d+\) \(\d+,\d+\)",
        "`*` multiplies entry by entry, and the two shapes do not fit; the matrix product is `@`",
        line=r"(?<!\*)\*(?!\*)",
    ),
    Advice(  # one shape is the other without its last axis
        "ValueError",
        r"could not be broadcast .*(\((\d+),\d+\) \(\2,\)|\((\d+),\) \(\3,\d+\)|"
        r"\((\d+(,\d+)+),\d+\) \(\4\)|\((\d+(,\d+)+)\) \(\6,\d+\))",
        f"{_SHAPES}Where `sum` or `max` took an axis away, `keepdims=True` keeps it with size 1",
    ),
    Advice(
        "ValueError",
        "could not be broadcast",
        f"{_SHAPES}Print both shapes: which is not what you expect?",
    ),
    Advice(
        "ValueError",
        "does not have enough dimensions",
        "one side of `@` is a single value. Is it a number, a `...` that was left in, or a "
        "function without its brackets? Print both sides",
    ),
    Advice("ValueError", "matmul|not aligned", _INNER_SIZES),
    Advice(
        "ValueError",
        "subscripts|einstein",
        "`einsum` wants one group of letters for each array, with commas between them",
    ),
    Advice(
        "ValueError",
        "cannot reshape",
        "`reshape` keeps every entry: the new sizes, multiplied, must give the old number of them",
    ),
    Advice(
        "ValueError",
        "for cross product",
        "`np.cross` is the cross product; the dot product is `@` or `np.dot`",
    ),
    Advice(
        "ValueError|TypeError",
        "truth value|orders?\\b|not understood",
        "the second value of `norm` says which kind of length is meant; two vectors have two "
        "lengths, and need two calls",
        line=r"\bnorm\(\s*\w+\s*,\s*\w+\s*\)",
    ),
    Advice(
        "ValueError",
        "truth value",
        "`np.arange` counts up to a number, and got a whole array: `len(X)` is the number of its "
        "rows",
        line=r"\barange\(",
    ),
    Advice(
        "ValueError",
        "truth value",
        "the built-in `max`, `min` and `sorted` compare whole rows of a table; `np.max(x, axis=…)` "
        "compares numbers",
        line=r"^(?!.*\b(if|while|and|or|not)\b).*(?<![.\w])(max|min|sorted)\(",
    ),
    Advice(
        "ValueError",
        "truth value",
        "`if`, `and` and `while` want one True or False, and comparing arrays gives many; "
        "`.all()` or `.any()` makes one of them",
    ),
    Advice(
        "ValueError",
        r"inhomogeneous shape after 1 dimensions?\. The detected shape was \([23],\)",
        "several values of different shapes stand where one array is meant: does a function here "
        "return a pair? `a, b = f(x)` gives each its name",
        line=r"^(?!.*\b(array|asarray|stack|vstack|hstack|concatenate)\()",
    ),
    Advice(
        "ValueError",
        "inhomogeneous",
        "an array needs rows of the same length, and these have different ones; `return a, b` "
        "hands over several arrays as they are",
    ),
    Advice(
        "ValueError",
        "could not convert string|invalid literal",
        A_TEXT,
    ),
    Advice(
        "TypeError",
        "only .*arrays can be converted|only length-1 arrays",
        "`range` takes a number; `range(len(u))` counts the entries of u",
        line=r"\brange\(",
    ),
    Advice(
        "TypeError",
        "only integer scalar arrays",
        "an array stands where a whole number belongs, such as an index, a size or an axis: in "
        "which order does this function take its values?",
    ),
    Advice(
        "TypeError",
        "only .*arrays can be converted|only length-1 arrays",
        "`float(…)`, `int(…)` and the functions of `math` take one number, and got a whole array",
    ),
    Advice(
        "UFuncTypeError|_UFuncOutputCastingError",
        "[Cc]annot cast",
        "an array of integers has no room for fractions; make an array of floats first",
    ),
    # axes and indices
    Advice(
        "AxisError",
        "",
        "an array has as many axes as its shape has numbers, counted from 0; -1 is the last one, "
        "however many there are",
    ),
    Advice(
        "TypeError",
        "Axis must be specified",
        "`np.average` takes one list of weights, with `axis=0` one for each row; for a table of "
        "weights there is `@`",
    ),
    Advice(
        "IndexError",
        "list assignment index",
        "a list has no places before they are filled: `append` adds one, and `np.zeros(n)` makes n",
    ),
    Advice(
        "IndexError",
        "tuple index out of range",
        "`shape` has one number for each axis, counted from 0; a vector has one axis",
        line="shape",
    ),
    Advice(
        "IndexError",
        "out of bounds|index out of range",
        "indices count from 0, so the last one is the size minus 1. Which size did you count with?",
    ),
    Advice(
        "IndexError",
        "boolean index did not match",
        "True and False in square brackets pick entries one by one, so they need the shape of the "
        "array itself; an axis of size 1 is not stretched there",
    ),
    Advice(
        "IndexError",
        "only integers, slices",
        "an index is a whole number; `for x in u` gives the numbers themselves, and "
        "`for i in range(len(u))` their indices",
    ),
    Advice(
        "IndexError",
        "too many indices",
        "there are more indices in the brackets than the array has axes; print its shape",
    ),
    Advice(
        "IndexError",
        "invalid index to scalar",
        "square brackets stand behind a single number, which has no entries; with one axis, "
        "`sum` and `max` give a number",
    ),
    Advice(
        "TypeError",
        "list indices must be .* not tuple",
        "`a[i, j]` is for arrays; a list of lists is written `a[i][j]`",
    ),
    Advice(
        "TypeError",
        "indices must be integers",
        "an index is a whole number; `for x in u` gives the entries themselves, and "
        "`for i in range(len(u))` their indices",
    ),
)  # fmt: skip
