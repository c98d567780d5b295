"""Modules that are loaded on first use."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from riffusion_tui.lazy_imports import defer


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that isn't loaded yet."""
    (tmp_path / "rarely_used.py").write_text("class Trouble(Exception): ...\nanswer = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "rarely_used", raising=False)
    return "rarely_used"


def test_a_deferred_module_is_loaded_on_first_use(module: str) -> None:
    defer(module)
    imported = importlib.import_module(module)
    assert "answer" not in vars(imported)
    assert imported.answer == 42
    assert importlib.import_module(module) is not imported, "the real module has replaced the placeholder"
    assert imported.Trouble is importlib.import_module(module).Trouble


def test_a_loaded_module_is_not_deferred(module: str) -> None:
    loaded = importlib.import_module(module)
    defer(module)
    assert sys.modules[module] is loaded
