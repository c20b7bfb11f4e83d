"""Which module of the engine imports which, read from the sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from places import REPOSITORY


def module_name(path: Path) -> str:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted((REPOSITORY / "grader").rglob("*.py"))}


def imported_by(module: str) -> Iterator[str]:
    """Every module that a module imports, wherever in its text, by its full name."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*above, *filter(None, [node.module])]) if node.level else node.module
            assert base is not None
            for alias in node.names:
                name = f"{base}.{alias.name}"
                yield name if name in MODULES else base


@cache
def module_imports() -> Mapping[str, list[str]]:
    """Each module with what it imports, sorted; read when a test asks, not in every worker."""
    return {module: sorted(set(imported_by(module))) for module in MODULES}


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)
