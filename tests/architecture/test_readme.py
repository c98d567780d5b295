"""The README's commands parse, its names exist, its example runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from riffusion_tui.cli.command_table import COMMANDS
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.help import ENVIRONMENT, EXIT_CODES, TOPICS, page
from riffusion_tui.config.settings import specs
from riffusion_tui.studio.queue import cookie_directives
from riffusion_tui.tui.bindings import commands
from tests.cli.server import TOKEN, serving

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = {topic: page(topic) for topic in TOPICS}
TEXT = "\n".join([README, *PAGES.values()])
LINKING = [ROOT / "README.md", ROOT / ".github" / "CONTRIBUTING.md", ROOT / "riffusion_tui" / "README.md"]
SHELL = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
CALLS = [line for line in SHELL if line.startswith("riffusion-tui ")]
CALLS += [
    code
    for code in re.findall(r"`(?:ssh host )?(riffusion-tui [^`]+)`", TEXT)
    if "COMMAND" not in code and " help " not in code
]


def test_every_example_command_parses() -> None:
    parser_of = cache(lambda name: COMMANDS[name].parser())
    wrong = {}
    for call in CALLS:
        words = shlex.split(re.split(r" \\?[|>] ", call)[0])[1:]
        name = "screen" if words[0].startswith("-") else words.pop(0)
        try:
            parser_of(name).parse_args(words)
        except WrongUse as error:
            wrong[call] = str(error)
    assert wrong == {}


def test_every_named_command_exists() -> None:
    named = re.findall(r"`(cancel|hold|release|retry|again|delete|pause|resume|submit|batch|work)`", TEXT)
    assert set(named) <= set(COMMANDS)
    assert len(set(named)) > 8


def test_variables_exit_codes_and_settings_match_the_program() -> None:
    assert set(re.findall(r"RIFFUSION_TUI_\w+", TEXT)) <= set(re.findall(r"RIFFUSION_TUI_\w+", ENVIRONMENT))
    for code, meaning in re.findall(r"^  (\d+)  (.+)$", EXIT_CODES, re.MULTILINE):
        assert f"| {code} | {meaning} |" in PAGES["scripting"]
    keys = set(re.findall(r"`([a-z]+\.[a-z_]+)`", TEXT)) | set(re.findall(r"settings set ([a-z_.]+)", TEXT))
    assert keys <= {spec.key for spec in specs()}
    assert len(keys) > 4


def test_documented_keys_match_the_keymap() -> None:
    keys: dict[str, set[str]] = {}
    for command in commands.COMMANDS:
        keys.setdefault(command.english, set()).update(command.keys.split(","))
    rows = re.findall(r"^\| ((?:`[^`]+` ?)+) \| ([a-z ]+) \| ((?:`[^`]+` ?)+) \| ([a-z ]+) \|$", README, re.MULTILINE)
    assert len(rows) > 10
    for pressed, label in [pair for row in rows for pair in (row[:2], row[2:])]:
        for key in re.findall(r"`([^`]+)`", pressed):
            name = f"ctrl+{key[1:].lower()}" if key.startswith("^") else {"/": "slash"}.get(key, key.lower())
            assert name in keys[label], f"{key} is not {label}"


def test_every_test_cookie_is_documented() -> None:
    assert set(re.findall(r"`studio-test:([a-z-]+)", PAGES["serving"])) == set(cookie_directives.DIRECTIVES)


@pytest.mark.parametrize("file", LINKING, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_relative_link_has_a_target(file: Path) -> None:
    for link in re.findall(r"\]\((?!https?://)([^)#]+)\)", file.read_text("utf-8")):
        assert (file.parent / link).is_file(), link


def test_the_map_shows_the_packages_that_exist() -> None:
    package = ROOT / "riffusion_tui"
    drawn = (package / "README.md").read_text("utf-8").partition("```\n")[2].partition("```")[0]
    named = set(re.findall(r"(?:^| )([a-z_]+(?:/|\.py))(?= |$)", drawn, re.MULTILINE))
    assert named - {path.name if path.is_file() else f"{path.name}/" for path in package.rglob("*")} == set()
    rooms = ("*", "cli/*", "tui/*", "dispatch/*", "studio/*", "studio/engine/*")
    folders = {f"{path.parent.name}/" for room in rooms for path in package.glob(f"{room}/__init__.py")}
    assert (folders | {path.name for path in package.glob("[!_]*.py")}) - named == set()


def test_the_walkthroughs_name_existing_code() -> None:
    overview = (ROOT / "riffusion_tui" / "README.md").read_text("utf-8")
    walks = overview.partition("## Walks through the code\n")[2].partition("\n## ")[0]
    steps = re.findall(r"^\d+\. `([\w/]+\.py)`: ((?:.+\n(?: +.+\n)*))", walks, re.MULTILINE)
    assert len(steps) > 20
    for file, words in steps:
        code = (ROOT / "riffusion_tui" / file).read_text("utf-8")
        for name in re.findall(r"`([A-Za-z_.+]+)`", words):
            assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", code), f"{name} is not in {file}"


def test_help_topics_and_pages_match() -> None:
    assert {path.stem for path in (ROOT / "riffusion_tui" / "topics").glob("*.md")} == set(TOPICS)
    for topic in re.findall(r"riffusion-tui help ([a-z]+)", TEXT):
        assert topic in TOPICS


def test_ci_runs_the_documented_setup() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    (test,) = [line for line in SHELL if line.endswith("pytest")]
    lines = test.replace(".venv", '"$made"/.venv').replace("pip install -e", "pip install --quiet -e").split(" && ")
    assert "\n".join(lines) in script


def test_the_library_example_makes_a_song(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGES["library"], re.DOTALL)
    with serving(tmp_path / "studio") as server:
        environ = {**os.environ, **server.environ()}
        subprocess.run([sys.executable, "-c", example], cwd=tmp_path, env=environ, check=True, timeout=60)
        assert (tmp_path / "song.mp3").stat().st_size > 0
        assert TOKEN not in example
