"""Names that Textual looks up as strings: a renamed class would silently lose its style or messages."""

from __future__ import annotations

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import textual.events
import textual.screen
import textual.widgets
from textual.message import Message
from textual.message_pump import MessagePump

import riffusion_tui.tui

ROOM = Path(riffusion_tui.tui.__file__).parent


def _classes() -> dict[str, type]:
    """Return the classes of the package, and those of Textual that it styles."""
    modules = [
        import_module(one.name) for one in pkgutil.walk_packages(riffusion_tui.tui.__path__, "riffusion_tui.tui.")
    ]
    own = {name: held for module in modules for name, held in inspect.getmembers(module, inspect.isclass)}
    return own | {"Screen": textual.screen.Screen, "Input": textual.widgets.Input, "Static": textual.widgets.Static}


def test_every_type_selector_names_a_class() -> None:
    sheets = {file.name: file.read_text("utf-8") for file in (ROOM / "styles").glob("*.tcss")}
    sheets |= {name: held.__dict__.get("DEFAULT_CSS", "") for name, held in _classes().items() if _own(held)}
    unknown = []
    for name, text in sheets.items():
        plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        for selector in re.findall(r"([^{};]+)\{", plain):
            unknown += [(name, word) for word in re.findall(r"(?<![\w.#&-])[A-Z]\w+", selector)]
    assert [one for one in unknown if one[1] not in _classes()] == []


def test_every_handler_method_belongs_to_a_message() -> None:
    messages = {held.handler_name for held in vars(textual.events).values() if _is_message(held)}
    for held in _classes().values():
        messages |= {one.handler_name for one in vars(held).values() if _is_message(one)}
    messages |= {"on_input_changed", "on_input_submitted", "on_event"}
    handlers = {
        (held.__name__, name)
        for held in _classes().values()
        if _own(held) and issubclass(held, MessagePump)
        for name in vars(held)
        if name.startswith("on_") and inspect.isfunction(vars(held)[name])
    }
    assert [one for one in handlers if one[1] not in messages] == []


def _own(held: type) -> bool:
    return held.__module__.startswith("riffusion_tui.tui")


def _is_message(held: object) -> bool:
    return isinstance(held, type) and issubclass(held, Message) and held is not Message
