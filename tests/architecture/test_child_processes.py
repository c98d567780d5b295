"""No child process gets a token: every call that starts one passes an explicit environment."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import riffusion_tui
from riffusion_tui.child_environment import child_environment

PACKAGE = Path(riffusion_tui.__file__).parent
STARTS = {"create_subprocess_exec", "create_subprocess_shell", "Popen", "run", "call", "check_call", "check_output"}
TOKENS = {"RIFFUSION_TUI_TOKEN": "canary", "RIFFUSION_TUI_STUDIO_TOKEN": "canary", "RIFFUSION_TUI_TOKEN_FILE": "canary"}


def starts(source: str) -> list[ast.Call]:
    """Return the calls that start a program; each way to do so has this word in its name."""
    if "subprocess" not in source:
        return []
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in STARTS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in ("asyncio", "subprocess")
        and not (call.func.value.id == "asyncio" and call.func.attr == "run")
    ]


def test_every_program_is_started_with_an_explicit_environment() -> None:
    found = 0
    for file in PACKAGE.rglob("*.py"):
        for call in starts(file.read_text("utf-8")):
            found += 1
            given = [ast.unparse(word.value) for word in call.keywords if word.arg == "env"]
            where = f"{file.relative_to(PACKAGE)}:{call.lineno}"
            assert given, f"{where} passes no env="
            assert "environ" in given[0], f"{where}: env={given[0]}"
    assert found >= 5


def test_a_childs_environment_has_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)
    assert "canary" not in child_environment().values()
    assert child_environment({"A": "b", **TOKENS}) == {"A": "b"}
    assert child_environment(TOKENS, is_this_program=True) == TOKENS


def test_the_environment_that_child_processes_inherit_has_no_token() -> None:
    """Python itself starts the renderers; it accepts no environment for them."""
    code = """
import os, subprocess, sys
from riffusion_tui.child_environment import hold_tokens, whole_environment
hold_tokens()
assert whole_environment()["RIFFUSION_TUI_TOKEN"] == "canary"
subprocess.run([sys.executable, "-c", "import os; print([n for n in os.environ if 'I_TOKEN' in n])"])
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **TOKENS}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_the_command_line_removes_tokens_from_the_inherited_environment() -> None:
    code = """
import subprocess, sys
from riffusion_tui.cli import main
sys.argv = ["riffusion-tui", "--version"]
main()
subprocess.run([sys.executable, "-c", "import os; print([n for n in os.environ if 'I_TOKEN' in n])"])
"""
    ran = subprocess.run(
        [sys.executable, "-uc", code], env={**os.environ, **TOKENS}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"
