"""The grader that students install: a wheel of those of our modules that their commands use.

They download it with the course, so it is small: comments and most docstrings stay here. All lines
keep their numbers.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import tokenize
import zipfile
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from grader.errors import GraderError
from grader.files import add_member
from grader.fingerprints import find_sources, source_path

_NAME: Final = "self-attention-course"
#: Modules that students use: the commands, `from grader import check`, and what checks import. A
#: text names each of them, and no import.
_STARTS: Final = (
    "grader.__main__",
    "grader.cli.check",
    "grader.cli.notebook",
    "grader.cli.show",
    "grader.cli.submit",
    "grader.cli.watch",
    "grader.learner.kernel",
    "grader.sandbox.inside.spawned_worker",
    "grader.testing",
)
#: Modules that are imported only where the whole course is.
_WITHOUT: Final = ("grader.diagnosis.known_mistakes",)
_KEPT: Final = ("Metadata-Version", "Name", "Version", "Summary", "License-Expression",
                "Requires-Python")  # fmt: skip
_WHEEL: Final = (
    "Wheel-Version: 1.0\nGenerator: grader release\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
)
#: Modules whose docstrings are read: the help of commands, and what authors of checks use.
_WITH_DOCSTRINGS: Final = ("grader.cli", "grader.testing")
_WITH_BODIES: Final = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def write_wheel(folder: Path) -> Path:
    """Write the wheel into a folder; return its path.

    See the binary distribution format,
    https://packaging.python.org/en/latest/specifications/binary-distribution-format/.

    Raises:
        GraderError: the grader runs without having been installed.
    """
    try:
        distribution = metadata.distribution(_NAME)
    except metadata.PackageNotFoundError:
        raise GraderError(
            "the grader is not installed here, so it cannot be given to students. Run `make setup`."
        ) from None
    stem = f"{_NAME.replace('-', '_')}-{distribution.version}"
    path = folder / f"{stem}-py3-none-any.whl"
    files = _files()
    info = f"{stem}.dist-info"
    files[f"{info}/METADATA"] = _metadata(distribution).encode()
    files[f"{info}/WHEEL"] = _WHEEL.encode()
    files[f"{info}/entry_points.txt"] = _entry_points(distribution).encode()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD").encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            add_member(archive, name, data)
    return path


def _files() -> dict[str, bytes]:
    """The modules, and the templates that they name, by their paths in the wheel."""
    files = {
        source_path(module): _shorten(source, docstrings=module.startswith(_WITH_DOCSTRINGS))
        for module, source in find_sources(_STARTS, _WITHOUT).items()
    }
    root = Path(__file__).parents[1]
    others = {
        path.relative_to(root.parent).as_posix(): path.read_bytes()
        for path in sorted(root.glob("*/**/templates/*"))
    }
    while named := {
        path: others[path]
        for path in others.keys() - files.keys()
        if any(f'"{Path(path).name}"'.encode() in data for data in files.values())
    }:
        files |= named
    files["grader/py.typed"] = b""
    return dict(sorted(files.items()))


@cache
def _shorten(source: bytes, *, docstrings: bool) -> bytes:
    """A module without comments, and with docstrings if anybody reads them. It does the same."""
    lines = source.decode().splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source.decode()).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    for node in [] if docstrings else ast.walk(ast.parse(source)):
        if isinstance(node, _WITH_BODIES) and len(node.body) > 1 and ast.get_docstring(node):
            text = node.body[0]
            for number in range(text.lineno, (text.end_lineno or text.lineno) + 1):
                lines[number - 1] = ""
    return "\n".join([*lines, ""]).encode()


def _metadata(distribution: metadata.Distribution) -> str:
    """The metadata that pip needs, without the description for instructors and the extras."""
    said = distribution.metadata
    lines = [f"{key}: {said[key]}" for key in _KEPT if key in said]
    needed = [
        requirement for requirement in distribution.requires or () if "extra ==" not in requirement
    ]
    return "\n".join([*lines, *(f"Requires-Dist: {requirement}" for requirement in needed)]) + "\n"


def _entry_points(distribution: metadata.Distribution) -> str:
    scripts = [
        entry_point
        for entry_point in distribution.entry_points
        if entry_point.group == "console_scripts"
    ]
    lines = [f"{script.name} = {script.value}" for script in scripts]
    return "\n".join(["[console_scripts]", *lines]) + "\n"


def _record(files: dict[str, bytes], own: str) -> str:
    lines = []
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}")
    return "\n".join([*lines, f"{own},,"]) + "\n"
