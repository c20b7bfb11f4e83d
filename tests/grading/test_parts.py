"""`--part` of the instructor's commands, on a course of two parts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from grade_command import GradeRun, hand_in

from grader.authoring.gradescope_package import build_package
from grader.authoring.gradescope_package import run as run_on_gradescope
from grader.cli import main
from grader.course import Course
from grader.grading import grading_process

RIGHT = "def {0}(x):\n    return 2 * x\n"
USES_EARLIER = "from double import double\n\ndef again(x):\n    return double(x)\n"
LESSONS = [{"id": it, "points": 4} for it in ("double", "twice", "again")]
PARTS = [
    {"id": "basics", "title": "Part one: basics", "lessons": ["double", "twice"]},
    {"id": "more", "title": "Part two: more", "lessons": ["again"]},
]
FILES = {
    "ada/double.py": RIGHT.format("double"),
    "ada/twice.py": RIGHT.format("twice"),
    "ada/again.py": USES_EARLIER,
    "ben/double.py": RIGHT.format("double"),
}


@pytest.fixture(scope="module")
def course(course_at: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return course_at(tmp_path_factory.mktemp("parts") / "course", lessons=LESSONS, parts=PARTS)


@pytest.fixture(autouse=True)
def no_kept_references() -> Iterator[None]:
    yield
    grading_process.forget()


def run(course: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["--course", str(course), *map(str, arguments)])


@pytest.fixture(scope="module")
def graded(course: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Both students, graded on all that they handed in."""
    folder = tmp_path_factory.mktemp("class")
    hand_in(folder / "class", FILES)
    return folder, run(course, "grade", folder / "class", "--out", folder / "out", "--jobs", "1")


def totals(out: Path) -> dict[str, tuple[float, float, int]]:
    results = json.loads((out / "results.json").read_text("utf-8"))
    return {
        it["student"]: (it["score"], it["max_score"], len(it["lessons"]))
        for it in results["students"]
    }


@pytest.mark.slow
def test_without_a_part_all_counts_that_was_handed_in(graded: tuple[Path, Result]) -> None:
    folder, result = graded
    assert result.exit_code == 0, result.output
    assert totals(folder / "out") == {"ada": (12, 12, 3), "ben": (4, 8, 2)}
    assert result.output.index("Part one: basics") < result.output.index("Part two: more")
    assert GradeRun(None, folder / "out").rows[1]["again"] == ""  # type: ignore[arg-type]


def test_with_a_part_everyone_is_graded_on_it(
    course: Path, graded: tuple[Path, Result], tmp_path: Path
) -> None:
    line = ("grade", graded[0] / "class", "--out", graded[0] / "out", "--no-pages")
    try:
        result = run(course, *line, "--part", "more")
        assert result.exit_code == 0, result.output
        assert totals(graded[0] / "out") == {"ada": (4, 4, 1), "ben": (0, 4, 1)}
        assert "2 students unchanged" in result.output  # whatever part is wanted
    finally:
        run(course, *line)


def test_a_part_is_reported_and_exported_with_only_the_students_who_began_it(
    course: Path, graded: tuple[Path, Result]
) -> None:
    out = graded[0] / "out"
    said = run(course, "report", out, "--part", "2").output
    assert "1 student" in said
    assert "double" not in said
    table = run(course, "export", out, "--to", "csv", "--part", "more").stdout.splitlines()
    assert table == ["student,again,total,max_total", "ada,4,4,4"]
    both = run(course, "export", out, "--to", "csv", "--part", "more", "--lesson", "again")
    assert both.exit_code == 2


def test_a_part_that_does_not_exist_is_wrong_usage(
    course: Path, graded: tuple[Path, Result]
) -> None:
    result = run(course, "report", graded[0] / "out", "--part", "mor")
    assert result.exit_code == 2
    assert "did you mean `more`" in result.output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "last", "lessons"),
    [(["--part", "basics"], "basics", 2), (["--part", "more"], "more", 3), ([], "more", 3)],
)
def test_a_release_ends_with_the_part_and_begins_where_a_student_does(
    course: Path, tmp_path: Path, line: list[str], last: str, lessons: int
) -> None:
    result = run(course, "release", tmp_path / "copy", *line)
    assert result.exit_code == 0, result.output
    copy = Course.load(tmp_path / "copy")
    assert len(copy.lessons) == len(list((tmp_path / "copy/exercises").iterdir())) == lessons
    assert copy.parts[-1].id == last
    readme = (tmp_path / "copy/README.md").read_text("utf-8")
    assert ("Copy your files" in readme) == ("more" in line)
    first = copy.part(last).lessons if line else copy.lesson_ids
    assert f"exercises/{first[0]}.py" in readme
    shown = run(tmp_path / "copy").output
    assert "Part one: basics" in shown


@pytest.mark.slow
@pytest.mark.parametrize(("part", "score", "tests"), [("more", 4, 3), (None, 12, 9)])
def test_gradescope_gives_the_points_of_a_part(
    course: Path, tmp_path: Path, part: str | None, score: float, tests: int
) -> None:
    hand_in(tmp_path / "submission", {key[4:]: text for key, text in FILES.items() if "ada" in key})
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "course").symlink_to(course)
    (tmp_path / "results").mkdir()
    run_on_gradescope(tmp_path, None, part)
    document = json.loads((tmp_path / "results/results.json").read_text("utf-8"))
    assert document["score"] == score
    assert len(document["tests"]) == tests


def test_a_package_for_gradescope_names_its_part(course: Path, tmp_path: Path) -> None:
    from zipfile import ZipFile  # noqa: PLC0415

    loaded = Course.load(course)
    build_package(loaded, tmp_path / "package.zip", None, loaded.part("more"))
    with ZipFile(tmp_path / "package.zip") as archive:
        assert archive.read("run_autograder").decode().rstrip().endswith("\"$root\" '' 'more'")
