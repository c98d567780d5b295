"""Textual's private names are few, in one module, and never overridden by accident."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import textual

import riffusion_tui.tui

ROOM = Path(riffusion_tui.tui.__file__).parent
HOME = "textual_private.py"
"""The one module that may use them."""
MAX_NAMES = 10

Scope = ast.FunctionDef | ast.AsyncFunctionDef


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def own_names(body: ast.ClassDef) -> set[str]:
    """Return the private names that a class defines: in its body, or on `self` in its methods."""
    found = {node.name for node in body.body if isinstance(node, Scope)}
    for node in body.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {one.id for one in targets if isinstance(one, ast.Name)}
    for inner in ast.walk(body):
        if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store) and is_self(inner.value):
            found.add(inner.attr)
    return {name for name in found if is_private(name)}


def is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


@cache
def textual_classes() -> dict[str, set[str]]:
    """Return the private names of each of Textual's classes, by the class's module and name."""
    home = Path(textual.__file__).parent
    found: dict[str, set[str]] = {}
    for path in home.rglob("*.py"):
        module = ".".join(("textual", *path.relative_to(home).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[f"{module}.{node.name}"] = own_names(node)
    return found


@cache
def classes_of_the_room() -> dict[str, type]:
    modules = [
        import_module(one.name) for one in pkgutil.walk_packages(riffusion_tui.tui.__path__, "riffusion_tui.tui.")
    ]
    return {held.__qualname__: held for one in modules for _, held in inspect.getmembers(one, inspect.isclass)}


def names_of_bases(name: str) -> set[str]:
    """Return the private names that a class of the room inherits from Textual."""
    held = classes_of_the_room().get(name)
    bases = held.__mro__ if held is not None else ()
    return set().union(*(textual_classes().get(f"{one.__module__}.{one.__name__}", set()) for one in bases))


def used_in(tree: ast.Module) -> Iterator[str]:
    """Return the private names of Textual that a module overrides, calls, sets or imports."""
    own: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            own |= own_names(node)
            inherited = names_of_bases(node.name)
            yield from own_names(node) & inherited
            yield from {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)} & inherited
    known = set().union(*textual_classes().values()) - own
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and not is_self(node.value) and node.attr in known:
            yield node.attr
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "textual":
            parts = [*(node.module or "").split("."), *(one.name for one in node.names)]
            yield from filter(is_private, parts)
        elif isinstance(node, ast.Import):
            parts = [part for one in node.names if one.name.startswith("textual.") for part in one.name.split(".")]
            yield from filter(is_private, parts)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("attr"):
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and one.value in known)


def used() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(ROOM.rglob("*.py")):
        for name in used_in(ast.parse(path.read_text("utf-8"))):
            found[str(path.relative_to(ROOM))].add(name)
    return dict(found)


def test_private_names_are_found_in_every_form() -> None:
    source = """
import textual._loop
from textual._compositor import Compositor
from textual.screen import _ScreenThing
class RiffusionApp:
    def _fatal_error(self): self._close_messages_no_wait()
    def _own_name(self): self._owner._driver
def f(app):
    app._batch_count
    getattr(app, "_closed")
    app._made_up
"""
    assert set(used_in(ast.parse(source))) == {
        *("_loop", "_compositor", "_ScreenThing", "_fatal_error", "_close_messages_no_wait"),
        *("_driver", "_batch_count", "_closed"),
    }  # fmt: skip


def test_textuals_private_names_are_few_and_in_one_module() -> None:
    found = used()
    assert set(found) <= {HOME}
    assert len(found[HOME]) <= MAX_NAMES
