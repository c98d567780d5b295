"""Unusual characters and sizes in batch files: only what a format calls a line break ends a line."""

from __future__ import annotations

import json

import pytest

from tests.cli.kit import Call

BREAKS = ["\u2028", "\u2029", "\x85"]


def prompts(call: Call, kind: str, text: str) -> list[str]:
    """Return the prompts that a batch queues."""
    ran = call("batch", "-", "--kind", kind, stdin=text)
    assert ran.code == 0, ran.err
    return [row["prompt"] for row in call("jobs", "--json").rows][::-1]


@pytest.mark.parametrize("sign", BREAKS)
@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_a_separator_inside_a_json_string_is_valid(call: Call, kind: str, sign: str) -> None:
    entry = json.dumps({"prompt": f"jazz{sign}x"}, ensure_ascii=False)
    assert prompts(call, kind, f"{entry}\n") == ["jazz\nx"]


@pytest.mark.parametrize("sign", [*BREAKS, "\x0b", "\x0c"])
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("csv", "prompt\ttakes\nja{}zz\t1\nfunk\t1\n"),
        ("yaml", "- ja{}zz\n- funk\n"),
        ("csv", "prompt,title{}\nja{}zz,\nfunk,\n"),
    ],
)
def test_a_row_ends_only_at_a_line_break(call: Call, kind: str, text: str, sign: str) -> None:
    text = text.replace("title{}", "title").replace("{}", sign)
    assert prompts(call, kind, text) == ["ja\nzz", "funk"]


def test_a_null_character_separates_words(call: Call) -> None:
    assert prompts(call, "lines", "jazz\0waltz\n") == ["jazz waltz"]


def test_the_true_size_of_a_long_prompt_is_said(call: Call) -> None:
    ran = call("batch", "-", "--kind", "json", stdin=json.dumps([{"prompt": "x" * 3_000_000}]))
    assert (ran.code, "The prompt has 3,000,000 characters" in ran.err) == (2, True), ran.err


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("json", '[{"prompt": "jazz", "prompt": "funk"}]', "The field 'prompt' appears twice in an entry."),
        ("jsonl", '{"prompt": "a"}\n{"prompt": "b", "takes": 1, "takes": 2}\n', "line 2: field 'takes' appears twice."),
    ],
)
def test_a_field_that_appears_twice_is_reported(call: Call, kind: str, text: str, says: str) -> None:
    ran = call("batch", "-", "--kind", kind, stdin=text)
    assert (ran.code, ran.err.strip()) == (2, says)


def test_utf_16_without_a_mark_is_still_read(call: Call) -> None:
    assert prompts(call, "lines", "jazz waltz\n".encode("utf-16-le").decode()) == ["jazz waltz"]
