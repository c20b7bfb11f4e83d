"""Checks on objects of the student's, which stay in the sandbox."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Final

import pytest
from one_lesson_class import Grade, check_file, message_of, statuses_of

from grader.sandbox import conversation

SHAPES: Final = """
import dataclasses, enum, itertools

class Empty(LookupError):
    def __init__(self, text, code=0):
        super().__init__(text)
        self.code = code

class Stack:
    limit = 10
    def __init__(self, items=()): self.items = list(items)
    def push(self, item):
        self.items.append(item)
        return self
    def pop(self):
        if not self.items: raise Empty("nothing is left", 7)
        return self.items.pop()
    @property
    def top(self): return self.items[-1]
    @classmethod
    def of(cls, *items): return cls(items)
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
    def __contains__(self, item): return item in self.items
    def __getitem__(self, at): return self.items[at]
    def __setitem__(self, at, item): self.items[at] = item
    def __eq__(self, other): return isinstance(other, Stack) and self.items == other.items
    def __lt__(self, other): return len(self) < len(other)
    def __add__(self, other): return Stack(self.items + list(other))
    def __mul__(self, times): return Stack(self.items * times)
    __rmul__ = __mul__
    def __repr__(self): return f"Stack({self.items})"
    def __str__(self): return "/".join(map(str, self.items))
    def __bool__(self): return bool(self.items)
    def __enter__(self):
        self.items.append("in")
        return self
    def __exit__(self, kind, error, trace):
        self.items.append(kind.__name__ if kind else "out")
        return True

class Pile(Stack): pass
class Numbers(list):
    def total(self): return sum(self)

@dataclasses.dataclass
class Point:
    x: int
    y: int = 0
    def norm(self): return abs(self.x) + abs(self.y)

class Color(enum.Enum):
    RED = 1
    def nice(self): return self.name.lower()

def double(x): return 2 * x
def make(*items): return Stack(items)
def count():
    n = 0
    while True:
        yield n
        n += 1
def numbers(n): return Numbers(range(n))
def adder(n):
    def add(x): return x + n
    return add
def total(stack): return sum(stack)
def empty(stack): stack.items.clear()
def pair(): return [Point(1, 2), {"p": Point(3)}]
def same(stack): return stack
def apply(function, x): return function(x)
"""

RIGHT: Final = {
    "calls and attributes": (
        "s = student.Stack()\ns.push(1)\ns.push(2)\n"
        "assert s.top == 2 and s.items == [1, 2] and s.limit == 10\n"
        "assert s.pop() == 2 and len(s) == 1 and s and 1 in s and 5 not in s\n"
        "s.limit = 3\nassert s.limit == 3 and hasattr(s, 'pop') and not hasattr(s, 'peek')"
    ),
    "items and iteration": (
        "s = student.make(1, 2, 3)\ns[0] = 5\nassert s[0] == 5 and s[1:] == [2, 3]\n"
        "assert list(s) == [5, 2, 3] and [2 * x for x in s][0] == 10"
    ),
    "a generator without end": (
        "import itertools\ng = student.count()\n"
        "assert next(g) == 0 and list(itertools.islice(g, 3)) == [1, 2, 3]"
    ),
    "a finite iterator": (
        "it = iter(student.make(1))\nassert next(it) == 1\n"
        "with pytest.raises(StopIteration): next(it)"
    ),
    "comparison and arithmetic": (
        "a, b = student.make(1), student.make(1)\nassert a == b and not a != b and a is not b\n"
        "assert (a + b) == student.make(1, 1) and 2 * a == a * 2 and a < a + b"
    ),
    "text": (
        "s = student.make(1, 2)\nassert str(s) == '1/2' and repr(s) == 'Stack([1, 2])' == f'{s!r}'"
    ),
    "as an argument": (
        "s = student.make(1, 2)\nassert student.total(s) == 3 and student.same(s) is s\n"
        "student.empty(s)\nassert len(s) == 0 and student.total([*student.make(4)]) == 4"
    ),
    "classes": (
        "s, p = student.Stack(), student.Pile()\n"
        "assert isinstance(p, student.Stack) and not isinstance(s, student.Pile)\n"
        "assert not isinstance(5, student.Stack) and issubclass(student.Pile, student.Stack)\n"
        "assert student.Stack.of(1, 2) == student.make(1, 2) and student.Stack.limit == 10"
    ),
    "exceptions": (
        "with pytest.raises(student.Empty, match='nothing') as caught:\n    student.Stack().pop()\n"
        "assert caught.value.code == 7 and isinstance(caught.value, LookupError)\n"
        "assert student.Empty('a', 3).code == 3"
    ),
    "a block": (
        "with student.make() as s:\n    assert s.items == ['in']\nassert s.items == ['in', 'out']\n"
        "with pytest.raises(KeyError):\n    with s:\n        raise KeyError('x')\n"
        "assert s.items[-1] == 'KeyError'"
    ),
    "relatives of plain values": (
        "n = student.numbers(3)\nassert n.total() == 3 and n == [0, 1, 2] and len(n) == 3"
    ),
    "dataclasses": (
        "p = student.Point(3, 4)\nassert p.norm() == 7 and p == student.Point(3, 4)\n"
        "assert p == reference.Point(3, 4) and p != reference.Point(3, 5)\np.x = 1\n"
        "assert p.x == 1 and student.pair()[1]['p'].x == 3"
    ),
    "functions": (
        "add = student.adder(5)\nassert add(1) == 6 and student.apply(add, 2) == 7\n"
        "assert student.apply(student.double, 4) == 8 and add.__name__ == 'add'"
    ),
    "members with methods": "assert student.Color.RED.nice() == 'red'",
    "plain calls beside": "assert student.double(2) == 4 and student.make(3).top == 3",
}  # fmt: skip


@pytest.fixture(scope="module")
def titles() -> dict[str, int]:
    return {name: number for number, name in enumerate(RIGHT)}


def test_checks_hold_objects_of_the_students(grade: Grade) -> None:
    checks = check_file(*RIGHT.values())
    lesson = grade({"ada": SHAPES}, checks, solution=SHAPES)["ada"]
    wrong = {
        name: message_of(lesson, number)
        for number, name in enumerate(RIGHT)
        if lesson.checks[number].status != "passed"
    }
    assert wrong == {}


#: A check, what a wrong student has in the place of something, and what the student reads.
WRONG: Final = {
    "compared with a value": (
        "assert student.make(1).top == 1",
        "def make(*items): return Stack(Stack([2]) for _ in items)",
        ["make().top", "a Stack", "plain numbers"],
    ),
    "an object where a value is due": (
        "assert student.make(1, 2).pop() == 2",
        "Stack.pop = lambda self: self",
        ["got", "a Stack"],
    ),
    "a method that is not there": (
        "student.make(1).pop()",
        "del Stack.pop",
        ["AttributeError: 'Stack' object has no attribute 'pop'"],
    ),
    "a wrong length": (
        "assert len(student.make(1)) == 1",
        "Stack.__len__ = lambda self: 3",
        ["the number 3"],
    ),
    "a class that is not there": (
        "assert not isinstance(student.make(1), student.Pile)",
        "del Pile",
        ["there is no", "Pile"],
    ),
    "a swallowed assertion": (
        "with student.make() as s:\n    assert s.items == [5]",
        "def later(): pass",
        ["make().items", "the check asks for `s.items == [5]`"],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_object_is_told_by_what_the_check_did_with_it(grade: Grade, name: str) -> None:
    check, slip, words = WRONG[name]
    right = SHAPES if "swallowed" not in name else SHAPES.replace('append("in")', "append(5)")
    hidden = check_file(check)
    lesson = grade(
        {"ada": f"{SHAPES}\n{slip}"}, hidden, visible=hidden.replace("test_a", "test_v"),
        solution=right,
    )["ada"]  # fmt: skip
    assert statuses_of(lesson) == ["failed", "failed"], message_of(lesson)
    for word in words:
        assert word in message_of(lesson), message_of(lesson)


def test_an_author_reads_what_to_compare_instead(grade: Grade) -> None:
    check = check_file("assert student.make(1) == [1]")
    lesson = grade({"ada": SHAPES}, check, solution=SHAPES)["ada"]
    assert statuses_of(lesson) == ["grader_error"]
    assert "compare what its methods and attributes give" in message_of(lesson)


def test_it_costs_nothing_whether_a_method_returns_its_object_or_nothing(grade: Grade) -> None:
    check = check_file("s = student.make()\ns.push(1)\nassert s.pop() == 1")
    silent = SHAPES.replace("        return self\n    def pop", "    def pop")
    for program, solution in ((SHAPES, silent), (silent, SHAPES)):
        lesson = grade({"ada": program}, check, solution=solution)["ada"]
        assert statuses_of(lesson) == ["passed"], message_of(lesson)


def test_each_check_begins_with_objects_of_its_own(grade: Grade) -> None:
    program = f"{SHAPES}\nmade = []\ndef shared():\n    made.append(1)\n    return Stack(made)"
    checks = check_file(*["assert len(student.shared()) == 1"] * 3)
    lesson = grade({"ada": program}, checks, solution=program)["ada"]
    assert statuses_of(lesson) == ["passed"] * 3, message_of(lesson)


def test_an_object_of_an_earlier_check_is_refused_with_the_reason(grade: Grade) -> None:
    kept = "import pytest\nKEPT = []\n"
    checks = kept + check_file(
        "KEPT.append(student.make(1))\nassert KEPT[-1].top == 1", "assert KEPT[-1].top == 1"
    )
    lesson = grade({"ada": SHAPES}, checks, solution=SHAPES)["ada"]
    assert statuses_of(lesson) == ["passed", "grader_error"]
    assert "RuntimeError" in message_of(lesson, 1)


@pytest.mark.parametrize(
    ("slip", "status"),
    [("import os; os._exit(3)", "crashed"), ("while True: pass", "timeout")],
)
def test_a_lost_process_takes_its_objects_along(grade: Grade, slip: str, status: str) -> None:
    check = check_file(
        "s = student.make(1)\ntry:\n    s.pop()\nexcept Exception: pass\nassert s.top == 1"
    )
    slips = SHAPES.replace("    def pop(self):\n", f"    def pop(self):\n        {slip}\n")
    right = SHAPES.replace("    def pop(self):\n", "    def pop(self):\n        return 5\n")
    lesson = grade({"ada": slips}, check, solution=right)["ada"]
    assert statuses_of(lesson) == [status], message_of(lesson)


LOG: Final = """
class Log:
    def __init__(self, path): self.path = path
    def add(self, line):
        with open(self.path, "a") as file: print(line, file=file)

def apply(function, x, times):
    for _ in range(times): x = function(x)
    return x
"""
MANY_USES: Final = """
def test_an_iterator(student):
    '''A.'''
    assert list(student.Stack(range(300))) == list(range(300))


def test_a_callback(student):
    '''B.'''
    assert student.apply(lambda x: x + 1, 0, 300) == 300


def test_files(student, tmp_path):
    '''C.'''
    log = student.Log(tmp_path / "log.txt")
    for number in range(20):
        log.add(number)
    assert len((tmp_path / "log.txt").read_text().split()) == 20
"""


@pytest.mark.slow
def test_a_busy_machine_costs_no_marks(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that we wait for takes forty times as long as the program computes."""
    busy = SimpleNamespace(monotonic=lambda: 40 * time.monotonic(), thread_time=time.thread_time)
    monkeypatch.setattr(conversation, "time", busy)
    lesson = grade({"ada": SHAPES + LOG}, MANY_USES, solution=SHAPES + LOG)["ada"]
    assert statuses_of(lesson) == ["passed"] * 3, [
        str(check.message)[-300:] for check in lesson.checks
    ]
