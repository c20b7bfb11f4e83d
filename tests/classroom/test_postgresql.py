"""The gradebook in a real PostgreSQL, started for these tests in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from classroom_folder import Classroom

pytestmark = pytest.mark.classroom

ACCOUNT = "postgres"  # PostgreSQL does not run as root; the Debian package makes this account


def programs() -> Path | None:
    """Where the server's programs are: Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = str(found[-1]) if found else shutil.which("initdb")
    return Path(path).parent if path else None


def run(command: Sequence[str], folder: Path) -> None:
    user = ACCOUNT if os.geteuid() == 0 else None
    done = subprocess.run(
        command, cwd=folder, user=user, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of an empty database."""
    found = programs()
    if found is None:
        pytest.skip("NO DATABASE SERVER. Install postgresql, as .ci/run does, and test again.")
    if os.geteuid() == 0 and ACCOUNT not in [entry.pw_name for entry in pwd.getpwall()]:
        pytest.skip(f"PostgreSQL does not run as root, and there is no account {ACCOUNT}")
    # Not below pytest's folders, which no other account may enter; short, for the socket's name.
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/pg-XXXXXX"], text=True).strip())
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, ACCOUNT)
        data = folder / "data"
        run([str(found / "initdb"), "--auth=trust", "--username=grader", "-D", str(data)], folder)
        options = f"-c listen_addresses='' -k {folder} -c fsync=off"
        start = ["pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start"]
        run([str(found / start[0]), *start[1:]], folder)
        try:
            yield f"postgresql+psycopg://grader@/postgres?host={folder}"
        finally:
            run([str(found / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_both_lanes_grade_into_postgresql_and_keep_a_persons_mark(
    two_lesson_course: Path, database: str, tmp_path: Path
) -> None:
    from nbgrader.api import Gradebook  # noqa: PLC0415

    classroom = Classroom(tmp_path / "room", two_lesson_course, "tiny")
    classroom.root.mkdir()
    classroom.grader("--course", str(two_lesson_course), "classroom", "init", str(classroom.root))
    with (classroom.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"\nc.CourseDirectory.db_url = {database!r}\n")
    classroom.nbgrader("generate_assignment", "tiny")
    classroom.hand_in("ada")
    classroom.hand_in("ben", {"double": "def double(x):\n    return 3 * x"})
    classroom.nbgrader("autograde", "tiny")
    stock = classroom.scores(database)
    assert stock["ada"] == {"twice": 7.0, "four_times": 1.0}
    with Gradebook(database) as gradebook:
        gradebook.find_grade("written-why", "twice", "tiny", "ada").manual_score = 1.5
        gradebook.db.commit()
    classroom.grader("classroom", "autograde", "tiny", "--force")
    stock["ada"]["twice"] += 1.5
    assert classroom.scores(database) == stock
    assert not (classroom.root / "gradebook.db").exists()
