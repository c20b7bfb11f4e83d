"""What Gradescope takes as results, as its documents have it."""

from __future__ import annotations

from typing import Any, Final

TEST_FIELDS: Final = {
    "name": str, "name_format": str, "number": str, "score": float, "max_score": float,
    "output": str, "output_format": str, "visibility": str, "status": str,
}  # fmt: skip


def assert_gradescope(document: dict[str, Any]) -> None:
    assert set(document) == {
        "score", "output", "output_format", "visibility", "stdout_visibility", "tests",
    }  # fmt: skip
    assert document["visibility"] == "visible"
    assert document["stdout_visibility"] == "hidden"
    for test in document["tests"]:
        assert all(isinstance(value, TEST_FIELDS[key]) for key, value in test.items())
        assert TEST_FIELDS.keys() - test.keys() <= {"status"}
        assert test.get("status", "passed") in {"passed", "failed"}
        assert test["output_format"] == "text"
