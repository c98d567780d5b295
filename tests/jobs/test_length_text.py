"""One reading of a time as people write it, for the screen, batch files, the command line, filters and edits."""

from __future__ import annotations

import json

import pytest

from riffusion_tui.jobs.batch_file import parse
from riffusion_tui.jobs.errors import BatchError
from riffusion_tui.jobs.filter import FilterError, compile_filter
from riffusion_tui.jobs.length_text import seconds_of
from riffusion_tui.jobs.model import Options

WRONG = [
    "2:75",
    "2:60",
    "1:-30",
    "-1:30",
    "1:5",
    "1:005",
    "1:2:30",
    "1:60:00",
    "1:",
    ":30",
    "1:30:",
    "2:xx",
    "",
    "nan",
    "1e3",
    "١:٣٠",
]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90.0), ("90.5", 90.5), ("150s", 150.0), (" 150 s ", 150.0), ("0:05", 5.0), ("2:30", 150.0),
        ("2:30.5", 150.5), ("75:00", 4500.0), ("00:02:30", 150.0), ("1:05:30", 3930.0),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="seconds, or minutes and seconds such as 2:30"):
        seconds_of(text)


@pytest.mark.parametrize("text", [text for text in WRONG if text])
@pytest.mark.parametrize("kind", ["json", "toml", "csv", "yaml"])
def test_a_batch_file_refuses_what_is_no_time(kind: str, text: str) -> None:
    files = {
        "json": json.dumps([{"prompt": "lofi", "length": text}]),
        "toml": f'[[prompts]]\nprompt = "lofi"\nlength = "{text}"\n',
        "csv": f"prompt,length\nlofi,{text}\n",
        "yaml": f"- prompt: lofi\n  length: '{text}'\n",
    }
    with pytest.raises(BatchError, match="length must be seconds, or minutes and seconds such as 2:30, not"):
        parse(files[kind], kind, Options())


@pytest.mark.parametrize("text", ["2:75", "1:5", "2:00-2:75"])
def test_a_filter_refuses_what_is_no_time(text: str) -> None:
    with pytest.raises(FilterError, match="length: takes 180, 2:30"):
        compile_filter(f"length:{text}", 0.0)
