"""A notebook's cells as the text of a lesson, in the percent format."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.course.stubs import BEGIN, END, make_stub
from grader.errors import CourseError
from grader.importing.cell_names import parse
from grader.text.wording import take_out_markdown

#: The dict with the answers that a person marks.
ANSWERS: Final = "EXPLANATIONS"

_MAGIC: Final = re.compile(r"^\s*(?:%|!|\?)|\?\s*$")
_MARKS: Final = ("BEGIN SOLUTION", "END SOLUTION")
_ANCHOR: Final = re.compile(r"(?:\A|\n\n)# %%\n(# Here \w+ begins\.)(?=\n)")


@dataclass(slots=True)
class LessonText:
    """The text of a lesson, cell by cell."""

    cells: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)  # that a person marks, by question
    last_text: str = ""  # the last cell of text: a question's, perhaps
    title: str = ""  # the first heading

    def add_text(self, text: str) -> None:
        """Add a cell of text, without what it marks as an answer."""
        text = visible_part(text, "BEGIN SOLUTION", "END SOLUTION")[0]
        lines = [f"# {line}".rstrip() for line in text.split("\n")]
        self.cells.append("\n".join(["# %% [markdown]", *lines]))
        self.last_text = text
        if not self.title and (heading := re.search(r"^# +(.+)$", text, re.MULTILINE)):
            self.title = take_out_markdown(heading[1]).strip()

    def add_code(self, code: str) -> None:
        """Add a cell of code, which may have answers between markers."""
        self.cells.append(f"# %%\n{code.strip()}")

    def add_anchor(self, test: str) -> str:
        """Add a cell that marks where a test stands; return its comment."""
        anchor = anchor_of(test)
        self.add_code(anchor)
        return anchor

    def add_comment(self, code: str) -> None:
        """Add a cell of code that is none to Python, as a comment."""
        lines = without_lines(code, [*_MARKS]).strip().split("\n")
        self.add_code("\n".join(f"# {line}".rstrip() for line in lines))

    def ask(self, question: str, answer: str) -> None:
        """Add a question that a person marks."""
        self.cells.append(
            f"# %% [markdown]\n# *Write your answer at the end of the page, in `{ANSWERS}`, under "
            f'`"{question}"`.*'
        )
        self.answers[question] = without_lines(answer, _MARKS)

    def __str__(self) -> str:
        cells = list(self.cells)
        if self.answers:
            lines = [
                f"    {json.dumps(key)}: {_text(value)}," for key, value in self.answers.items()
            ]
            cells.append("\n".join(["# %%", BEGIN, f"{ANSWERS} = {{", *lines, "}", END]))
        return "\n\n".join(cells) + "\n"


def anchor_of(test: str) -> str:
    """The comment that marks where a test stands in a program."""
    return f"# Here {test} begins."


def without_anchors(lesson: str, kept: Collection[str]) -> str:
    """The text of a lesson without the cells of anchors, except those that are kept."""

    def cell(match: re.Match[str]) -> str:
        return match[0] if match[1] in kept else ""

    return _ANCHOR.sub(cell, lesson).lstrip("\n")


def _text(answer: str) -> str:
    """A text in Python, of several lines: the student gets as much room."""
    safe = answer.replace("\\", "\\\\").replace('"""', "'''")
    return f'"""\n{safe.strip()}\n"""'


def without_magics(code: str) -> str:
    """The code with IPython's own lines as comments: a lesson is plain Python."""
    if code.lstrip().startswith("%%"):
        return "\n".join(f"# {line}".rstrip() for line in code.split("\n"))
    if parse(code) is not None:
        return code
    lines = code.split("\n")
    return "\n".join(f"# {line.strip()}" if _MAGIC.search(line) else line for line in lines)


def with_markers(code: str) -> str:
    """The code with the markers as this grader writes them; the author's may be looser."""
    lines = []
    for line in code.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        begins, ends = (mark in line for mark in _MARKS)
        lines.append(f"{indent}{BEGIN if begins else END}" if begins or ends else line)
    return "\n".join(lines)


def as_answer(code: str) -> tuple[str, bool]:
    """The code with markers around its answers, and whether all of it is one answer now.

    That is so where it has no markers, or what stands between them is no whole statements.
    """
    code = with_markers(code)
    if BEGIN in code and is_lesson(code):
        return code, False
    bare = "\n".join(line for line in code.split("\n") if line.strip() not in {BEGIN, END})
    return f"{BEGIN}\n{bare.strip()}\n{END}", True


def is_lesson(code: str) -> bool:
    """Whether a stub can be made of the code."""
    try:
        make_stub(code, where="a cell")
    except CourseError:
        return False
    return True


def is_unwritten(code: str) -> bool:
    """Whether a cell for an answer has none: it is the students' version."""
    tree = parse(code)
    return tree is not None and (not tree.body or "NotImplementedError" in code)


def visible_part(code: str, begin: str, end: str) -> tuple[str, bool]:
    """A cell without the regions between two markers, and whether it has any."""
    kept, is_inside, has_answer = [], False, False
    for line in code.split("\n"):
        if begin in line:
            is_inside = has_answer = True
        elif end in line:
            is_inside = False
        elif not is_inside:
            kept.append(line)
    return "\n".join(kept), has_answer


def without_lines(code: str, words: Sequence[str]) -> str:
    """The code without the lines that have one of these texts, which are markers."""
    return "\n".join(line for line in code.split("\n") if not any(word in line for word in words))


def first_line(text: str, otherwise: str) -> str:
    """The first words of a text, as a title."""
    lines: Iterable[str] = (take_out_markdown(line).strip(" #*-") for line in text.split("\n"))
    words = next((line for line in lines if line), otherwise)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


_LONGEST: Final = 100  # characters of a title


def unique(wanted: str, taken: Sequence[str] | set[str]) -> str:
    """The name, with a number if it is taken."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def identifier(text: str, otherwise: str) -> str:
    """A Python name made of some text."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower()
    return name if name and not name[0].isdigit() else f"{otherwise}_{name}".rstrip("_")
