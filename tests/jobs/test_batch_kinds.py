"""Files of prompts as common tools write them are detected and parsed."""

from __future__ import annotations

import pytest

from riffusion_tui.clean import decoded
from riffusion_tui.jobs.batch_file import parse
from riffusion_tui.jobs.batch_kind import BatchKind, kind_of
from riffusion_tui.jobs.errors import BatchError
from riffusion_tui.jobs.matrix import count, expand
from riffusion_tui.jobs.model import Options

THIRTY = "".join(f"prompt number {n}, lofi\n" for n in range(1, 31))


@pytest.mark.parametrize(
    ("ending", "text", "kind"),
    [
        ("txt", THIRTY, BatchKind("lines", "one per line", is_sure=False)),
        ("txt", "# mine\nlofi\nhouse\n", BatchKind("lines", "one per line", is_sure=False)),
        ("txt", "lofi\n\nhouse\n", BatchKind("txt")),
        ("txt", "lofi\nhouse\n---\njazz", BatchKind("txt")),
        ("txt", "lofi", BatchKind("txt")),
        ("txt", "", BatchKind("txt")),
        ("txt", "{lofi|house} rain", BatchKind("txt")),
        ("md", "- lofi\n- house\n", BatchKind("lines", "in a list")),
        ("", "1. lofi\n2. house\n", BatchKind("lines", "in a list")),
        ("", "- prompt: lofi\n- prompt: house\n", BatchKind("yaml", "in a list")),
        ("", "- prompt: lofi\n  takes: 2\n", BatchKind("yaml", "in a list")),
        ("", "prompts:\n- lofi\n", BatchKind("yaml", "in a list")),
        ("", "prompt,takes\nlofi,2\n", BatchKind("csv", "in a table")),
        ("txt", "sep=;\nPrompt;Takes\nlofi;2\n", BatchKind("csv", "in a table")),
        ("", "prompt\nlofi\n", BatchKind("csv", "in a table")),
        ("", '["lofi"]', BatchKind("json", "as JSON")),
        ("", '[\n"lofi"]', BatchKind("json", "as JSON")),
        ("", '{"prompt": "lofi"}', BatchKind("json", "as JSON")),
        ("", '{"prompt": "lofi"}\n{"prompt": "house"}', BatchKind("jsonl", "as JSON")),
        ("json", '{"prompt": "lofi"}\n{"prompt": "house"}', BatchKind("jsonl")),
        ("json", '{"prompt": "lofi"}', BatchKind("json")),
        ("json", '{\n"prompts": []}', BatchKind("json")),
        ("json", '[["lofi"]]', BatchKind("json")),
        ("txt", "[Verse]\nla la\n\n[Chorus]\nla", BatchKind("txt")),
        ("", '[[prompts]]\nprompt = "lofi"', BatchKind("toml", "as TOML")),
        ("tsv", "", BatchKind("csv")),
        ("yml", "", BatchKind("yaml")),
        ("ndjson", "", BatchKind("jsonl")),
    ],
)
def test_the_format_of_a_text_is_detected(ending: str, text: str, kind: BatchKind) -> None:
    assert kind_of(ending, text) == kind


def prompts(text: str, kind: str) -> list[tuple[str, int, float | None]]:
    return [(one.prompt, one.takes, one.options.length_s) for one in parse(text, kind, Options())]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            'prompt;takes;instrumental\n"lofi, warm";2;true\nhouse;1;false\n',
            [("lofi, warm", 2, None), ("house", 1, None)],
        ),
        ("prompt\ttakes\nlofi, warm\t2\n", [("lofi, warm", 2, None)]),
        ("Prompt,Takes,Instrumental\nlofi,2,TRUE\n", [("lofi", 2, None)]),
        ("prompt, takes, instrumental\nlofi, 2, true\n", [("lofi", 2, None)]),
        ("prompt,takes,,\nlofi,2,,\n,,,\n,,,\n", [("lofi", 2, None)]),
        ("sep=;\r\nprompt;takes\r\nlofi;2\r\n", [("lofi", 2, None)]),
        ("\ufeffprompt,takes\nlofi café,2\n", [("lofi café", 2, None)]),
        (
            "prompt,length\nlofi,2:30\nlofi,00:02:30\nlofi,150\nlofi,150s\n",
            [("lofi", 1, 150.0)] * 4,
        ),
        ("\n\nprompt,takes\n\nlofi,2\n", [("lofi", 2, None)]),
    ],
)
def test_spreadsheet_tables_are_parsed(text: str, read: list[tuple[str, int, float | None]]) -> None:
    assert prompts(text, "csv") == read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('prompt,takes\n"two\nlines",2\n\nlofi,many\n', "line 5: takes"),
        ("sep=;\nprompt;takes\nlofi;many\n", "line 3: takes"),
        ("prompt,notes,takes\nlofi,my note,2\n", "line 1: unknown field 'notes'"),
        ("prompt,takes\nlofi,2,3\n", "line 2: more values"),
        ("prompt,\nlofi,2\n", "line 2: value in a column without a name"),
        ("takes\n2\n", "including `prompt`"),
        ("", "including `prompt`"),
        ('prompt\n"lofi', "invalid CSV"),
        ("prompt,length\nlofi,2:xx\n", "line 2: length"),
        ("prompt,Prompt\nlofi,house\n", "line 1: column 'prompt' appears twice"),
    ],
)
def test_errors_in_tables_name_the_line(text: str, expected: str) -> None:
    with pytest.raises(BatchError, match=expected):
        parse(text, "csv", Options())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("- prompt: lofi\n- prompt: house\n", [("lofi", 1, None), ("house", 1, None)]),
        ("# mine\nprompts:\n- lofi  # soft\n\n- 'it''s'\n- \"a\\tb\"\n",
         [("lofi", 1, None), ("it's", 1, None), ("a\tb", 1, None)]),
        ("- prompt: lofi\n  takes: 2\n  length: 30\n  title:\n", [("lofi", 2, 30.0)]),
    ],
)  # fmt: skip
def test_yaml_lists_are_parsed(text: str, read: list[tuple[str, int, float | None]]) -> None:
    assert prompts(text, "yaml") == read


@pytest.mark.parametrize(
    "text",
    ["key: value\n", "- |\n  lofi\n", "- 'open\n  x: y\n", '- "\\q"\n', "- '\n", "- lofi\nx: 1\n", "- a\n  b c\n"],
)
def test_yaml_that_is_not_a_plain_list_is_refused(text: str) -> None:
    with pytest.raises(BatchError, match="line"):
        parse(text, "yaml", Options())


def test_list_markers_and_comments_are_stripped() -> None:
    assert prompts("# mine\n- lofi\n* house\n3) jazz\n\n#1 hit\n", "lines") == [
        (text, 1, None) for text in ("lofi", "house", "jazz", "#1 hit")
    ]
    assert prompts("# mine\nlofi\n# no\n\nhouse\n", "txt") == [("lofi", 1, None), ("house", 1, None)]
    assert [one.prompt for one in parse(THIRTY, "lines", Options())] == THIRTY.splitlines()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_sets_the_encoding(encoding: str) -> None:
    text = "lofi\nSchwarzwälder 夜"
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert decoded(mark + text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("{{a|b}|c}", ["a", "b", "c"]),
        ("{{a|b} x|c} {1|2}", ["a x 1", "a x 2", "b x 1", "b x 2", "c 1", "c 2"]),
        ("{a{b|c}", ["{ab", "{ac"]),
        ("{x|{y}|z}", ["x", "{y}", "z"]),
        ("{{ | }|a}", ["a"]),
        ("{" * 60 + "a|b" + "}" * 60, ["{" * 60 + "a|b" + "}" * 60]),
    ],
)
def test_braces_can_be_nested(text: str, prompts: list[str]) -> None:
    assert [one.text for one in expand(text)] == prompts
    assert count(text).prompts == len(prompts)
