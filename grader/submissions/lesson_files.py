"""The lesson files in one folder or archive, read and decoded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.errors import IntakeError
from grader.submissions.decoding import decode_script
from grader.submissions.folders import ENDINGS, LessonFile, Place
from grader.submissions.notebooks import MAX_NOTEBOOK_BYTES, decode_notebook
from grader.submissions.submission import HandedIn, Misnamed, Source, Unreadable
from grader.text import clean_name
from grader.text.wording import list_some


def read_lessons(
    place: Place, label: str, lesson_ids: Sequence[str], cap: int, notes: list[str]
) -> dict[str, HandedIn]:
    """Read the lessons in a folder or archive, each by its id; a missing one has no entry.

    Args:
        place: the folder or archive.
        label: its name in the notes.
        lesson_ids: the lessons of the course, in order.
        cap: how many bytes a script, or the code of a notebook, may have.
        notes: gets a sentence for whatever the instructor should know.
    """
    found: dict[str, HandedIn | None] = {id_: _lesson(place, id_, cap) for id_ in lesson_ids}
    others = place.others() if None in found.values() else []
    nothing_fits = not any(found.values())
    for id_ in lesson_ids:
        if found[id_]:
            continue
        if near := [name for name in others if _squash(id_) in _squash(name)]:
            hint = f"{list_names(near)} is there, but only {id_}.py or {id_}.ipynb counts"
            found[id_] = Misnamed(hint)
            notes.append(f"{label}: {id_} is missing; {hint}")
            others = [name for name in others if name not in near]
    if nothing_fits and others:
        notes.append(
            f"{label} holds no file of a lesson's name; ignored in it: {list_names(others)}"
        )
    return {id_: lesson for id_, lesson in found.items() if lesson}


def look_for(place: Place, lesson_id: str) -> list[LessonFile]:
    """The files of a lesson that are in a place: the script, the notebook, both or none."""
    return [it for ending in ENDINGS if (it := place.look(lesson_id + ending))]


def possible_filenames(lesson_ids: Sequence[str]) -> set[str]:
    """The names that a lesson's file may have."""
    return {id_ + ending for id_ in lesson_ids for ending in ENDINGS}


def list_names(names: Sequence[str]) -> str:
    """The first few of these file names, cleaned, with commas between them."""
    return list_some([clean_name(name) for name in names])


def _lesson(place: Place, lesson_id: str, cap: int) -> Source | Unreadable | None:
    found = look_for(place, lesson_id)
    if not found:
        return None
    if problem := next((it.problem for it in found if it.problem), None):
        return Unreadable(problem)
    chosen = max(found, key=lambda it: it.changed)  # the first, when equally old
    note = None
    if len(found) > 1:
        age = "of the same age" if found[0].changed == found[1].changed else "the newer one"
        note = f"{found[0].filename} and {found[1].filename} are both there; "
        note += f"{chosen.filename} counts ({age})"
    notebook = chosen.filename.endswith(".ipynb")
    try:
        data = place.read(chosen.filename, MAX_NOTEBOOK_BYTES if notebook else cap)
        cells = (
            decode_notebook(data, chosen.filename, cap)
            if notebook
            else (decode_script(data, chosen.filename),)
        )
    except IntakeError as error:
        return Unreadable(f"{error} ({note})" if note else str(error))
    return Source(chosen.filename, cells, notebook, note)


def _squash(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name[:300].casefold())
