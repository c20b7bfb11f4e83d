"""Templates with escaping always on, under a policy that lets nothing else run."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec
from markupsafe import Markup

from grader.reports.csv import number
from grader.results import StudentResult
from grader.text import clean

_FOLDER: Final = Path(__file__).parent / "templates"
_MAX_NAME: Final = 60
_SUFFIXES: Final = frozenset({".py", ".html", ".css", ".js"})
_FINGERPRINT: Final = re.compile(rb"<!-- grader: ([0-9a-f]{64}) -->")


@dataclass(frozen=True, slots=True)
class Titles:
    """How the course words what the records hold as ids; an id stands for itself otherwise."""

    course: str | None = None
    lessons: Mapping[str, str] = field(default_factory=dict)


def render(page: str, *styles: str, script: str | None = None, **values: Any) -> str:
    """Fill in a template.

    Args:
        page: its file name.
        styles: the style sheets that become part of the page.
        script: the script that does; without one, the page's policy allows none.
        values: what the template shows. All text in it is escaped.
    """
    style = "".join(_asset(name) for name in styles)
    rules = ["default-src 'none'", f"style-src '{_hash(style)}'", "base-uri 'none'"]
    rules.append("form-action 'none'")
    text = ""
    if script is not None:
        text = _asset(script)
        rules.append(f"script-src '{_hash(text)}'")
    # The project's own files, which may hold < and >.
    assets = {"style": Markup(style), "script": Markup(text)}  # noqa: S704
    return _environment().get_template(page).render(policy="; ".join(rules), **assets, **values)


def fingerprint(result: StudentResult, titles: Titles) -> str:
    """What tells whether a student's page has to be made again."""
    digest = hashlib.sha256(_own_files())
    digest.update(msgspec.json.encode((result, titles)))
    return digest.hexdigest()


def fingerprint_in(head: bytes) -> str | None:
    """The fingerprint in the first bytes of a page; None if it is no page of ours."""
    found = _FINGERPRINT.search(head)
    return found[1].decode() if found else None


@lru_cache(maxsize=1)
def _own_files() -> bytes:
    """A hash of what makes the pages."""
    files = sorted(path for path in _FOLDER.parent.rglob("*") if path.suffix in _SUFFIXES)
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(points=number, name=shown_name, short=short)
    return environment


@lru_cache
def _asset(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


@lru_cache
def _hash(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


def shown_name(name: str) -> str:
    """A student's name as pages show it: cut, and with nothing invisible in it."""
    return clean(name, _MAX_NAME)


def short(title: str) -> str:
    """A lesson's title up to its colon: what it is called in passing."""
    return title.partition(":")[0]
