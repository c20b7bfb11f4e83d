"""Fills in templates: values are always escaped, and a content policy forbids other scripts."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec
from markupsafe import Markup

from grader.fingerprints import fingerprint_page
from grader.results import Report, StudentResult
from grader.results.parts import Part
from grader.text import clean
from grader.text.wording import format_points

_FOLDER: Final = Path(__file__).parent / "templates"
_MAX_NAME: Final = 60
_PAGES: Final = ("grader.reports.pages.class_page", "grader.reports.pages.student_page")
#: The first lines of a page: the fingerprint of its data, and a hash of the rest of the page.
_STAMP: Final = re.compile(rb"<!DOCTYPE html>\n<!-- grader: ([0-9a-f]{64}) ([0-9a-f]{64}) -->\n")
_STAMP_BYTES: Final = 200  # more than it has


@dataclass(frozen=True, slots=True)
class Titles:
    """The course's titles for the ids in the records; without one, the id is the title."""

    course: str | None = None
    lessons: Mapping[str, str] = field(default_factory=dict)
    parts: Sequence[Part] = ()  # those that the results have

    def lesson(self, lesson: str) -> str:
        """The title of a lesson, by its id."""
        return self.lessons.get(lesson, lesson)


def render(
    page: str, *styles: str, fingerprint: str, script: str | None = None, **values: Any
) -> str:
    """Fill in a template of a report, and stamp it.

    Args:
        page: its file name.
        styles: the style sheets that become part of the page.
        fingerprint: see :func:`fingerprint`.
        script: the script that becomes part of the page; without one, the policy allows none.
        values: what the template shows. All text is escaped.
    """
    text = fill_in(_FOLDER, page, *styles, script=script, **values)
    whole = hashlib.sha256(text.encode()).hexdigest()
    return f"<!DOCTYPE html>\n<!-- grader: {fingerprint} {whole} -->\n{text}"


def fill_in(
    folder: Path, template: str, *styles: str, script: str | None = None, **values: Any
) -> str:
    """The text of a page after its first line, with a policy that allows its own script alone.

    Args:
        folder: has the files; what is not in there is taken from the folder of the reports.
        template: its file name.
        styles: the style sheets that become part of the page.
        script: the script that becomes part of the page; without one, the policy allows none.
        values: what the template shows. All text is escaped.
    """
    style = "".join(_asset(folder, name) for name in styles)
    rules = ["default-src 'none'", f"style-src '{_hash(style)}'", "base-uri 'none'"]
    rules.append("form-action 'none'")
    code = ""
    if script is not None:
        code = _asset(folder, script)
        rules.append(f"script-src '{_hash(code)}'")
    # The project's own files, which may hold < and >.
    assets = {"style": Markup(style), "script": Markup(code)}  # noqa: S704
    page = _environment(folder).get_template(template)
    return page.render(policy="; ".join(rules), **assets, **values)


def fingerprint(result: StudentResult | Report, titles: Titles) -> str:
    """A hash of all that goes into a page: when it changes, the page has to be made again."""
    parts: Iterable[object] = (result,)
    if isinstance(result, Report):  # a large class is encoded student by student
        parts = chain([replace(result, students=())], result.students)
    contents = (msgspec.json.encode(part) for part in chain(parts, [titles]))
    return fingerprint_page(contents, _PAGES, _FOLDER)


def fingerprint_in(page: bytes) -> str | None:
    """The fingerprint in a page that we made; None if somebody else made or changed it."""
    stamp = _STAMP.match(page)
    if (
        not stamp
        or hashlib.sha256(memoryview(page)[stamp.end() :]).hexdigest() != stamp[2].decode()
    ):
        return None
    return stamp[1].decode()


def is_page(path: Path) -> bool:
    """Whether this is a page that we made, even if somebody changed it since."""
    with suppress(OSError), path.open("rb") as file:
        return bool(_STAMP.match(file.read(_STAMP_BYTES)))
    return False


@lru_cache
def _environment(folder: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder, _FOLDER]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        points=format_points, name=_shown_name, short=short_title, moment=_moment
    )
    return environment


@lru_cache
def _asset(folder: Path, name: str) -> str:
    path = folder / name
    return (path if path.is_file() else _FOLDER / name).read_text("utf-8")


@lru_cache
def _hash(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _shown_name(name: str) -> str:
    """A student's name as pages show it: cut, and without invisible characters."""
    return clean(name, _MAX_NAME)


def _moment(time: str) -> str:
    """A time of the records (ISO 8601, UTC) as people read it."""
    return f"{time.replace('T', ' ').removesuffix('Z')} UTC"


def short_title(title: str) -> str:
    """A lesson's title up to its colon."""
    return title.partition(":")[0]
