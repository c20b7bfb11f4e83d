"""What commands do before they import Jupyter's packages."""

from __future__ import annotations

import sys


def leave_out_address_grammar() -> None:
    """Let jsonschema do without its grammar of addresses, which takes a second to compile.

    jsonschema imports the grammar with all other formats that it can check. nbformat checks
    notebooks with jsonschema, and their schema has no addresses.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
