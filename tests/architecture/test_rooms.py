"""Imports between packages point down only, and light modules stay light."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    "distributed",
    "textual",
    "rich",
    "httpx",
    "numpy",
    "starlette",
    "uvicorn",
    "soundfile",
    "pretty_midi",
    "keyring",
)


def loaded_by(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after `code`."""
    shown = "\nimport sys\nprint(*{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code + shown], capture_output=True, text=True, check=True, timeout=60)
    return set(ran.stdout.splitlines()[-1].split())


def test_the_import_contracts_hold() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def heavy_after_each(steps: dict[str, str]) -> dict[str, list[str]]:
    """Run the steps in one fresh interpreter; return what each was the first to load of `HEAVY`, if anything."""
    code = f"""
import json, sys
found, before = {{}}, set()
for name, step in {steps!r}.items():
    exec(step)
    loaded = {{one.partition(".")[0] for one in sys.modules}} & set({HEAVY!r})
    if loaded - before:
        found[name] = sorted(loaded - before)
    before = loaded
print(json.dumps(found))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    found: dict[str, list[str]] = json.loads(ran.stdout)
    return found


def test_heavy_modules_are_found_with_the_step_that_loads_them() -> None:
    steps = {"json": "import json", "httpx": "import httpx", "again": "import httpx"}
    assert [(name, "httpx" in loaded) for name, loaded in heavy_after_each(steps).items()] == [("httpx", True)]


def test_the_core_loads_neither_screen_nor_client_nor_engine() -> None:
    rooms = ("dispatch", "store", "jobs", "config", "services", "services.base", "services.profiles")
    assert heavy_after_each({room: f"import riffusion_tui.{room}" for room in rooms}) == {}


def test_the_services_load_neither_screen_nor_engine() -> None:
    loaded = loaded_by("import riffusion_tui.services.riffusion.client, riffusion_tui.services.asgi_transport")
    assert loaded.isdisjoint(set(HEAVY) - {"httpx", "rich"})  # httpx's own command line imports rich if it's installed
    assert "httpx" in loaded


def test_the_server_loads_neither_screen_nor_client_nor_engine() -> None:
    assert loaded_by("import riffusion_tui.studio.server").isdisjoint(set(HEAVY) - {"starlette"})


def test_every_module_loads_without_the_cluster_extra() -> None:
    code = """
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("distributed", "dask", "tornado"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
import riffusion_tui
for module in pkgutil.walk_packages(riffusion_tui.__path__, "riffusion_tui."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
assert "riffusion_tui.studio.cluster.cluster_renderers" in sys.modules
"""
    assert loaded_by(code).isdisjoint({"distributed", "dask", "tornado", "cryptography"})


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_load_few_modules(argument: str) -> None:
    loaded = loaded_by(f"import riffusion_tui.cli as c; c.main(['{argument}'])")
    assert loaded.isdisjoint({*HEAVY, "sqlite3", "asyncio", "argparse", "logging", "tomllib", "platformdirs"})


def test_command_modules_load_nothing_heavy() -> None:
    commands = ("submit", "batch", "jobs", "work", "cat", "doctor", "settings", "receipt", "cluster")
    parser = "from riffusion_tui.cli.command_table import COMMANDS; COMMANDS['{}'].parser()"
    assert heavy_after_each({command: parser.format(command) for command in commands}) == {}


def test_wiring_the_screen_loads_no_client_server_or_engine() -> None:
    assert loaded_by("import riffusion_tui.cli.wiring.screen_setup").isdisjoint(set(HEAVY) - {"textual", "rich"})
