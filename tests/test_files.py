"""A file is written whole, or what was there before stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.files import is_unchanged, whole_file, write_whole


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "grades.csv"
    path.write_text("old\r\n", newline="")
    return path


def test_a_text_is_written_as_it_is(path: Path) -> None:
    write_whole(path, ["ä\r\n", "new\n"])
    assert path.read_bytes() == "ä\r\nnew\n".encode()
    assert is_unchanged(path, ["ä\r", "\nnew\n"])
    assert not is_unchanged(path, ["ä\r\n"])


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_the_old_file_stays_alone_when_the_new_one_is_not_finished(
    path: Path, error: type[BaseException]
) -> None:
    def write_half() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        write_half()
    assert [it.name for it in path.parent.iterdir()] == ["grades.csv"]
    assert path.read_bytes() == b"old\r\n"


def test_an_error_names_the_file_that_cannot_be_read_for_it(path: Path) -> None:
    missing = path.with_name("lesson.py")
    with pytest.raises(GraderError) as raised, whole_file(path) as file:
        file.write(missing.read_bytes())
    assert str(raised.value) == f"cannot write {path} ({missing}: No such file or directory)"


def test_an_error_names_the_file_that_cannot_be_written(path: Path) -> None:
    below_a_file = path / "report.html"
    with pytest.raises(GraderError, match=f"^cannot write {below_a_file}: Not a directory$"):
        write_whole(below_a_file, ["text"])
