"""TOML that a person may have written."""

from __future__ import annotations

import tomllib

import pytest

from riffusion_tui.toml_text import MAX_PARTS, read_toml

KEY = ".".join(["a"] * (MAX_PARTS + 1))


@pytest.mark.parametrize(
    "text",
    [
        f"{KEY} = 1",
        f"[{KEY}]",
        f"[[{KEY}]]",
        f"x = {{ {KEY} = 1 }}",
        KEY.replace(".", " . ") + " = 1",
        KEY.replace("a", '"a"') + " = 1",
        KEY.replace("a", "'a'") + " = 1",
    ],
)
def test_a_key_of_many_parts_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=rf"^a key has more than {MAX_PARTS} parts \(at line 4, column \d+\)$"):
        read_toml(f"s = '''\n#\n'''\n{text}\n")


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "0x" + "f" * 5000])
def test_a_number_of_many_digits_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match=r"^a number has too many digits \(at line 2, column \d+\)$"):
        read_toml(f"# {number}\nx = {number}\n")


@pytest.mark.parametrize(
    "text",
    [
        f"x = '{KEY} = 1'",
        f'x = "\\"{KEY} = 1"',
        f'x = """{KEY} = 1\\"""" # {KEY}',
        f'x = """\n"" {KEY} = 1"""""\ny = 1',
        f"x = '''\n'' {KEY} = 1'''''\ny = 1",
        f"x = 'a'\n#{KEY} = 1",
        f"x = '{'9' * 5000}'",
        "x = [" + "1.5, " * 100 + "]",
        "a" * 2000 + " = 1",
    ],
)
def test_dots_and_digits_in_strings_are_text(text: str) -> None:
    assert read_toml(text) == tomllib.loads(text)
