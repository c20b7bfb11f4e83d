"""At which checks a mistake is named, and which only build on them."""

from __future__ import annotations

from dataclasses import dataclass

from grader.diagnosis.failure_causes import FailureCauses
from grader.diagnosis.mistakes import Mistake
from grader.results import CheckResult, Status

READS_AHEAD = Mistake("reads-ahead", "tokens that read ahead", ("What?", "Where?", "How?"))


@dataclass(frozen=True)
class Version:
    mistake: Mistake
    breaks: frozenset[str]


def failed(name: str) -> CheckResult:
    return CheckResult(name, f"{name}.", Status.FAILED, 0.0, 1.0)


def test_a_mistake_is_named_at_all_checks_of_the_function_that_makes_it() -> None:
    version = Version(READS_AHEAD, frozenset({"block", "generate"}))
    called = {"past": ["block"], "values": ["norm", "mlp", "block"], "words": ["generate"]}
    causes = FailureCauses(
        ["norm", "mlp", "block", "generate"],
        called,
        [failed(name) for name in called],
        {"block": [version], "generate": [version]},
        lambda _: called,
    )
    assert causes.makers == ["block"], "not norm, which a check only calls as well"
    named = {name for name, result in causes.results.items() if result.misconception}
    assert named == {"past", "values"}
    assert causes.results["words"].status is Status.SKIPPED
    assert "past." in str(causes.results["words"].message)
