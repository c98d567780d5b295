"""A studio on another machine: the command line offers its features beyond the API."""

from __future__ import annotations

import pytest

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.wiring.screen_setup import prompt_words, understood
from riffusion_tui.cli.wiring.session import open_session
from riffusion_tui.jobs.model import Options
from tests.cli.kit import Call, Program


def test_a_remote_studio_accepts_the_studios_options(call_served: Call) -> None:
    ran = call_served("submit", "one", "--seed", "7", "--tempo", "92", "--length", "20", "--wait")
    assert ran.code == 0, ran.err
    (row,) = call_served("receipt").rows
    assert (row["seed"], row["length"], row["extra"]) == (7, 20.0, {"tempo": "92"})
    assert call_served("again", "1", "--lock", "seed").code == 0
    ran = call_served("edit", "1", "sing")
    assert "it has replace, resize, transpose, swap, mute" in ran.err
    assert call_served("edit", "1", "resize", "length_s=10").code == 0


async def test_prompts_are_analyzed_once_a_remote_studio_is_detected(program: Program) -> None:
    context = CommandContext(program.environ)
    async with open_session(context) as session:
        read = prompt_words(session, context.settings)
        assert read is not None
        assert not read("waltz", Options())
        await session.service.fetch_capabilities()
        assert [word.meaning for word in read("waltz", Options())] == ["waltz"]
        assert [(word.kind, word.meaning) for word in read("plinkity chanson in french", Options())] == [
            ("genre", "folk"),
            ("language", "French"),
            ("ignored", "plinkity"),
            ("limit", "The studio writes lyrics in English only; give French lyrics to have them sung."),
        ]


@pytest.mark.parametrize(
    ("field", "prompt", "limit"),
    [
        (("key", "D major"), "pop in D, in E minor", "The song stays in D major."),
        (("band", "drums=drums, bass=bass, chords=piano"), "pop, no bass", "The locked band keeps the bass."),
        (("key", "X major"), "pop in D, in E minor", "The song stays in E minor."),
        (("tempo", "fast"), "pop in D, in E minor", "The song stays in E minor."),
    ],
)
def test_the_detected_words_respect_the_locks(field: tuple[str, str], prompt: str, limit: str) -> None:
    found = understood(prompt, Options(extra=(field,)))
    assert [word.word for word in found if word.kind == "limit"] == [limit]
