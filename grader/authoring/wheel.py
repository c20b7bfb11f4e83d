"""The installed grader as a wheel, made from its own files, for machines without a checkout."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Final

from grader.errors import GraderError
from grader.files import add_member

_NAME: Final = "self-attention-course"
_SUFFIXES: Final = frozenset({".py", ".typed", ".html", ".css", ".js", ".j2", ".svg", ".sh"})
_KEPT: Final = ("Metadata-Version", "Name", "Version", "Summary", "License-Expression",
                "Requires-Python")  # fmt: skip
_WHEEL: Final = (
    "Wheel-Version: 1.0\nGenerator: grader release\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
)


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
    root = Path(__file__).parents[1]
    files = {
        f"grader/{file.relative_to(root).as_posix()}": file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.suffix in _SUFFIXES and file.is_file()
    }
    info = f"{stem}.dist-info"
    files[f"{info}/METADATA"] = _metadata(distribution).encode()
    files[f"{info}/WHEEL"] = _WHEEL.encode()
    files[f"{info}/entry_points.txt"] = _entry_points(distribution).encode()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD").encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            add_member(archive, name, data)
    return path


def _metadata(distribution: metadata.Distribution) -> str:
    """The metadata that pip needs, without the description for instructors and the extras."""
    said = distribution.metadata
    lines = [f"{key}: {said[key]}" for key in _KEPT if key in said]
    needed = [it for it in distribution.requires or () if "extra ==" not in it]
    return "\n".join([*lines, *(f"Requires-Dist: {it}" for it in needed)]) + "\n"


def _entry_points(distribution: metadata.Distribution) -> str:
    scripts = [it for it in distribution.entry_points if it.group == "console_scripts"]
    lines = [f"{script.name} = {script.value}" for script in scripts]
    return "\n".join(["[console_scripts]", *lines]) + "\n"


def _record(files: dict[str, bytes], own: str) -> str:
    lines = []
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}")
    return "\n".join([*lines, f"{own},,"]) + "\n"
