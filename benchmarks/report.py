"""From measured figures to ratios, targets and a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

#: What the grader promises. Each is held against the least favourable of the figures for it.
_FASTER_THAN_NBGRADER: Final = 200
_FASTER_THAN_PYTEST: Final = 100
_CLASSROOM_FASTER_THAN_NBGRADER: Final = 20
_GROWTH_PERCENT: Final = 15
_TRUSTED_MEGABYTES: Final = 400
_CHECK_SECONDS: Final = 0.7
_CHECK_TO_PYTEST: Final = 1.5
_WORKER_MILLISECONDS: Final = 3.0
_RERUN_SECONDS: Final = 1.0  # for each 1,000 students
_CONFINED: Final = ("full", "filtered")  # at `process` nothing is forked: a program is started

_Figures = Mapping[str, Any]


def complete(figures: dict[str, Any]) -> dict[str, Any]:
    """Add to the measured figures what follows from them."""
    tools = figures["tools"]
    grader = [tool for tool in tools if tool["tool"].endswith("at once, answers alike")]
    largest, smallest = grader[0], grader[-1]
    for tool in tools:
        if tool not in grader:
            tool["grader_is_faster_by"] = (
                tool["seconds_per_student"] / largest["seconds_per_student"]
            )
    figures["growth"] = {
        "from_students": smallest["students"],
        "to_students": largest["students"],
        "percent": _growth(smallest, largest, "seconds_per_student"),
        "cpu_percent": _growth(smallest, largest, "cpu_seconds_per_student"),
    }
    figures["targets"] = list(_targets(figures))
    return figures


def _growth(smallest: _Figures, largest: _Figures, key: str) -> float:
    return float((largest[key] / smallest[key] - 1) * 100)


def _targets(figures: _Figures) -> Iterator[_Figures]:
    def least(key: str, of_tools: str) -> float:
        tools = (tool for tool in figures["tools"] if tool["tool"].startswith(of_tools))
        return min(float(tool[key]) for tool in tools)

    nbgrader = least("grader_is_faster_by", "nbgrader")
    pytest = least("grader_is_faster_by", "pytest, one process")
    growth = figures["growth"]
    megabytes = figures["memory"]["trusted_pss_bytes"] / 1e6
    yield _target("times as fast as nbgrader", nbgrader, _FASTER_THAN_NBGRADER, at_least=True)
    ratio = least("seconds_per_student", "nbgrader") / figures["classroom"]["seconds_per_student"]
    what = "times as fast as nbgrader, in nbgrader's own classroom"
    yield _target(what, ratio, _CLASSROOM_FASTER_THAN_NBGRADER, at_least=True)
    yield _target("times as fast as bare pytest", pytest, _FASTER_THAN_PYTEST, at_least=True)
    what = f"% more per student of {growth['to_students']:,} than of {growth['from_students']:,}"
    yield _target(what, growth["percent"], _GROWTH_PERCENT, at_least=False)
    yield _target("MB of trusted memory", megabytes, _TRUSTED_MEGABYTES, at_least=False)
    own = figures["own_check"]
    yield _target("seconds for grader check", own["seconds"], _CHECK_SECONDS, at_least=False)
    yield _target("times a bare pytest's time", own["ratio"], _CHECK_TO_PYTEST, at_least=False)
    worker = figures["worker"]
    confined = [worker["levels"][level]["ms"] for level in _CONFINED]
    over = max(confined) - worker["bare_fork_ms"]
    what = "ms more for a confined worker than for a bare fork"
    yield _target(what, over, _WORKER_MILLISECONDS, at_least=False)
    rerun = figures["rerun"]
    what = f"seconds for {rerun['students']:,} of whom nothing has changed, for each 1,000"
    seconds = rerun["seconds"] * 1000 / rerun["students"]
    yield _target(what, seconds, _RERUN_SECONDS, at_least=False)


def _target(name: str, value: float, bound: float, *, at_least: bool) -> _Figures:
    met = value >= bound if at_least else value <= bound
    return {"name": name, "value": value, "bound": bound, "at_least": at_least, "met": met}


def render(figures: _Figures) -> str:
    """The report for people."""
    sections = [_opening, _speed, _growth_lines, _rerun, _own_check, _parts, _worker, _memory]
    sections.append(_target_lines)
    return "\n\n".join("\n".join(section(figures)) for section in sections)


def _opening(figures: _Figures) -> Iterator[str]:
    machine, load = figures["machine"], figures["load"]
    yield (
        f"{figures['lessons']} lessons with {figures['checks']} checks, all answers correct, "
        "all marks verified."
    )
    yield f"{machine['cores']} cores of {machine['processor']}, Linux {machine['kernel']}"
    yield ", ".join(f"{name} {machine[name]}" for name in ("python", "numpy", "pytest", "nbgrader"))
    yield (
        f"Load average {load['before']:.1f} before, {load['after']:.1f} after "
        f"{figures['benchmark_seconds']:.0f} s. “Others” is the share of the machine that"
    )
    yield "processes outside the benchmark had meanwhile: figures are good when it is near 0."


def _speed(figures: _Figures) -> Iterator[str]:
    rows = [
        ("SPEED", "students", "runs", "students/s", "s/student", "CPU s/student", "others", "ratio")
    ]
    for tool in [*figures["tools"], figures["classroom"]]:
        ratio = tool.get("grader_is_faster_by")
        rows.append(
            (
                tool["tool"],
                f"{tool['students']:,}",
                f"{tool['runs']}",
                _number(tool["students_per_second"]),
                _number(tool["seconds_per_student"]),
                _number(tool["cpu_seconds_per_student"]),
                f"{tool['others_share']:.0%}",
                "" if ratio is None else f"{ratio:,.0f}x",
            )
        )
    yield from _table(rows)
    yield ""
    yield "Ratio: how many times as fast this grader is, with its largest class. nbgrader autograde"
    yield "is one process, and so is a shell loop. pytest runs without plugins, but in the last"
    yield "line loads those that this environment has, as it does by default. CPU is user"
    yield "and system time of the whole process tree: for this grader, sandbox workers included."
    yield "Start-up of nbgrader: the same command once more, with nothing left to grade."
    yield ""
    pytest = next(tool for tool in figures["tools"] if tool["tool"].startswith("pytest"))
    differing = next(tool for tool in figures["tools"] if tool["tool"].endswith("two alike"))
    ratio = pytest["seconds_per_student"] / differing["seconds_per_student"]
    yield "Answers alike: all hand in the same formula, so a check that passed is not run again on"
    yield "the very same bytes. No two alike: each student's numbers differ in the last bits, every"
    yield f"check runs for everybody, and this grader is {ratio:.0f} times as fast as bare pytest."


def _growth_lines(figures: _Figures) -> Iterator[str]:
    growth = figures["growth"]
    yield "GROWTH"
    yield (
        f"A student of {growth['to_students']:,} costs {growth['percent']:+.1f} % of the time and "
        f"{growth['cpu_percent']:+.1f} % of the CPU of one of {growth['from_students']:,}."
    )


def _rerun(figures: _Figures) -> Iterator[str]:
    rerun = figures["rerun"]
    yield "RERUN"
    yield (
        f"{rerun['students']:,} students of whom nothing has changed: {rerun['seconds']:.2f} s, "
        f"{rerun['cpu_seconds']:.2f} s of CPU"
    )
    yield f"(median of {rerun['runs']}; others had {rerun['others_share']:.0%} of the machine)."


def _parts(figures: _Figures) -> Iterator[str]:
    look = figures["breakdown"]
    total = sum(look["parts_ms"].values())
    title = f"ONE STUDENT, in one process ({look['students']} students)"
    rows = [(title, "ms", "share")]
    rows += [(name, f"{ms:.2f}", f"{ms / total:.0%}") for name, ms in look["parts_ms"].items()]
    rows += [("all, with these clocks running", f"{total:.2f}", "")]
    rows += [("all, without, and no check run again", f"{look['plain_ms']:.2f}", "")]
    rows += [("CPU, trusted process", f"{look['trusted_cpu_ms']:.2f}", "")]
    rows += [("CPU, zygote and workers", f"{look['untrusted_cpu_ms']:.2f}", "")]
    yield from _table(rows)
    yield ""
    yield "With a clock around it, each check runs for everybody; what was passed is known without."
    yield (
        f"A student has {look['workers_per_student']:.1f} workers, "
        f"{look['checks_per_student']:.0f} checks and {look['calls_per_student']:.0f} calls. "
        f"The first one of a process waits {look['first_student_seconds']:.2f} s for a sandbox."
    )


def _own_check(figures: _Figures) -> Iterator[str]:
    own = figures["own_check"]
    rows = [
        (f"OWN LESSON: {own['lesson']}, {own['checks']} checks", "median s", "fastest", "CPU s")
    ]
    for name, key in (("grader check", ""), ("bare pytest, without plugins", "pytest_")):
        median, fastest, cpu = (
            f"{own[key + figure]:.2f}" for figure in ("seconds", "fastest_seconds", "cpu_seconds")
        )
        rows.append((name, median, fastest, cpu))
    yield from _table(rows)
    yield ""
    yield (
        f"{own['turns']} turns each; others had {own['others_share']:.0%} of the machine. "
        f"Ratio of the medians: {own['ratio']:.2f}."
    )


def _worker(figures: _Figures) -> Iterator[str]:
    look = figures["worker"]
    bare = look["bare_fork_ms"]
    rows = [("ONE WORKER, from fork to end", "ms", "start", "end", "over bare fork")]
    rows += [("os.fork of a process with numpy", f"{bare:.2f}", "", "", "")]
    for level in sorted(look["levels"], key=lambda name: float(look["levels"][name]["ms"])):
        times = look["levels"][level]
        over = f"{times['ms'] - bare:+.2f}"
        numbers = (f"{times['ms']:.2f}", f"{times['start_ms']:.2f}", f"{times['end_ms']:.2f}")
        rows.append((f"worker, isolation {level}", *numbers, over))
    yield from _table(rows)


def _memory(figures: _Figures) -> Iterator[str]:
    memory = figures["memory"]
    title = f"PEAK MEMORY while {memory['students']:,} are graded"
    count = memory["trusted_processes"]
    rows = [
        (title, "MB"),
        (f"trusted processes ({count} at most), PSS", _megabytes(memory["trusted_pss_bytes"])),
        ("  of which the command itself", _megabytes(memory["command_pss_bytes"])),
        ("the same, RSS (shared pages count again)", _megabytes(memory["trusted_rss_bytes"])),
        ("zygotes and workers, RSS", _megabytes(memory["untrusted_rss_bytes"])),
    ]
    yield from _table(rows)
    yield ""
    yield (
        f"The largest of {memory['samples']:,} samples, 50 ms apart; taking them cost "
        f"{memory['sampling_cpu_seconds']:.1f} s of CPU."
    )


def _target_lines(figures: _Figures) -> Iterator[str]:
    rows = [("TARGETS", "value", "target", "")]
    for target in figures["targets"]:
        bound = f"{'≥' if target['at_least'] else '≤'} {target['bound']:g}"
        met = "met" if target["met"] else "MISSED"
        rows.append((target["name"], f"{target['value']:,.1f}", bound, met))
    return _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join(cells).rstrip()


def _megabytes(number: int) -> str:
    return f"{number / 1e6:,.0f}"


def _number(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.4f}"
