"""A package that a course lists brings what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.sandbox.dependencies import find_dependencies
from grader.sandbox.interpreter import Packages


def install(folder: Path, name: str, files: dict[str, str], requires: str = "") -> None:
    """Lay a package into a folder as an installer does."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    needs = "".join(f"Requires-Dist: {it}\n" for it in requires.split(", ") if it)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}")
    for path, text in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    record = [*files, f"{info.name}/METADATA", f"../../bin/{name}"]
    (info / "RECORD").write_text("".join(f"{it},,\n" for it in record))


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site-packages"
    needs = "h-dates>=2, h-extra; extra == 'all', h-none; python_version < '3', h-gone"
    install(folder, "h_frames", {"h_frames/__init__.py": "import h_dates"}, needs)
    install(folder, "h-dates", {"h_dates.py": "import h_six"}, "H.Six>=1")
    install(folder, "h-six", {"h_six.py": "", "h_kit/part.py": ""})
    install(folder, "h-extra", {"h_extra.py": ""})
    monkeypatch.syspath_prepend(folder)
    return folder


def test_all_that_a_package_needs_comes_along_and_nothing_else(installed: Path) -> None:
    assert find_dependencies(["h_frames"]) == ["h_dates", "h_frames", "h_kit", "h_six"]
    assert find_dependencies(["h_six"]) == ["h_kit", "h_six"]
    found = Packages.find(["numpy", "h_frames"])
    assert found.names == ("numpy", "h_frames")
    assert set(found.importable) == {"numpy", "h_frames", "h_dates", "h_six", "h_kit"}
    assert str(installed / "h_six.py") in found.paths


def test_numpy_alone_costs_no_look_at_what_is_installed() -> None:
    assert Packages.find(["numpy"]).importable == ("numpy",)
