"""JupyterHub's configuration for trying a classroom out; `grader classroom hub` uses it.

All servers run under the account of the hub, so everyone who logs in can read the hidden checks and
the gradebook. For a class, copy this file and replace its authenticator and its spawner;
docs/classroom.md says what else a class needs.
"""

import json
import os
import socket
from pathlib import Path
from typing import Any

from grader.classroom.config import read_config

c: Any = get_config()  # type: ignore[name-defined]  # noqa: F821  (JupyterHub provides it)

classroom = Path(os.environ["CLASSROOM"])
instructor = os.environ["CLASSROOM_INSTRUCTOR"]
students = os.environ["CLASSROOM_STUDENTS"].split()
port = int(os.environ["CLASSROOM_PORT"])
exchange = Path("exchange").resolve()  # nbgrader's, which everyone can write to
homes = Path("homes").resolve()


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_home(spawner: Any) -> None:
    """Tell nbgrader the name of a user, in the user's home."""
    lines = ["c = get_config()"]
    settings = homes / spawner.user.name / ".jupyter"
    (settings / "labconfig").mkdir(parents=True, exist_ok=True)
    if spawner.user.name == instructor:
        lines.append(f"load_subconfig({str(classroom / 'nbgrader_config.py')!r})")
        server = f"c = get_config()\nc.ServerApp.root_dir = {str(classroom)!r}\n"
        (settings / "jupyter_server_config.py").write_text(server, "utf-8")
    else:
        course_id = str(read_config(classroom).CourseDirectory.course_id)
        lines.append(f"c.CourseDirectory.course_id = {course_id!r}")
        lines.append(f"c.CourseDirectory.student_id = {spawner.user.name!r}")
        not_theirs = ("create-assignment", "formgrader", "course-list")
        disabled = {f"@jupyter/nbgrader:{name}": True for name in not_theirs}
        page = json.dumps({"disabledExtensions": disabled})
        (settings / "labconfig" / "page_config.json").write_text(page, "utf-8")
    lines.append(f"c.Exchange.root = {str(exchange)!r}\n")
    (settings / "nbgrader_config.py").write_text("\n".join(lines), "utf-8")


exchange.mkdir(exist_ok=True)
exchange.chmod(0o777)
c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_port = free_port()
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{free_port()}"

# One password for all, and nobody but these may come in. Put another authenticator here.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["CLASSROOM_PASSWORD"]
c.Authenticator.allowed_users = {instructor, *students}

# Put a spawner here that runs each server under an account or in a container of its own.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{homes}/{{username}}"
c.Spawner.pre_spawn_hook = write_home
c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []
c.Spawner.default_url = "/lab"
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
