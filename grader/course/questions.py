"""Written questions: finds those for which the lesson has no text, such as a misspelt id."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.course.course import Course
from grader.course.lesson import Lesson
from grader.course.yaml_file import COURSE_FILE, list_choices, read_text


def unasked(course: Course, lesson: Lesson) -> Iterator[str]:
    """One sentence for each question of ``written:`` for which the lesson has no text.

    Such a question would be "not started" for everybody, whatever they write. The lesson is not
    run: if it makes its texts in another way than by plain dicts, there are no sentences.
    """
    where, name = course.shown(lesson.reference), lesson.answers_in
    if not lesson.written:
        return
    try:
        tree = ast.parse(read_text(lesson.reference, where))
    except (SyntaxError, ValueError, RecursionError):  # whoever runs it reports that
        return
    tables = _plain_dicts(tree)
    if name not in tables:
        # Made in another way, `from words import EXPLANATIONS`, for one, or `*`?
        if not any(_called(node) in {name, "*"} for node in ast.walk(tree)):
            names = list_choices(name, tables, "dicts") if tables else ""
            yield f"{COURSE_FILE}: {lesson.id}.answers_in: no dict `{name}` in {where}{names}"
        return
    for question in lesson.written:
        if question.id not in tables[name]:
            yield (
                f"{COURSE_FILE}: {lesson.id}.written: no text `{question.id}` in {name} of "
                f"{where}{list_choices(question.id, tables[name], 'texts')}"
            )


def _plain_dicts(tree: ast.Module) -> dict[str, list[str]]:
    """The names that hold nothing but dicts with texts for keys, and their keys."""
    tables: dict[str, list[str]] = {}
    plain: set[ast.AST] = set()  # the mentions of a name that do not hide what is in it
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                keys: list[ast.expr | None]
                if isinstance(target, ast.Name) and isinstance(node.value, ast.Dict):
                    table, keys = target, node.value.keys
                elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                    table, keys = target.value, [target.slice]
                else:
                    continue
                texts = [key.value for key in keys if isinstance(key, ast.Constant)]
                if len(texts) == len(keys) and all(isinstance(text, str) for text in texts):
                    plain.add(table)
                    tables.setdefault(table.id, []).extend(map(str, texts))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            plain.add(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node not in plain:
            tables.pop(node.id, None)
    return tables


def _called(node: ast.AST) -> str | None:
    """The name that a node mentions or imports."""
    if isinstance(node, ast.alias):
        return node.asname or node.name
    return node.id if isinstance(node, ast.Name) else None
