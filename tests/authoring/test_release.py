"""The students' copy works on its own, and no byte of it holds an answer."""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from places import REPOSITORY
from some_lessons import write_some_lessons
from tiny_course import CourseWriter

from grader.cli import main
from grader.course import Course
from grader.course.stubs import make_stub

HINT_STEPS = ["One?", "Two?", "Three."]


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def every_byte(folder: Path) -> Iterator[tuple[str, bytes]]:
    """All that a folder holds: file names and contents, those of archives too."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield name, name.encode()
        if path.is_file():
            yield from unpacked(name, path.read_bytes())


def unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if name.endswith(".sealed"):
        yield f"{name}: content", zlib.decompress(data)
    for place, text in enumerate(re.findall(rb'"([A-Za-z0-9+/]{16,}={0,2})"', data)):
        if name.endswith(".json"):  # values in base64
            yield f"{name}: value {place}", base64.b64decode(text + b"==")
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield f"{name}: comment", archive.comment
            for member in archive.infolist():
                yield f"{name}: metadata", member.filename.encode() + member.comment + member.extra
                yield from unpacked(f"{name}: {member.filename}", archive.read(member))


def secrets_of(course: Course) -> set[bytes]:
    """Lines that stand in no file of a student's, and give something away."""
    stubs = {
        lesson: make_stub(lesson.solution.read_text(), where=lesson.id) for lesson in course.lessons
    }
    known = set("\n".join(stubs.values()).split("\n"))
    for lesson in course.lessons:
        for path in (lesson.visible_checks, lesson.drawing):
            known |= set(path.read_text().split("\n")) if path.is_file() else set()
    texts = [lesson.solution.read_text() for lesson in course.lessons]
    texts += [lesson.hidden_checks.read_text() for lesson in course.lessons]
    texts += [lesson.probes.read_text() for lesson in course.lessons if lesson.probes.is_file()]
    for lesson in course.lessons:
        for folder in (lesson.misconceptions, lesson.accepted):
            texts += [path.read_text() for path in folder.glob("*.py")]
    lines = {line.strip() for text in texts for line in text.split("\n")}
    plain = "\n".join(known)
    return {
        line.encode()
        for line in lines - GENERIC
        if len(line) >= 16 and line not in plain and not line.startswith("student.")
    }


#: What gives nothing away, and stands in the grader's own code or a visible check as well.
GENERIC = {
    "### BEGIN SOLUTION",
    "### END SOLUTION",
    "def ordinary(student, rng):",
    "except ValueError:",
    "for _ in range(2):",
    "for i in range(n):",
    "from contextlib import suppress",
    "raise ValueError",
    "return np.array(",
}


@pytest.mark.slow
def test_no_line_of_an_answer_is_in_any_byte(released_course: Path) -> None:
    secrets = secrets_of(Course.load(REPOSITORY))
    assert len(secrets) > 500
    found = [
        (name, line.decode())
        for name, data in every_byte(released_course)
        for line in secrets
        if line in data
    ]
    assert found == []


def test_no_answer_of_the_quiz_is_in_any_byte(released_course: Path) -> None:
    solution = (REPOSITORY / "solutions" / "concepts.py").read_text()
    namespace: dict[str, dict[str, str]] = {}
    exec(solution, namespace)
    pairs = {
        f"{quote}{question}{quote}: {quote}{letter}{quote}".encode()
        for question, letter in namespace["ANSWERS"].items()
        for quote in "'\""
    }
    written = {text.strip()[:40].encode() for text in namespace["EXPLANATIONS"].values()}
    assert len(pairs) > 8
    for name, data in every_byte(released_course):
        assert not [secret for secret in pairs | written if secret in data], name


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    line = min(secrets_of(Course.load(REPOSITORY)))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep.py", b"before " + line + b" after")
    with zipfile.ZipFile(tmp_path / "outer.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", inner.getvalue())
    assert any(line in data for _, data in every_byte(tmp_path))
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    (tmp_path / "known.json").write_text(f'{{"a": "{base64.b64encode(line).decode()}"}}')
    assert any(line in data for _, data in every_byte(tmp_path))
    assert line not in zlib.compress(line)


def test_it_holds_these_files_and_nothing_else(released_course: Path) -> None:
    course = Course.load(REPOSITORY)
    ids = course.lesson_ids
    expected = {"README.md", "conftest.py", "course.yaml", "requirements.txt"}
    files = [f"{id_}.py" for id_ in ids] + [it for lesson in course.lessons for it in lesson.data]
    expected |= {f"exercises/{file}" for file in files} | {"originals.zip"}
    expected |= {f"tests/lessons/visible/test_{id_}.py" for id_ in ids}
    expected |= {course.shown(it.drawing) for it in course.lessons if it.drawing.is_file()}
    expected |= {
        course.shown(it.sealed_mistakes) for it in course.lessons if it.misconceptions.is_dir()
    }
    expected |= {"tests/lessons/quiz_keys/concepts.json"}
    found = {
        path.relative_to(released_course).as_posix()
        for path in released_course.rglob("*")
        if path.is_file()
    }
    with zipfile.ZipFile(released_course / "originals.zip") as originals:
        assert set(originals.namelist()) == {f"originals/{file}" for file in files}
        for file in files:
            released = (released_course / "exercises" / file).read_bytes()
            assert originals.read(f"originals/{file}") == released
    (wheel,) = found - expected
    assert expected <= found
    assert wheel.endswith("-py3-none-any.whl")
    archive = zipfile.ZipFile(released_course / wheel)
    assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    members = archive.namelist()
    (info,) = (name for name in members if name.endswith("/METADATA"))
    needed = re.findall("Requires-Dist: ([A-Za-z0-9]+)(.*)", archive.read(info).decode())
    assert "numpy" in dict(needed)
    assert not [more for _, more in needed if "extra" in more]
    assert all(name.startswith(("grader/", "self_attention_course-")) for name in members)
    assert not [name for name in members if name.endswith(".pyc") or "__pycache__" in name]


def test_it_takes_less_room_than_a_megabyte(released_course: Path) -> None:
    sizes = [path.stat().st_size for path in released_course.rglob("*") if path.is_file()]
    assert sum(sizes) < 1_000_000


def test_no_file_reveals_the_machine_that_made_it(released_course: Path) -> None:
    places = {
        str(REPOSITORY).encode(),
        str(Path.home()).encode() + b"/",
        str(released_course.parent).encode(),
    }
    for name, data in every_byte(released_course):
        assert not [place for place in places if len(place) > 4 and place in data], name


@pytest.mark.slow
def test_the_same_course_makes_the_same_release(tmp_path: Path) -> None:
    # Several codings of a mistake of softmax share a box: what has no order of its own is there.
    course = write_some_lessons(tmp_path / "course", ["softmax", "concepts"])
    settings = (course / "course.yaml").read_text("utf-8")
    settings = settings.replace("- id: softmax\n", "- id: softmax\n  data: [tiny_gpt.npz]\n")
    (course / "course.yaml").write_text(settings, "utf-8")
    releases = []
    for seed in ("1", "2"):  # sets of texts are in another order
        subprocess.run(
            [sys.executable, "-m", "grader", "--course", course, "release", tmp_path / seed],
            env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True,
        )  # fmt: skip
        releases.append(dict(every_byte(tmp_path / seed)))
    for name in ("softmax.sealed: content", "quiz_keys/concepts.json", "tiny_gpt.npz", ".whl"):
        assert any(it.endswith(name) for it in releases[0]), name
    assert releases[0] == releases[1]


@pytest.mark.slow
def test_a_released_copy_holds_no_bytecode(
    tiny_course: CourseWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    folder = tiny_course(lessons=[{"id": "double", "points": 4}])
    assert release_of(folder, tmp_path / "out").exit_code == 0
    assert not list(tmp_path.rglob("__pycache__"))


def test_the_readme_fits_one_screen(released_course: Path) -> None:
    lines = (released_course / "README.md").read_text().splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100


@pytest.mark.slow
def test_it_installs_and_runs_where_the_repository_is_not(
    students_copy: Path, tmp_path: Path
) -> None:
    here = students_copy
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "venv"], cwd=here, check=True)
    bin_ = here / "venv" / ("Scripts" if os.name == "nt" else "bin")
    # This environment lends its packages and its pip, so that nothing is fetched or unpacked.
    (site,) = here.glob("venv/lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib"))
    pip = [sys.executable, "-m", "pip", "--python", str(bin_ / "python"), "-q", "install"]
    subprocess.run([*pip, "--no-deps", "-r", "requirements.txt"], cwd=here, check=True)
    variables = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}

    def grader(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [str(bin_ / "grader"), *words],
            check=False, cwd=here, env=variables, capture_output=True, text=True,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout

    where = subprocess.run(
        [bin_ / "python", "-c", "import grader; print(grader.__file__)"],
        cwd=tmp_path, env=variables, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(here) in where.stdout
    assert re.search(r"→ +1 dot_product", grader()[1])
    assert grader("check", "softmax")[0] == 1
    ada = REPOSITORY / "tests" / "sample_class" / "ada"
    for path in ada.glob("*.py"):
        shutil.copy(path, here / "exercises")
    code, said = grader("check", "softmax")
    assert code == 0
    assert "✓ 6 checks passed\nhidden checks remain, worth 6 points:" in said
    assert "all " not in said
    code, said = grader("submit", "ada")
    assert code == 0
    assert (here / "ada.zip").is_file()
    assert "6 of " in grader()[1]


def test_a_failure_in_a_students_copy_has_names_numbers_and_hints(
    released_course: Path, students_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = REPOSITORY / "tests" / "sample_class" / "ben"
    shutil.copy(ben / "softmax.py", students_copy / "exercises")
    monkeypatch.chdir(students_copy)
    said = run("check", "softmax").output
    assert "called     softmax(scores)" in said
    assert "looks like the normalisation ran down the columns" in said
    assert "hidden checks remain" in said
    mistake = REPOSITORY / "tests" / "lessons" / "misconceptions" / "softmax" / "wrong-axis.py"
    for step in (2, 3):  # the check has told the first
        hint = run("hint", "softmax").output
        assert f"hint {step} of 3" in hint
        assert hint.split("\n\n")[1].split("\n")[0].strip()[:20] in mistake.read_text()
    run("reset", "softmax", "--yes")
    stub = (released_course / "exercises" / "softmax.py").read_text()
    assert (students_copy / "exercises" / "softmax.py").read_text() == stub


@pytest.mark.parametrize("more", [[], ["tests/lessons/visible/test_softmax.py"]])
def test_plain_pytest_says_what_to_use(released_course: Path, more: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", *more],
        cwd=released_course, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert not done.stdout
    (said,) = done.stderr.strip().splitlines()
    assert said.endswith("Run: grader check")


def release_of(folder: Path, out: Path) -> Result:
    return run("--course", str(folder), "release", str(out))


@pytest.fixture(scope="module")
def small_copy(course_at: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A students' copy of a course with one small lesson; tests only read it."""
    folder = tmp_path_factory.mktemp("small")
    course = course_at(folder / "course", lessons=[{"id": "double", "points": 4}])
    result = release_of(course, folder / "out")
    assert result.exit_code == 0, result.output
    return folder / "out"


def test_the_readme_offers_to_draw_where_there_is_a_drawing(
    released_course: Path, small_copy: Path
) -> None:
    for offered in ("grader show LESSON --sentence", "grader show attention_matrix --save me.html"):
        assert offered in (released_course / "README.md").read_text()
    assert "grader show" not in (small_copy / "README.md").read_text()


@pytest.mark.slow
def test_no_extension_of_a_student_is_in_the_copy(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    late = {"percent_per_day": 10, "due": "2026-12-01T23:59:00Z", "extensions": {"ada": 2}}
    folder = tiny_course(lessons=[{"id": "double", "points": 4}], late=late)
    result = release_of(folder, tmp_path / "out")
    assert result.exit_code == 0, result.output
    released = (tmp_path / "out" / "course.yaml").read_text()
    assert "percent_per_day" in released
    assert "ada" not in released


@pytest.mark.slow
def test_fixtures_beside_the_visible_checks_go_with_them(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    check = 'def test_it(student, six):\n    """Twice."""\n    assert student.double(3) == six\n'
    lessons = [{"id": "double", "points": 4}]
    folder = tiny_course(lessons=lessons, visible={"double": check})
    place = Path("tests", "lessons", "visible", "conftest.py")
    fixture = "import pytest\n\n\n@pytest.fixture\ndef six():\n    return 6\n"
    (folder / place).write_text(fixture)
    result = release_of(folder, tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / place).read_text() == fixture


def test_a_folder_that_holds_something_is_left_alone(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    folder = tiny_course(lessons=[{"id": "double", "points": 4}])
    (tmp_path / "mine").write_text("mine")
    for out in (tmp_path, folder / "exercises", folder, tmp_path / "mine" / "below"):
        result = release_of(folder, out)
        assert result.exit_code == 1
        assert "Traceback" not in result.output
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.slow
def test_a_students_copy_is_not_released_again(small_copy: Path, tmp_path: Path) -> None:
    assert yaml.safe_load((small_copy / "course.yaml").read_text())["released"] is True
    result = release_of(small_copy, tmp_path / "again")
    assert result.exit_code == 1
    assert "students' copy" in result.output


@pytest.mark.slow
def test_a_students_copy_cannot_grade_a_class(small_copy: Path, tmp_path: Path) -> None:
    (tmp_path / "class" / "ada").mkdir(parents=True)
    for command in (["grade", str(tmp_path / "class"), "--out", str(tmp_path / "o")], ["build"]):
        result = run("--course", str(small_copy), *command)
        assert result.exit_code == 1
        assert "students' copy" in result.output
