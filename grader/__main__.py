"""``grader`` and ``python -m grader``: the same."""

from __future__ import annotations

import atexit
import signal

from grader.signals import end_at_once

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Run the command line. From here on, Ctrl-C and SIGTERM end it without a traceback."""
    # Registered first, so run last: when Python ends, it would let a signal kill this program.
    atexit.register(_ignore_signals)
    for number in _SIGNALS:
        signal.signal(number, end_at_once)
    from grader.cli import main as command  # noqa: PLC0415  (takes a while)

    command(prog_name="grader")


def _ignore_signals() -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    main()
