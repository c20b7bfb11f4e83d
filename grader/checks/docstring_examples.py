"""The docstrings of a course whose examples are checks: which there are, and which are false."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType

from grader.checks.example_checks import ExampleFails, Examples, prepare, run_examples
from grader.checks.reference import ReferenceCallee, quiet
from grader.checks.student import Student
from grader.course import Course, Lesson, read_text
from grader.course.stubs import BEGIN
from grader.errors import CourseError
from grader.text import clean

_REMEDY = (
    "Mend it, or write `# doctest: +SKIP` behind it: until then the examples of `{function}` "
    "are no check"
)


def examples_in(course: Course, lesson: Lesson) -> Iterator[Examples]:
    """The docstrings with examples of the functions that a student writes, in their order.

    None where the lesson does not compile, which is told elsewhere.
    """
    filename = course.shown(lesson.reference)
    text = read_text(lesson.reference, filename)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    own = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lines = text.splitlines()
    functions = tuple(dict.fromkeys([*(node.name for node in own), *_imported(course, tree)]))
    last = {node.name: node for node in own}  # of several that share a name, the last one counts
    for name, node in last.items():
        docstring = ast.get_docstring(node, clean=False)
        if docstring and ">>>" in docstring and _is_to_be_written(node, lines):
            examples = Examples(name, docstring, filename, node.body[0].lineno, functions)
            if not _all_skipped(examples):
                yield examples


def find_false_examples(course: Course, lesson: Lesson, reference: ModuleType) -> Iterator[str]:
    """One sentence with the line for each docstring whose examples the solution does not fulfil."""
    for examples in examples_in(course, lesson):
        if why := _why_false(examples, reference):
            yield f"{why}. {_REMEDY.format(function=examples.function)}"


def refuse_false_examples(course: Course, references: Mapping[str, ModuleType]) -> None:
    """Make sure that the solutions fulfil all examples, before students get these as checks.

    Raises:
        CourseError: some do not; a line for each docstring.
    """
    wrong = [
        line
        for lesson in course.lessons
        for line in find_false_examples(course, lesson, references[lesson.id])
    ]
    if wrong:
        raise CourseError("\n".join(wrong))


def _why_false(examples: Examples, reference: ModuleType) -> str | None:
    student = Student()
    student.begin_check(ReferenceCallee(reference), reference)
    try:
        with quiet():
            run_examples(examples, student)
    except ExampleFails as error:
        return (
            f"{examples.filename}:{error.line}: the solution does not do what this example of "
            f"`{examples.function}` shows ({error})"
        )
    except Exception as error:  # noqa: BLE001  (whatever the course's code raises)
        return (
            f"{examples.filename}:{examples.line}: the examples of `{examples.function}` cannot be "
            f"run ({type(error).__name__}: {clean(str(error))})"
        )
    return None


def _all_skipped(examples: Examples) -> bool:
    try:
        return not prepare(examples)
    except (ValueError, SyntaxError):  # told by find_false_examples
        return False


def _imported(course: Course, tree: ast.Module) -> Iterator[str]:
    """The names that a lesson imports from other lessons."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in course.lesson_ids:
            yield from (alias.asname or alias.name for alias in node.names if alias.name != "*")


def _is_to_be_written(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str]) -> bool:
    """Whether the function has an answer; in a stub, whether it says that it has none yet."""
    return any(BEGIN in line for line in lines[node.lineno : node.end_lineno]) or any(
        isinstance(part, ast.Raise)
        and isinstance(part.exc, ast.Name)
        and part.exc.id == "NotImplementedError"
        for part in ast.walk(node)
    )
