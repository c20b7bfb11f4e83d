"""One student's program against the checks: run by pytest, told in words."""
