"""A JupyterHub for a classroom: its configuration, and a home for everyone who takes part.

Everyone works under the account that starts the hub, in a folder of their own: right for trying
things out, and for nothing else, since each can read what the account can. `docs/classroom.md`
says what to change for a class.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from grader.errors import GraderError
from grader.files import write_texts

_CONFIG: Final = '''\
"""JupyterHub's configuration for this classroom; made by `grader classroom hub`."""

c = get_config()
c.JupyterHub.bind_url = {bind_url!r}
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = {database!r}
c.JupyterHub.cookie_secret_file = {cookies!r}
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.pid_file = {pid_file!r}
c.ConfigurableHTTPProxy.api_url = {api_url!r}

# One password for all, and nobody but these may come in. Put another authenticator here.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.Authenticator.allowed_users = set({users!r})

# All servers run under the account of the hub, each in a home of its own: whoever logs in can read
# the hidden checks and the gradebook. For a class, put a spawner here that runs each server under
# an account or in a container of its own; docs/classroom.md says what goes with it.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.cmd = [{server!r}]
c.Spawner.args = {arguments!r}
c.Spawner.default_url = "/lab"
c.Spawner.environment = {{"PATH": {path!r}}}
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
'''

_STUDENT: Final = """\
c = get_config()
c.CourseDirectory.course_id = {course_id!r}
c.CourseDirectory.student_id = {student!r}
c.Exchange.root = {exchange!r}
"""

_INSTRUCTOR: Final = """\
import os

c = get_config()
# All that the classroom's own configuration says, first of all where it is.
load_subconfig(os.path.join({classroom!r}, "nbgrader_config.py"))
c.Exchange.root = {exchange!r}
"""

_SERVER: Final = """\
c = get_config()
c.ServerApp.root_dir = {classroom!r}  # formgrader opens nothing outside
"""

#: What of nbgrader's extensions is not for students.
_FOR_INSTRUCTORS: Final = ("create-assignment", "formgrader", "course-list")


@dataclass(frozen=True, slots=True)
class Hub:
    """Where a hub listens, and who takes part."""

    classroom: Path  # absolute
    course_id: str
    instructor: str
    students: Sequence[str]
    password: str
    port: int

    @property
    def folder(self) -> Path:
        """Where all of the hub's files are."""
        return self.classroom / "hub"

    @property
    def exchange(self) -> Path:
        """Nbgrader's exchange, which everyone can write to."""
        return self.folder / "exchange"

    @property
    def config(self) -> Path:
        """JupyterHub's configuration file."""
        return self.folder / "jupyterhub_config.py"


def write_hub(hub: Hub) -> None:
    """Write the configuration, and everyone's home.

    Raises:
        GraderError: the proxy that JupyterHub needs is missing, or a file cannot be written.
    """
    here = str(Path(sys.executable).parent)
    paths = os.pathsep.join([here, os.environ.get("PATH", "")])
    proxy = shutil.which("configurable-http-proxy", path=paths)
    server = shutil.which("jupyterhub-singleuser", path=paths)
    if proxy is None or server is None:
        raise GraderError(
            "JupyterHub or its proxy cannot be found. Install both: pip install jupyterhub, and "
            "npm install --global configurable-http-proxy"
        )
    homes = hub.folder / "homes"
    values: dict[str, Any] = {
        "bind_url": f"http://127.0.0.1:{hub.port}",
        "api_url": f"http://127.0.0.1:{hub.port + 1}",
        "hub_port": hub.port + 2,
        "database": f"sqlite:///{hub.folder}/jupyterhub.sqlite",
        "cookies": str(hub.folder / "cookie_secret"),
        "pid_file": str(hub.folder / "proxy.pid"),
        "proxy": proxy,
        "password": hub.password,
        "users": sorted({hub.instructor, *hub.students}),
        "homes": f"{homes}/{{username}}",
        "server": server,
        "arguments": ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [],
        "path": paths,
    }
    texts = {hub.config.name: _CONFIG.format(**values)}
    exchange = str(hub.exchange)
    for student in hub.students:
        config = _STUDENT.format(course_id=hub.course_id, student=student, exchange=exchange)
        texts[f"homes/{student}/.jupyter/nbgrader_config.py"] = config
        disabled = {f"@jupyter/nbgrader:{name}": True for name in _FOR_INSTRUCTORS}
        page = json.dumps({"disabledExtensions": disabled})
        texts[f"homes/{student}/.jupyter/labconfig/page_config.json"] = page
    texts[f"homes/{hub.instructor}/.jupyter/nbgrader_config.py"] = _INSTRUCTOR.format(
        classroom=str(hub.classroom), exchange=exchange
    )
    texts[f"homes/{hub.instructor}/.jupyter/jupyter_server_config.py"] = _SERVER.format(
        classroom=str(hub.classroom)
    )
    try:
        write_texts(hub.folder, texts)
        hub.config.chmod(0o600)  # it holds the password
        hub.exchange.mkdir(exist_ok=True)
        hub.exchange.chmod(0o777)
    except OSError as error:
        raise GraderError(f"cannot write to {hub.folder}: {error.strerror or error}") from error
