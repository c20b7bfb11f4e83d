"""The further modules of lessons: scripts and packages beside a lesson, written by students, too.

``files: [helpers.py, shapes]`` in a lesson's entry names ``solutions/helpers.py``, and all scripts
in ``solutions/shapes/``. The lesson imports them: ``from helpers import area``, ``import shapes``.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import keyword
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

from grader.course.lesson import Lesson
from grader.course.yaml_file import lesson_place, show
from grader.sandbox.module_names import module_name

#: The scripts that a course's solution may have in a package.
MOST_SCRIPTS: Final = 50


def module_problems(
    lessons: Sequence[Lesson], packages: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong with the further modules of a course, each with its place in course.yaml."""
    ids = [lesson.id for lesson in lessons]
    owners: dict[str, str] = {}
    for i, lesson in enumerate(lessons):
        for j, name in enumerate(lesson.files):
            place = f"{lesson_place(i, lesson)}.files[{j}]"
            module = name.removesuffix(".py")
            if "/" in name or "." in module:
                why = (
                    "must be a script or a folder beside the lesson, as in `helpers.py` or `shapes`"
                )
                yield place, f"{why}, is {show(name)}"
            elif problem := bad_module_name(module, packages):
                yield place, problem
            elif module in ids:
                yield place, f"{show(name)} is a lesson's own file; it comes along by itself"
            elif module in owners:
                yield place, f"{show(name)} belongs to `{owners[module]}`; name it there alone"
            else:
                owners[module] = lesson.id
                yield from ((place, why) for why in _bad_files(lesson, name, ids))


def bad_module_name(name: str, packages: Sequence[str]) -> str | None:
    """Why a file of students' cannot have this name, by which their programs import it."""
    if not name.isidentifier() or keyword.iskeyword(name):
        return f"must be a Python name (letters, digits, `_`) and no keyword, is {show(name)}"
    hidden = "module of Python itself" if name in sys.stdlib_module_names else "listed package"
    if name in sys.stdlib_module_names or name in packages:
        return f"would hide the {hidden} `{name}`; choose another name"
    return None


def _bad_files(lesson: Lesson, name: str, ids: Sequence[str]) -> Iterator[str]:
    """What is wrong with a script or a package on disk."""
    top = lesson.reference.parent / name
    if wrong := _unusable(top, is_folder=not name.endswith(".py")):
        yield f"{lesson.shown(top)} {wrong}"
        return
    scripts = [path for path in lesson.modules.values() if top in (path, *path.parents)]
    if not scripts:
        yield f"{lesson.shown(top)} has no script, which ends in `.py`"
    if len(scripts) > MOST_SCRIPTS:
        yield f"{lesson.shown(top)} has more than {MOST_SCRIPTS} scripts"
    for path in scripts:
        parts = path.relative_to(top.parent).with_suffix("").parts
        if path != top and not all(part.isidentifier() for part in parts):
            yield f"{lesson.shown(path)} cannot be imported: its name is no Python name"
        elif path != top and parts[-1] in ids:
            yield f"{lesson.shown(path)} is called like a lesson; give it another name"
        elif path != top and (linked := _unusable(path, is_folder=False)):
            yield f"{lesson.shown(path)} {linked}"


def _unusable(path: Path, *, is_folder: bool) -> str | None:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "is not there"
    if stat.S_ISLNK(mode):
        return "is a link; put the file itself there"
    if is_folder:
        return None if stat.S_ISDIR(mode) else "is no folder; a script's name ends in `.py`"
    return None if stat.S_ISREG(mode) else "is no file"


class FurtherModules(importlib.abc.MetaPathFinder):
    """Lets the solution of a lesson, in this process, import its further modules."""

    def __init__(self, lesson: Lesson) -> None:
        """Prepare, without importing anything."""
        self._folder = str(lesson.reference.parent)
        self._tops = {name.removesuffix(".py") for name in lesson.files}
        self._is_released = lesson.released
        #: The names under which they are imported; a package's before those of its modules.
        self.names = sorted({*self._tops, *map(module_name, lesson.modules)})

    @contextlib.contextmanager
    def importable(self) -> Iterator[None]:
        """In this block, ``import`` finds them."""
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)

    def import_all(self) -> dict[str, ModuleType]:
        """All of them, by name. In a student's copy, some cannot be imported yet."""
        for name in self.names:
            with contextlib.suppress(*(Exception,) * self._is_released):
                importlib.import_module(name)
        return {name: sys.modules[name] for name in self.names if name in sys.modules}

    def lend_names(self, lesson: ModuleType, modules: Mapping[str, ModuleType]) -> None:
        """Let a version of the lesson have the modules' names, as checks call them: `helpers.area`.

        Args:
            lesson: the version.
            modules: the further modules, by name; others may be among them.
        """
        for name in self.names:
            for own, value in vars(modules[name]).items() if name in modules else ():
                if own[:1] != "_":
                    vars(lesson)[f"{name}.{own}"] = value

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find one of them beside the solution."""
        if fullname.partition(".")[0] not in self._tops:
            return None
        places = [self._folder] if path is None else path
        return importlib.machinery.PathFinder.find_spec(fullname, places, target)


@contextlib.contextmanager
def importable_modules(modules: Mapping[str, ModuleType]) -> Iterator[None]:
    """Let ``import`` find these modules by these names, and afterwards what it found before."""
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
