"""No modules import each other in a circle, not even for type annotations or inside functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def imports(source: str, modules: set[str]) -> Iterator[str]:
    """Yield those of the modules that a file imports anywhere: a module itself, or a name from it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                yield from {f"{node.module}.{name.name}", node.module} & modules
        elif isinstance(node, ast.Import):
            yield from {name.name for name in node.names} & modules


def circle(folder: Path) -> list[str]:
    """Return modules of a package of which each imports the next, and the last the first; empty if there are none."""
    files = {_name(path, folder.parent): path for path in sorted(folder.rglob("*.py")) if path.name != "__init__.py"}
    graph = {name: set(imports(path.read_text("utf-8"), {*files} - {name})) for name, path in files.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _name(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts)


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("from pack.lower import low\n", "from pack.upper import high\n"),
        ("from pack import lower\n", "import pack.upper\n"),
        ("if TYPE_CHECKING:\n    from pack.lower import low\n", "def f():\n    from pack.upper import high\n"),
    ],
)
def test_circles_are_found_in_every_form(tmp_path: Path, upper: str, lower: str) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "upper.py").write_text(upper)
    (folder / "lower.py").write_text("low = 1\n")
    assert circle(folder) == []
    (folder / "lower.py").write_text(lower)
    assert set(circle(folder)) == {"pack.upper", "pack.lower"}


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(ROOT / "riffusion_tui") == []
