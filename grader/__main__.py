"""``grader`` and ``python -m grader``: the same."""

from __future__ import annotations

import signal

from grader.signals import end_at_once


def main() -> None:
    """Run the command line. From here on, Ctrl-C and SIGTERM end it without a traceback."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end_at_once)
    from grader.cli import main as command  # noqa: PLC0415  (takes a while)

    command(prog_name="grader")


if __name__ == "__main__":
    main()
