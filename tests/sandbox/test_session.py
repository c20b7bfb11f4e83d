"""One student's lesson in a real sandbox: what it returns, and all that it may do instead."""

from __future__ import annotations

import gc
import re
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from textwrap import dedent

import numpy as np
import pytest
from sandbox_sessions import IMPATIENT, LIMITS, LONG, OpenLesson, lesson_opener

from grader.sandbox import faults
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import (
    Crashed,
    FailureKind,
    OutOfMemory,
    Place,
    Raised,
    StudentFault,
    TimedOut,
)
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session
from grader.sandbox.wire import Unsendable


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Isolation.FULL, LIMITS) as started:
        yield started


@pytest.fixture(scope="module")
def impatient_sandbox() -> Iterator[Sandbox]:
    with Sandbox(Isolation.FULL, IMPATIENT) as started:
        yield started


@pytest.fixture
def student(sandbox: Sandbox) -> Iterator[OpenLesson]:
    yield from lesson_opener(sandbox)


@pytest.fixture
def sleeper(impatient_sandbox: Sandbox) -> Iterator[OpenLesson]:
    yield from lesson_opener(impatient_sandbox)


def test_a_call_returns_what_the_function_returns(student: OpenLesson) -> None:
    lesson = student("def f(x, *, scale=1): return {'sum': (x * scale).sum(), 'all': [x, None]}")
    value = lesson.call("f", np.arange(3.0), scale=2).value
    assert value["sum"] == 6.0
    assert type(value["sum"]) is np.float64
    assert np.array_equal(value["all"][0], [0.0, 1.0, 2.0])


def test_arguments_are_copied_and_those_that_were_modified_are_reported(
    student: OpenLesson,
) -> None:
    lesson = student("""
        def f(a, b, rest, *, c, d):
            a[0] = 99; rest.append({1}); d["x"] = 1
            return a
    """)
    a, b, rest, d = np.zeros(2), np.zeros(2), [1], {"x": 0}
    returned = lesson.call("f", a, b, rest, c=1, d=d)
    assert returned.changed == (0, 2, "d")
    assert (a.tolist(), rest, d) == ([0.0, 0.0], [1], {"x": 0})
    assert returned.value.tolist() == [99.0, 0.0]


@pytest.mark.parametrize(
    ("change", "is_noticed"),
    [
        ("x[0] = -0.0", True),
        ("x.shape = (2, 1)", True),
        ("x.dtype = np.int64", True),
        ("x[:] = x.copy()", False),
        ("x = x + 1", False),
        ("x.flags.writeable = False", False),
    ],
)
def test_an_array_is_modified_if_its_numbers_its_shape_or_its_type_is(
    student: OpenLesson, change: str, is_noticed: bool
) -> None:
    lesson = student(f"import numpy as np\ndef f(x, scale):\n    {change}")
    assert lesson.call("f", np.array([0.0, np.nan]), 2).changed == ((0,) if is_noticed else ())


def test_a_function_may_import_an_earlier_lesson_when_it_is_called(student: OpenLesson) -> None:
    lesson = student("""
        def f():
            import earlier
            return earlier.two()
    """, earlier={"earlier": "def two(): return 2"})  # fmt: skip
    assert lesson.call("f").value == 2


def test_an_exception_keeps_no_argument_of_its_call(student: OpenLesson) -> None:
    lesson = student("def f(x): raise ValueError")
    given = np.zeros(3)
    kept = weakref.ref(given)
    gc.disable()  # it would find a cycle, but late
    try:
        with suppress(faults.Raised):
            lesson.call("f", given)
        del given
        assert kept() is None
    finally:
        gc.enable()


def test_a_large_array_goes_there_and_back() -> None:
    large = np.arange(1_900_000.0)  # 15.2 MB of the 16 that a frame may have
    # The default limits: copying so much takes a loaded machine longer than the others here allow.
    program = {"lesson": ("lesson.py", ["def f(x): return x\n"], False)}
    limits = SandboxLimits(2, 8, 10, 2**30, 4096)
    with Sandbox(Isolation.FULL, limits) as own, Session(own, "lesson", program) as session:
        returned = session.call("f", large)
    assert np.array_equal(returned.value, large)
    assert returned.changed == ()


@pytest.mark.parametrize(
    ("body", "kind", "message", "line"),
    [
        ("raise ValueError('lengths differ')", ValueError, "ValueError: lengths differ", 3),
        ("return 1 / 0", ZeroDivisionError, "ZeroDivisionError: division by zero", 3),
        ("return np.ones(2) @ np.ones(3)", ValueError, "ValueError: matmul", 3),
        ("raise NotImplementedError", NotImplementedError, "NotImplementedError", 3),
        ("class Mine(KeyError): pass\n    raise Mine(1)", KeyError, "Mine: 1", 4),
        ("class Mute(Exception): __str__ = None\n    raise Mute", Raised, "Mute$", 4),
        ("raise ValueError('x' * 10**7)", ValueError, "ValueError: x{1000}$", 3),
        ("return f()", RecursionError, "RecursionError: maximum recursion depth", 3),
        ("import scipy", ImportError, "ModuleNotFoundError: No module named 'scipy'", 3),
        ("import os; os.kill(1, 9)", Raised, "PermissionError", 3),
        ("import sys; sys.exit(0)", Raised, "SystemExit: 0", 3),
        ("raise KeyboardInterrupt", Raised, "KeyboardInterrupt", 3),
        ("raise ExceptionGroup('g', [ValueError()])", Raised, "ExceptionGroup: g", 3),
    ],
)
def test_an_exception_comes_back_with_its_type_text_and_line(
    student: OpenLesson, body: str, kind: type[Exception], message: str, line: int
) -> None:
    lesson = student(f"import numpy as np\ndef f():\n    {body}\ndef g(): return 7\n")
    with pytest.raises(kind) as caught:
        lesson.call("f")
    assert isinstance(caught.value, Raised)
    assert re.match(message, caught.value.in_words)
    assert caught.value.place is not None
    assert (caught.value.place.filename, caught.value.place.line) == ("lesson.py", line)
    assert caught.value.place.text in body
    assert lesson.call("g").value == 7


def test_a_missing_function_and_a_name_that_is_no_function_have_two_messages(
    student: OpenLesson,
) -> None:
    lesson = student("f = 3\ng = None\n")
    for name, words in [("f", "an int, not a function"), ("h", "no such"), ("__name__", "a str")]:
        with pytest.raises(faults.MissingFunction, match=words):
            lesson.call(name)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("np.asmatrix(np.eye(2))", r"a numpy\.matrix"),
        ("np.ma.masked_array([1.0], [True])", r"a numpy\.MaskedArray"),
        ("np.ma.masked", r"a numpy\.MaskedConstant"),
        ("np.array([1, None])", "an array of dtype object"),
        ("np.zeros(2).view(Mine)", "a Mine"),
        ("np.longdouble(1)", r"a (numpy\.)?longdouble"),
        ("np.zeros(2, np.longdouble)", r"an array of dtype (longdouble|float\d+)"),
        ("(n for n in [1])", "a generator"),
        ("[lambda: 1]", "a function"),
        ("iter([1])", "a list_iterator"),
        ("{1, Equal}", "a type"),
        ("Equal()", "an Equal"),
        ("'x' * 17_000_000", "a value of .* bytes"),
        ("nest(40)", "nested more than"),
    ],
)
def test_what_is_no_plain_value_is_named_and_never_crosses(
    student: OpenLesson, expression: str, words: str
) -> None:
    lesson = student(f"""
        import numpy as np
        class Mine(np.ndarray): pass
        class Equal:
            def __eq__(self, other): return True
        def nest(n): return [] if n == 0 else [nest(n - 1)]
        def f(): return {expression}
    """)
    with pytest.raises(faults.WrongReturn, match=words):
        lesson.call("f")


def test_a_value_with_too_many_parts_never_crosses(sleeper: OpenLesson) -> None:
    lesson = sleeper("def f(): return [list(range(1000))] * 300")  # to look at it takes long
    with pytest.raises(faults.WrongReturn, match="a value that is too large"):
        lesson.call("f")


def test_a_value_that_a_check_cannot_send_does_not_reach_the_student(student: OpenLesson) -> None:
    lesson = student("def f(x): return 1")
    with pytest.raises(Unsendable, match="an array of dtype object"):
        lesson.call("f", np.array([None]))
    assert lesson.call("f", 0).value == 1


def test_a_lesson_that_does_not_compile_or_import_says_where(student: OpenLesson) -> None:
    for text, kind, line in [("x = = 1", Raised, 1), ("x = 1\nreturn x", Raised, 2)]:
        with pytest.raises(Raised) as caught:
            student(text).load()
        assert isinstance(caught.value, kind)
        assert caught.value.place is not None
        assert caught.value.place.line == line


COMPUTING, SILENT = (TimedOut, "still computing"), (TimedOut, "not answered")
MEMORY = (OutOfMemory, "memory")
SPIN = "while True: pass"
FAULTS: dict[str, tuple[str, tuple[type[StudentFault], str]]] = {
    "a loop": (SPIN, COMPUTING),
    "a loop in C": ("sum(range(10**12))", COMPUTING),
    "a regular expression": ("import re; re.match('(a+)+$', 'a' * 40 + 'b')", COMPUTING),
    "a power": ("10 ** 10 ** 9", COMPUTING),
    "a loop in all threads": ("[Thread(target=spin).start() for _ in 'abcd']; spin()", COMPUTING),
    "a loop that catches all": (
        "while True:\n        try: spin()\n        except BaseException: pass", COMPUTING),
    "ignored signals": (
        "import signal\n    for n in range(1, 32):\n        try: signal.signal(n, signal.SIG_IGN)"
        f"\n        except OSError: pass\n    {SPIN}", COMPUTING),
    "sleep": ("import time; time.sleep(60)", SILENT),
    "a lock": ("lock = Lock(); lock.acquire(); lock.acquire()", SILENT),
    "reading the channel": ("while True: os.read(3, 1)", SILENT),
    "os._exit(0)": ("os._exit(0)", (Crashed, "exit code 0")),
    "os._exit(3)": ("os._exit(3)", (Crashed, "exit code 3")),
    "a segmentation fault": ("import ctypes; ctypes.string_at(0)", (Crashed, "signal 11")),
    "abort": ("os.abort()", (Crashed, "signal")),
    "an endless stack": (
        "import sys; sys.setrecursionlimit(10**9); deep()", (Crashed, "signal 11")),
    "closed descriptors": ("os.closerange(0, 99)", (Crashed, "itself")),
    "a list that grows": ("a = []\n    while True: a.append(bytes(10**6))", MEMORY),
    "a huge array": ("return np.ones(10**11)", MEMORY),
    "a huge text": ("'x' * 10**10", MEMORY),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("body", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_a_call_that_ends_badly_is_named_and_costs_no_other_call(
    student: OpenLesson, sleeper: OpenLesson, body: str, fault: tuple[type[StudentFault], str]
) -> None:
    lesson = (sleeper if fault is SILENT else student)(
        "import os, numpy as np\nfrom threading import Lock, Thread\n"
        f"def spin():\n    {SPIN}\ndef deep(_=0): return list(map(deep, [1]))\n"
        f"def f():\n    {body}\ndef g(): return 7\n"
    )
    kind, words = fault
    start = time.monotonic()
    with pytest.raises(kind, match=words) as caught:
        lesson.call("f")
    assert type(caught.value) is kind
    assert time.monotonic() - start < LONG
    assert lesson.call("g").value == 7  # in a fresh worker


@pytest.mark.slow
@pytest.mark.parametrize("body", [SPIN, "import time; time.sleep(60)", "import os; os._exit(0)"])
def test_a_statement_that_ends_the_import_costs_what_comes_after_it_and_no_definition(
    sleeper: OpenLesson, body: str
) -> None:
    lesson = sleeper(f"def f(): return 7\n{body}\nx = f()\ndef g(): return ONE\nONE = 1")
    lesson.load()
    assert lesson.call("f").value == 7
    assert lesson.call("g").value == 1
    assert lesson.value("x").value is None
    [failure] = lesson.failures
    assert failure.kind is FailureKind.ENDED
    assert failure.place == Place("lesson.py", 2, body)


@pytest.mark.slow
def test_all_calls_together_have_a_budget(student: OpenLesson) -> None:
    lesson = student(f"def f():\n    {SPIN}\ndef g(): return 7")
    said: list[str] = []
    for _ in range(8):  # 0.2 s each, however much more a busy machine let them have
        with pytest.raises(TimedOut) as caught:
            lesson.call("f")
        said.append(str(caught.value))
    # Each load takes some time, too, and more of it on a busy machine.
    assert said[:6] == ["it was still computing after 0.2 s"] * 6
    assert said[7] == "the 1.5 s for this whole lesson are used up"
    with pytest.raises(TimedOut, match="whole lesson"):
        lesson.call("g")


@pytest.mark.slow
def test_a_call_that_sleeps_pays_for_the_time_that_we_waited(sleeper: OpenLesson) -> None:
    lesson = sleeper("import time\ndef f(): time.sleep(60)")
    said: list[str] = []
    for _ in range(5):  # 1 s each
        with pytest.raises(TimedOut) as caught:
            lesson.call("f")
        said.append(str(caught.value))
    assert said[:4] == ["it had not answered after 1 s"] * 4
    assert said[4] == "the 4 s for this whole lesson are used up"


@pytest.mark.slow
def test_a_program_that_only_seems_to_end_pays_for_the_wait(
    student: OpenLesson,
) -> None:
    lesson = student("""
        import os, time
        def f():
            os.closerange(3, 99)
            time.sleep(60)
        def g(): return 7
    """)
    with pytest.raises(Crashed):
        lesson.call("f")
    with pytest.raises(TimedOut, match="whole lesson"):
        lesson.call("g")


def test_quick_calls_hardly_use_the_budget(student: OpenLesson) -> None:
    lesson = student("def f(): return 7")
    assert {lesson.call("f").value for _ in range(2_000)} == {7}


@pytest.mark.slow
def test_what_is_printed_is_kept_up_to_the_limit_even_after_a_crash(student: OpenLesson) -> None:
    lesson = student("""
        import os, sys, time
        def f(): print("out"); print("err", file=sys.stderr); os.write(1, b"\\xff"); os._exit(1)
        def flood(): print("x" * 10**7); return 7
        def endless():
            while True: os.write(2, b"y" * 60_000)
    """)
    with pytest.raises(Crashed):
        lesson.call("f")
    assert set(bytes(lesson.output).split(b"\n")) >= {b"out", b"err"}
    assert lesson.call("flood").value == 7
    with pytest.raises(TimedOut):
        lesson.call("endless")
    assert len(lesson.output) == LIMITS.output_bytes


def test_no_worker_s_output_is_kept_after_it_was_muted(
    student: OpenLesson,
) -> None:
    lesson = student("""
        import os
        print("loaded")
        def say(word): print(word); return word
        def leave(): os._exit(1)
    """)
    lesson.call("say", "before")
    lesson.mute_output()
    lesson.call("say", "after")
    with pytest.raises(Crashed):
        lesson.call("leave")
    lesson.call("say", "in a fresh worker, which loads it again")
    lesson.close()
    assert bytes(lesson.output) == b"loaded\nbefore\n"


def test_a_program_that_closed_its_output_can_be_muted(student: OpenLesson) -> None:
    lesson = student("""
        import os
        def shut(): print("the last"); os.closerange(1, 3)
        def add(a, b): return a + b
    """)
    lesson.call("shut")
    lesson.mute_output()
    assert lesson.call("add", 1, 2).value == 3
    lesson.close()
    assert bytes(lesson.output) == b"the last\n"


def test_a_thread_that_never_stops_printing_does_not_hold_us_up(student: OpenLesson) -> None:
    start = time.monotonic()
    lesson = student("""
        import os, threading
        def flood():
            while True: os.write(1, b"x" * 60_000)
        def f():
            for _ in range(3): threading.Thread(target=flood, daemon=True).start()
            return 7
    """)
    assert lesson.call("f").value == 7
    lesson.close()
    assert time.monotonic() - start < LONG


def test_an_earlier_lesson_of_the_same_student_can_be_imported(student: OpenLesson) -> None:
    lesson = student(
        "from softmax import double\nimport softmax\ndef f(x): return double(x) + softmax.ONE",
        earlier={"softmax": "ONE = 1\ndef double(x): return 2 * x"},
    )
    assert lesson.call("f", 4).value == 9
    broken = student("import softmax\ndef f(): pass", earlier={"softmax": "\n\nx = = 0"})
    broken.load()
    [failure] = broken.failures
    assert failure.kind is FailureKind.IMPORT
    assert isinstance(failure.error, Raised)
    assert failure.error.place == Place("softmax.py", 3, "x = = 0")


def test_a_notebook_keeps_the_cells_that_work(student: OpenLesson) -> None:
    good = ["%matplotlib inline\nimport numpy as np", "def f(x): return np.sum(x)"]
    bad = ["f(undefined)", "def = 3", "%%bash\nexit 1", "!pip install x\ndef g(): return 7"]
    lesson = student(*good, *bad, notebook=True)
    lesson.load()
    named, broken = lesson.failures
    assert named.error.in_words.startswith("NameError")
    assert named.place == Place("lesson.ipynb, cell 3", 1, "f(undefined)")
    assert broken.kind is FailureKind.CELL
    assert broken.place == Place("lesson.ipynb, cell 4", 1, "def = 3")
    assert lesson.call("f", [1, 2]).value == 3
    assert lesson.call("g").value == 7


@pytest.mark.parametrize("how", ["as a whole", "statement by statement"])
def test_a_cell_stops_at_an_exception_where_the_course_says_so(how: str) -> None:
    cells = ["def a(): return 1\n1 / 0\ndef b(): return 2", "def c(): return 3"]
    if how != "as a whole":
        cells.append("import os\nos._exit(0)")  # so it is loaded again, one by one
    with Sandbox(Isolation.FULL, LIMITS, stop_cell_at_error=True) as sandbox:
        for student in lesson_opener(sandbox):
            lesson = student(*cells, notebook=True)
            lesson.load()
            assert [lesson.call(name).value for name in "ac"] == [1, 3]
            with pytest.raises(faults.MissingFunction):
                lesson.call("b")


def test_chance_and_order_are_the_same_for_every_student_and_sandbox(student: OpenLesson) -> None:
    text = """
        import random, numpy as np
        words = {str(n) for n in range(40)}
        def f(): return [random.random(), np.random.rand(3), list(words), hash("a")]
    """
    first = student(text).call("f").value
    with Sandbox(Isolation.FULL, LIMITS) as other:
        session = Session(other, "lesson", {"lesson": ("lesson.py", [dedent(text)], False)})
        second = session.call("f").value
        session.close()
    third = student(text).call("f").value
    assert repr(first) == repr(second) == repr(third)


@pytest.mark.slow
def test_all_sessions_of_a_lesson_share_one_budget() -> None:
    program = {"lesson": ("lesson.py", ["def f():\n    while True: pass\n"], False)}
    limits = SandboxLimits(0.1, 20.0, 0.25, 256 * 2**20, 4096)
    with Sandbox(Isolation.FULL, limits) as own:
        said: list[str] = []
        with own.one_lesson() as budget:
            for _ in range(4):
                with Session(own, "lesson", program) as session, pytest.raises(TimedOut) as caught:
                    session.call("f")
                said.append(str(caught.value))
            assert budget.left == 0
        assert said[0] == "it was still computing after 0.1 s"
        assert said[-1] == "the 0.25 s for this whole lesson are used up"
        with Session(own, "lesson", program) as session, pytest.raises(TimedOut, match="computing"):
            session.call("f")  # another lesson has its own
