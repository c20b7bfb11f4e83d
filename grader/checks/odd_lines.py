"""Finds lines of a student's code that rarely do what was meant. It is advice, never a verdict.

The code is searched as text, because student code is compiled only in the sandbox.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Final

from grader.checks.code_excerpts import MAX_LINES
from grader.results import Excerpt

#: The patterns to search for in a line, each with a remark that is true of every such line.
_ODD: Final = (
    (
        r"\*\*\s*1\s*/\s*\d",
        "a power comes before a division: `a ** 1 / 2` is (a ** 1) / 2, and a root is `a ** 0.5`",
    ),
    # In a size or a place, `//` is what is meant.
    (
        r"^(?!.*\b(?:reshape|range|arange|zeros|ones|empty|split|len)\(.*//)(?!.*\[[^\]]*//)"
        r".*(?<!/)//(?!/)",
        "`//` drops what is behind the point",
    ),
    (r"\w\s*=\+\s*\w", "`s =+ x` gives s a new value; `s += x` adds to the old one"),
    (
        r"\[\s*\[.*\]\s*\*\s*\w+\s*\]\s*\*",
        "`[[0] * n] * n` is one row, n times the same; what is written into it stands in all",
    ),
    (
        r"\bis\s+(not\s+)?-?\d",
        "`is` asks whether two things are one object; numbers are compared by `==`",
    ),
    (
        r"\breturn\s+-?\d+,\s*\d+$",
        "a comma makes a pair of two numbers; decimals are written with a point",
    ),
    (
        r"^\w+\s*,.*=.*@\s*\w+\s*,\s*\w+\s*,\s*\w+$",
        "a comma ends a product: `X @ A, B` is X @ A and B",
    ),
    (r"@\s*\(.*\)\s*\*\*", "`**` comes before `@`: `A @ (B) ** 2` squares B alone"),
    (
        r"\bmax\(.*\)\s*\[0\]",
        "numpy's `max` gives the largest numbers alone; `[0]` takes the first row of them",
    ),
    (
        r"sqrt\([^()]*@[^()]*\)",
        "this is the root of a product; where a number of the product is negative, it is nan",
    ),
    (
        r"^except\b.*:\s*(pass)?$",
        "an `except` hides what goes wrong; take it out, and see what Python says",
    ),
)

#: The student's parts of a function, in a solution and in what was handed out.
_ANSWERS: Final = re.compile(
    r"(?ms)^[^\n]*BEGIN SOLUTION.*?END SOLUTION[^\n]*$|^\s*raise NotImplementedError$"
)
_IS_CODE: Final = re.compile(r"\s*[^\s#]")
_HERE: Final = "your code here"
_ALL_OF_THEM: Final = "`shape` holds all sizes of an array; `X.shape[1]` is one of them"
_IN_PLACE: Final = re.compile(r"\s*(\w+)\s*=\s*\1\.(append|extend|insert|sort|reverse)\(")
_ALL_SIZES: Final = re.compile(r"\s*(?:n|m|d|k|h|d_k|n_\w|dim)\s*=\s*\w+\.shape\s*$")
#: Any of them: most lines are not odd.
_ANY_ODD: Final = re.compile("|".join(f"(?:{pattern})" for pattern, _ in _ODD))

_EARLY_RETURN: Final = "`return` inside a loop ends the function in the loop's first round"

#: A name that a line binds: by an assignment, or as the variable of a loop.
_NAMES: Final = re.compile(r"([^\W\d]\w*)\s*=(?!=)|.*\bfor\s+([^\W\d]\w*)\s+in\b")
_PARAMETERS: Final = re.compile(r"[(,]\s*(\w+)\s*(?=[:,=)])")
_LITERAL: Final = re.compile(r"(\w+)\s*=\s*(np\.(array|asarray)\()?[\[(]*-?[\d.]+\s*[,)\]]")


def name_odd_line(
    function: Excerpt | None, reference: Callable[..., object] | None = None
) -> str | None:
    """The first odd line of a function, and a remark on it; None if there is none.

    Args:
        function: a whole function of the student's, from its ``def`` line on.
        reference: the same function as it was handed out, or as the solution has it: lines that
            were given are not odd.
    """
    if function is None or function.raised:
        return None
    texts = [(number, leave_out_texts(text)) for number, text in function.lines]
    head, body = _split(texts)
    parameters = _find_parameters(" ".join(text for _, text in head))
    whole = "\n".join(text for _, text in body)
    is_whole = len(function.lines) < MAX_LINES
    given = _handed_out(reference)
    for place, (number, text) in enumerate(body):
        line = text.strip()
        if text in given:
            continue
        said = None
        if _ANY_ODD.search(line):
            said = next(words for pattern, words in _ODD if re.search(pattern, line))
        if said is None and _returns_in_a_loop(body, place):
            said = _EARLY_RETURN
        if said is None and (set_ := _LITERAL.match(line)) and set_[1] in parameters:
            said = f"this takes the place of the {set_[1]} that the function was called with"
        if said is None and is_whole and (named := _NAMES.match(line)):
            name = named[1] or named[2]
            if name != "_" and len(re.findall(rf"\b{name}\b", whole)) == 1:
                said = f"`{name}` gets a value here, and is not used anywhere"
        if said is not None:
            return f"line {number}: {said}"
    return _name_unread(function)


def name_plain_slip(
    function: Excerpt | None, reference: Callable[..., object] | None = None
) -> str | None:
    """What is worth a look whatever else is said: an early `return`, an unread parameter.

    Args:
        function: a whole function of the student's, from its ``def`` line on.
        reference: as for :func:`name_odd_line`.
    """
    if function is None or function.raised:
        return None
    _, body = _split([(number, leave_out_texts(text)) for number, text in function.lines])
    given = _handed_out(reference)
    for place, (number, text) in enumerate(body):
        if text in given:
            continue
        if _returns_in_a_loop(body, place):
            return f"line {number}: {_EARLY_RETURN}"
        if _ALL_SIZES.match(text):
            return f"line {number}: {_ALL_OF_THEM}"
        if in_place := _IN_PLACE.match(text):
            return f"line {number}: `{in_place[2]}` changes the list itself, and returns None"
    return _name_unread(function)


def _name_unread(function: Excerpt) -> str | None:
    """A parameter that the function never reads; none if the function is not shown whole."""
    head, body = _split([(number, leave_out_texts(text)) for number, text in function.lines])
    if not body or len(function.lines) >= MAX_LINES:
        return None
    as_written = "\n".join(text for _, text in function.lines[len(head) :])
    for name in _find_parameters(" ".join(text for _, text in head)):
        if not re.search(rf"\b{name}\b", as_written):
            said = f"line {head[0][0]}: `{name}` is handed over here, and is not used anywhere"
            other = re.search(rf"\b{name}\b", as_written, re.IGNORECASE)
            return f"{said}; `{other[0]}` is another name" if other else said
    return None


def find_code_above(
    function: Excerpt | None, number: int, reference: Callable[..., object] | None = None
) -> bool:
    """Whether the student has written code above one of a function's lines.

    Args:
        function: a whole function of the student's, from its ``def`` line on.
        number: of a line in it.
        reference: the same function as it was handed out, or as the solution has it, which says
            what stands beside the student's part. Without it, all above ``# Your code here.`` does.
    """
    if function is None or number not in dict(function.lines):
        return False
    given, begin = {text.strip() for text in _handed_out(reference)}, 0
    if not given:
        begin = max((line for line, text in function.lines if _HERE in text.lower()), default=0)
    _, body = _split([(line, leave_out_texts(text)) for line, text in function.lines])
    given |= {"pass", "..."}
    return any(begin < line < number and text.strip() not in given for line, text in body)


def _handed_out(reference: Callable[..., object] | None) -> set[str]:
    """The lines of a function around the student's part, as `leave_out_texts` leaves them.

    Empty if nobody knows them.
    """
    try:
        source = inspect.getsource(reference) if reference is not None else ""
    except (OSError, TypeError):  # it was made in another way
        source = ""
    given = _ANSWERS.sub("", source).split("\n")
    return {leave_out_texts(text) for text in given if _IS_CODE.match(text)}


def _split(
    lines: Sequence[tuple[int, str]],
) -> tuple[Sequence[tuple[int, str]], Sequence[tuple[int, str]]]:
    """A function's head, which may have several lines, and its body."""
    ends = (place for place, (_, text) in enumerate(lines, start=1) if text.endswith(":"))
    end = next(ends, len(lines))
    return lines[:end], [(number, text) for number, text in lines[end:] if text.strip()]


def _find_parameters(head: str) -> list[str]:
    """The names of a function's parameters; a kind such as ``tuple[float, int, int]`` has none."""
    text, count = head.partition("->")[0], 1
    while count:
        text, count = re.subn(r"\[[^\[\]]*\]", "", text)
    return _PARAMETERS.findall(text)


def _returns_in_a_loop(body: Sequence[tuple[int, str]], place: int) -> bool:
    """Whether a line returns in the first round of a loop, without any condition."""
    text = body[place][1]
    depth = _depth(text)
    if not re.match(r"\s*return\b", text):
        return False
    above = next((line for _, line in reversed(body[:place]) if _depth(line) < depth), "")
    return re.match(r"\s*(for|while)\b", above) is not None


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())


def leave_out_texts(line: str) -> str:
    """A line of code without the texts between quotes, and without its comment."""
    return re.sub(r"\"[^\"]*\"|'[^']*'", '""', line).partition("#")[0].rstrip()
