"""One kind of quotes in messages: names and values are in 'single' ones, as argparse's are.

In double ones is only what somebody says, or what to type: a server's own words, lyrics, a shell command.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "riffusion_tui"
SAID = {"responses.py", "response_body.py", "lyrics.py", "heading_remarks.py", "engine_limits.py"}
"""Modules that quote a server, lyrics, or words for a prompt."""
CODE = {
    "completion.py", "players.py", "batch_table.py", "host.py", "song_page.py",
    "job_table.py", "rescue.py", "row_mapping.py",
}  # fmt: skip
"""Modules that write shell, JSON, HTML or SQL."""
QUOTED = re.compile(r'"\W?\{\}[^"]*"')
COMMAND = re.compile(r'riffusion-tui (?:[\w{}]+ )+"[^"]*"')


def templates(path: Path) -> Iterator[str]:
    """Yield the f-strings of a file, and the screen's texts, with `{}` for each of their values."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if "texts" in path.parts and isinstance(node, ast.Constant):
            yield re.sub(r"\{[^}]*\}", "{}", str(node.value))
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)


def test_names_and_values_are_in_single_quotes() -> None:
    found = {
        f"{path.relative_to(PACKAGE)}: {text}"
        for path in PACKAGE.rglob("*.py")
        if path.name not in SAID | CODE and re.search(r'"\W?\{', path.read_text("utf-8"))
        for text in templates(path)
        if QUOTED.search(COMMAND.sub("", text))
    }
    assert found == set()
