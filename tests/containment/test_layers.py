"""Every layer is needed: with it, a hostile program is held; without it, the corpus notices.

Layers overlap on purpose. So a test first switches off the other layers that would hold the same
program (`others`, `unwatched`), and then the layer itself. A process of its own does that (see
`without.py`); the product has no switch.
"""

from __future__ import annotations

import ctypes
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from corpus import (
    CORPUS,
    Program,
    Scene,
    adopting,
    describe_outcome,
    draw_canaries,
    programs,
    set_scene,
)
from places import REPOSITORY

pytestmark = pytest.mark.slow

PROGRAMS: Final = {str(program): program for program in programs(CORPUS)}
SECONDS: Final = 90.0  # for a program that takes two or three on an idle machine
GROUP_SECONDS: Final = 180.0  # for many programs

# These lines run in the process of the student's code, before it confines itself.
SECCOMP = "from grader.sandbox.inside import seccomp; seccomp.loader = lambda code: lambda: None\n"
LANDLOCK = "from grader.sandbox.inside import landlock; landlock.restrict = lambda *_: None\n"
FILTERS = SECCOMP + LANDLOCK
SHARED_WAITS = """
from grader.sandbox.inside import seccomp
seccomp._unless_shared_wait = lambda number: [(0x15, 0, 1, number), seccomp._ret(seccomp._ALLOW)]
"""
SYSINFO = "from grader.sandbox.inside import seccomp; seccomp._COMMON['sysinfo'] = (99, 179)\n"
PIPES = "from grader.sandbox.inside import seccomp; seccomp._COMMON['pipe2'] = (293, 59)\n"
PAGE_CACHE = (
    "from grader.sandbox.inside import seccomp; seccomp._COMMON['fadvise64'] = (221, 223)\n"
)
NO_SWEEP = "from grader.sandbox.inside import zygote; zygote.Zygote._sweep = lambda self: None\n"
PRIVILEGES = (
    "from grader.sandbox.inside import privileges; privileges.become_nobody = lambda: None\n"
)
ROOT_FOLDER = NO_SWEEP + (
    "from grader.sandbox.inside import namespaces\n"
    "namespaces.build_root = lambda runtime: None; namespaces.SCRATCH = '/'\n"
)
NO_HOST_NAME = "from grader.sandbox.inside import namespaces; namespaces.name_host = lambda: None\n"
NO_USER_MAP = (
    "from grader.sandbox.inside import zygote; zygote.Zygote._map_users = lambda self: None\n"
)
LARGE_SCRATCH = "from grader.sandbox.inside import namespaces; namespaces.SCRATCH_BYTES = 2**30\n"
SAME_INPUT = (
    "import os; dup2 = os.dup2\n"
    "os.dup2 = lambda old, new, *_: new if new == 0 else dup2(old, new)\n"
)
ONE_SECOND = """
from grader.sandbox.inside import limits
found = limits.worker_limits
limits.worker_limits = lambda memory, cpu_seconds, threads: found(memory, 1, threads)
"""


def namespace(name: str) -> str:
    return f"from grader.sandbox.inside import namespaces as n; n.ALL &= ~n.{name}\n"


def limit(name: str) -> str:
    return (
        "import resource; from grader.sandbox.inside import limits; apply = limits.apply\n"
        "limits.apply = lambda wanted: apply("
        f"{{which: value for which, value in wanted.items() if which != resource.{name}}})\n"
    )


# These lines run in the trusted process.
ENVIRONMENT = (
    "import os; from grader.sandbox import interpreter\n"
    "interpreter._ENVIRONMENT.update(os.environ)\n"
)
DESCRIPTORS = """
import subprocess
from grader.sandbox import spawned
class Popen(subprocess.Popen):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options | {"close_fds": False})
spawned.subprocess.Popen = Popen
"""
ARGUMENTS = """
import sys
from grader.sandbox import forked
clean_python = forked.clean_python
def with_our_arguments(*arguments):
    options = clean_python(*arguments)
    options["args"] += [f"{key}={value}" for key, value in sys._xoptions.items()]
    return options
forked.clean_python = with_our_arguments
"""
TOKEN = """
from grader.sandbox import channel, wire
def guessable(worker, request):
    worker._token = bytes(wire.TOKEN_BYTES)
    return wire.frame(worker._token + request)
channel.Worker._new_frame = guessable
"""
SAME_WORKER = """
from grader.sandbox import channel, forked
from grader.sandbox.session import Session
workers, kept = forked.ForkedWorkers, []
fork = workers.start_worker
workers.start_worker = lambda self: kept[0] if kept else kept.append(fork(self)) or kept[0]
workers.discard_worker = forked.ForkedWorker.close = lambda self: None
workers.end_worker = lambda self, grace=0.0: channel.Ending(0, 0, False, 0.0)
"""
TIME = """
import dataclasses
from grader.grading import grading_process
limits = grading_process.sandbox_limits
grading_process.sandbox_limits = lambda course: dataclasses.replace(limits(course),
    cpu_seconds_per_call=1e6, wall_seconds_per_call=1e6, seconds_per_lesson=1e6)
"""
MEMORY = """
from grader.grading import grading_process
grading_process.limit_memory = lambda more: None
"""
CHECK_TIME = """
from contextlib import nullcontext
from grader.checks.time_limit import TimeLimit
TimeLimit.limit = lambda self, seconds=None: nullcontext()
"""
BUDGETS = """
from grader.sandbox.budget import Budget
from grader.sandbox.client import Sandbox
Sandbox.budget = property(
    lambda sandbox: Budget(sandbox.limits.seconds_per_lesson), lambda sandbox, budget: None)
"""
SHORT = """
import dataclasses
from grader.grading import grading_process
limits = grading_process.sandbox_limits
grading_process.sandbox_limits = lambda course: dataclasses.replace(limits(course),
    seconds_per_lesson=0.5)
"""
SERVED = """
from grader.diagnosis.served_values import ServedValues
ServedValues._may_know = lambda *_: True
"""
HANDED_ON = """
from grader.diagnosis.follow_through import FollowThrough
FollowThrough._is_handed_on = lambda *_: False
"""
READ_VALUES = """
import dataclasses
from grader.grading import examiner
rehearse = examiner.rehearse
def forget_reads(checks, *arguments, **options):
    rehearse(checks, *arguments, **options)
    for lesson in checks.course.lessons:
        rehearsed = checks[lesson.id].rehearsed
        for name, found in list(rehearsed.items()):
            rehearsed[name] = dataclasses.replace(found, reads_values=False)
examiner.rehearse = forget_reads
"""
DECODED = """
from grader.submissions import lesson_files
lesson_files._check_size = lambda *_: None
"""
OUTPUT = """
from grader.sandbox import channel
channel.Worker._keep_output = lambda self, piece: self.output.extend(piece)
import dataclasses
from grader.grading import grading_process
limits = grading_process.sandbox_limits
grading_process.sandbox_limits = lambda course: dataclasses.replace(limits(course),
    output_bytes=10**9)
"""


def wire_limit(name: str) -> str:
    return f"from grader.sandbox import wire; wire.{name} = 10**10\n"


CLEANED = """\
from grader.checks import descriptions, explanations
descriptions.clean = explanations.clean = lambda text, *_, **rest: text
"""
NUMBERS = """\
from grader.checks import explanations
explanations.mask_long_numbers = lambda text: text
"""
QUOTED = "from grader.sandbox.session import Session; Session._quote = lambda *_: None\n"


@dataclass(frozen=True)
class Layer:
    """One layer, the program that it holds, and what shows that it does."""

    program: str
    evidence: str  # what differs without it: see `Outcome`
    outside: str = ""  # code that switches it off in the trusted process
    inside: str = ""  # code that switches it off beside student code
    others: str = ""  # code that switches off, inside, other layers that hold this program
    unwatched: str = ""  # the same in the trusted process
    level: str = "full"
    endless: bool = False  # without it, the program never ends

    @property
    def setting(self) -> tuple[str, str, str]:
        """What is switched off before the layer is: tests of one setting share a run."""
        return self.level, self.unwatched, self.others


LAYERS: Final = {
    "seccomp": Layer("confidentiality/kernel_interfaces", "verdict", inside=SECCOMP),
    "seccomp, at filtered": Layer(
        "availability/processes", "verdict", inside=SECCOMP, level="filtered"
    ),
    "no shared waits": Layer("contamination/shared_futexes", "verdict", inside=SHARED_WAITS),
    "no pipes": Layer("contamination/pipe_numbers", "verdict", inside=PIPES),
    "no page cache": Layer("contamination/page_cache", "verdict", inside=PAGE_CACHE),
    "no sysinfo": Layer("contamination/thread_count", "verdict", inside=SYSINFO),
    "Landlock": Layer(
        "confidentiality/every_way_to_open", "leak", inside=LANDLOCK, level="filtered"
    ),
    "user namespace": Layer(
        "availability/first_in_line",
        "verdict",
        inside=namespace("NEWUSER") + NO_USER_MAP,
        others=FILTERS + PRIVILEGES,
    ),
    "users": Layer("contamination/host_name", "verdict", inside=PRIVILEGES, others=FILTERS),
    "network namespace": Layer(
        "confidentiality/network", "visitors", inside=namespace("NEWNET"), others=FILTERS
    ),
    "process namespace": Layer(
        "contamination/process_left_behind",
        "survivors",
        inside=namespace("NEWPID") + NO_SWEEP,  # a sweep would reach other people's processes
        others=FILTERS,
    ),
    "ipc namespace": Layer(
        "contamination/shared_memory",
        "shared memory",
        inside=namespace("NEWIPC"),
        others=FILTERS,
    ),
    "host name namespace": Layer(
        "confidentiality/host_name", "verdict", inside=namespace("NEWUTS") + NO_HOST_NAME
    ),
    "root folder": Layer(
        "confidentiality/system_files", "verdict", inside=ROOT_FOLDER, others=FILTERS
    ),
    "sweep": Layer("contamination/scratch_file", "after", inside=NO_SWEEP),
    "fresh worker": Layer("contamination/modules", "after", outside=SAME_WORKER),
    "input of its own": Layer("contamination/standard_input", "after", inside=SAME_INPUT),
    "memory limit": Layer("availability/memory_mapped", "verdict", inside=limit("RLIMIT_AS")),
    "descriptor limit": Layer("availability/descriptors", "verdict", inside=limit("RLIMIT_NOFILE")),
    "file size limit": Layer(
        "availability/disk_in_one_file",
        "verdict",
        inside=limit("RLIMIT_FSIZE"),
        others=LARGE_SCRATCH,
    ),
    "thread limit": Layer("availability/threads", "verdict", inside=limit("RLIMIT_NPROC")),
    "thread limit, at filtered": Layer(
        "availability/threads", "verdict", inside=limit("RLIMIT_NPROC"), level="filtered"
    ),
    "processor time limit": Layer(
        "availability/loop",
        "end",
        inside=limit("RLIMIT_CPU"),
        others=ONE_SECOND,
        unwatched=TIME,
        endless=True,
    ),
    "time limits": Layer("availability/loop", "verdict", outside=TIME, endless=True),
    "one budget": Layer("availability/holds_a_core", "time", outside=BUDGETS, unwatched=SHORT),
    "memory limit of the grading process": Layer(
        "availability/our_memory", "verdict", outside=MEMORY
    ),
    "time limit of a check": Layer("availability/our_time", "verdict", outside=CHECK_TIME),
    "file limit in UTF-8": Layer("availability/text_triples", "verdict", outside=DECODED),
    "values that a check leads to": Layer(
        "integrity/hands_on_another", "verdict", outside=SERVED, unwatched=HANDED_ON
    ),
    "nothing for handing on": Layer("integrity/hands_on", "verdict", outside=HANDED_ON),
    "no second guess": Layer(
        "integrity/second_guess_late", "verdict", outside=READ_VALUES, unwatched=SERVED
    ),
    "output cap": Layer("availability/output", "printed", outside=OUTPUT),
    "empty environment": Layer(
        "confidentiality/environment", "leak", outside=ENVIRONMENT, level="process"
    ),
    "clean command line": Layer("confidentiality/own_arguments", "leak", outside=ARGUMENTS),
    "closed descriptors": Layer(
        "confidentiality/descriptors", "leak", outside=DESCRIPTORS, level="process"
    ),
    "token": Layer("integrity/forged_frames", "verdict", outside=TOKEN),
    "frame limit": Layer("integrity/endless_frame", "verdict", outside=wire_limit("MAX_FRAME")),
    "key limit": Layer("integrity/colliding_keys", "verdict", outside=wire_limit("MAX_COLLIDING")),
    "depth limit": Layer("integrity/nested_reply", "verdict", outside=wire_limit("MAX_DEPTH")),
    "cleaned text": Layer("integrity/escape_codes", "controls", outside=CLEANED),
    "no numbers of hidden checks": Layer(
        "confidentiality/hidden_input", "numbers", outside=NUMBERS
    ),
    "quoted lines": Layer("integrity/invented_place", "words", outside=QUOTED),
}


SETTINGS: Final = list(dict.fromkeys(layer.setting for layer in LAYERS.values()))

each_layer = pytest.mark.parametrize(
    "layer",
    [
        pytest.param(
            layer,
            id=name,
            marks=pytest.mark.xdist_group(f"layers-{SETTINGS.index(layer.setting)}"),
        )
        for name, layer in LAYERS.items()
    ],
)


@dataclass(frozen=True)
class Outcome:
    """The outcome of one program. `holds` looks at one kind of evidence that nothing went wrong."""

    program: Program
    scene: Scene
    said: Any  # by `without.py` of this program; None when it did not end in time
    survivors: set[int]
    shared_memory: bool

    def holds(self, evidence: str, level: str) -> bool:
        if evidence == "survivors":
            return not self.survivors
        if evidence == "shared memory":
            return not self.shared_memory
        if evidence == "visitors":
            return self.scene.visitors() == []
        if self.said is None or "error" in self.said:
            return False
        if evidence == "end":
            return True
        if evidence == "printed":
            return bool(0 < self.said["printed"] <= 16 * 1024)
        if evidence == "time":
            return bool(self.said["charged"] < 0.8)
        text = json.dumps(self.said, ensure_ascii=False)
        if evidence == "leak":
            return not any(secret in text for secret in self.scene.canaries.values())
        lessons = {lesson["lesson"]: lesson for lesson in self.said["result"]["lessons"]}
        target, after = lessons[self.program.lesson], lessons["after"]
        messages = "\n".join(str(check["message"]) for check in target["checks"])
        if evidence == "controls":
            return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", messages)
        if evidence == "numbers":
            return not re.search(r"\d\.\d{4}", messages)
        if evidence == "words":
            return self.program.head["Never says"] not in messages
        if evidence == "after":
            return bool(after["score"] == after["max_score"])
        assert evidence == "verdict"
        return describe_outcome(target) == self.program.verdict(level)


@dataclass(frozen=True)
class Forks:
    """The program `without.py`, which forks for each run: it imports the grader only once."""

    process: subprocess.Popen[str]
    canaries: dict[str, str]  # in its environment and on its command line

    def run(self, *request: object) -> bool:
        """Answer a request in a fork; return whether that ended in time."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return bool(json.loads(self.process.stdout.readline()))


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    canaries = draw_canaries("environment", "argument")
    script = Path(__file__).with_name("without.py")
    process = subprocess.Popen(
        [sys.executable, "-X", canaries["CANARY-argument"], str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(REPOSITORY), "GRADER_CANARY": canaries["CANARY-environment"]},
    )
    yield Forks(process, canaries)
    process.communicate()  # no more requests: it ends


@pytest.fixture
def scene(forks: Forks, tmp_path: Path) -> Iterator[Scene]:
    with closing(set_scene(tmp_path / "scene", forks.canaries)) as made:
        yield made


def run_without(
    forks: Forks,
    scene: Scene,
    setting: tuple[str, str, str],
    *,
    names: list[str],
    seconds: float,
) -> dict[str, Outcome]:
    """Grade programs at a level, after code in the trusted process and beside student code."""
    for name in names:
        scene.hand_in(PROGRAMS[name].student, PROGRAMS[name])
    students = [PROGRAMS[name].student for name in names]
    outcomes = scene.folder.with_name("outcomes.json")
    said: dict[str, Any] = {}
    with adopting() as survivors:
        if forks.run(seconds, str(scene.folder), *setting, students, str(outcomes)):
            assert outcomes.exists(), "the code that switches the layer off is broken"
            said = json.loads(outcomes.read_bytes())
    left = remove_shared_memory(int(scene.places["KEY"]))
    return {
        name: Outcome(PROGRAMS[name], scene, said.get(PROGRAMS[name].student), survivors, left)
        for name in names
    }


@pytest.fixture(scope="module")
def held(
    forks: Forks,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Layer], Outcome]]:
    """The outcome of a layer's program while the layer is on, from one run for each setting."""
    scenes: list[Scene] = []

    @cache
    def run_setting(setting: tuple[str, str, str]) -> dict[str, Outcome]:
        names = {layer.program for layer in LAYERS.values() if layer.setting == setting}
        scenes.append(set_scene(tmp_path_factory.mktemp("layers") / "scene", forks.canaries))
        return run_without(forks, scenes[-1], setting, names=sorted(names), seconds=GROUP_SECONDS)

    yield lambda layer: run_setting(layer.setting)[layer.program]
    for scene in scenes:
        scene.close()


def remove_shared_memory(key: int) -> bool:
    """Whether there was SysV memory, a semaphore or a message queue under this key."""
    libc = ctypes.CDLL(None)
    memory = libc.shmget(key, 0, 0)
    semaphores = libc.semget(key, 0, 0)
    messages = libc.msgget(key, 0)
    removed = [
        memory >= 0 and libc.shmctl(memory, 0, None) == 0,  # 0 is IPC_RMID
        semaphores >= 0 and libc.semctl(semaphores, 0, 0) == 0,
        messages >= 0 and libc.msgctl(messages, 0, None) == 0,
    ]
    return any(removed)


@each_layer
def test_a_layer_holds_a_program_that_nothing_holds_without_it(
    layer: Layer, held: Callable[[Layer], Outcome], forks: Forks, scene: Scene
) -> None:
    with_it = held(layer)
    assert with_it.said is not None
    assert with_it.holds(layer.evidence, layer.level), with_it.said
    without = (layer.level, layer.unwatched + layer.outside, layer.others + layer.inside)
    patience = 1 + 2 * with_it.said["seconds"] if layer.endless else SECONDS
    outcomes = run_without(forks, scene, without, names=[layer.program], seconds=patience)
    outcome = outcomes[layer.program]
    assert outcome.said is not None or layer.endless
    assert "error" not in (outcome.said or {}), outcome.said  # the grader broke: that shows nothing
    assert not outcome.holds(layer.evidence, layer.level), outcome.said


def test_the_preflight_refuses_a_sandbox_without_its_filter(forks: Forks, scene: Scene) -> None:
    program = "confidentiality/kernel_interfaces"
    without = ("full", "preflight = True", SECCOMP)
    outcomes = run_without(forks, scene, without, names=[program], seconds=SECONDS)
    assert outcomes[program].said["error"].startswith("IsolationRefused")
