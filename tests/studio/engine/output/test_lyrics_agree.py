"""LRC, MP3 tags, MIDI events and the song's details have the same words at the same times."""

from __future__ import annotations

import re
from pathlib import Path

import mido
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.output.chordpro import chordpro
from riffusion_tui.studio.engine.output.midi import TICKS, write_midi
from riffusion_tui.studio.engine.output.mp3 import id3
from riffusion_tui.studio.engine.output.synced_lyrics import lrc, timed_lines
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import Request

_WORDS = (
    "love", "forever", "don't", "well-known", "NASA", "FBI", "HEY!", "1999", "2nd", "$5", "3:30,", "R&B", "lo🎶ve",
    "café", "Привет", "雨", "www.example.com", "rock'n'roll", "l'amour", "(oh", "yeah)", "…", "—", "'cause",
    "O'Neil", "4ever", "&",
)  # fmt: skip
_LINE = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=9).map(" ".join)
_BLOCK = st.lists(_LINE, max_size=5).map("\n".join)
_LYRICS = st.lists(
    st.tuples(st.sampled_from(("", "[Verse]\n", "[Chorus]\n", "[Bridge]\n")), _BLOCK).map("".join), max_size=5
)


def check(score: Score, folder: Path) -> None:
    lines = timed_lines(score)
    assert [line.text for line in lines] == [line.text for line in score.lyric_lines]
    for line in lines:
        written = re.sub(r"[\W_]", "", line.text)
        assert re.sub(r"[\W_]", "", "".join(word.text for word in line.words)) == written
        assert all(word.text and word.text.strip() == word.text for word in line.words)
        starts = [word.start for word in line.words]
        assert starts == sorted(starts)
    in_file = [row.partition("]")[2] for row in lrc(score).splitlines() if re.match(r"\[\d\d+:", row)]
    assert in_file == [line.text for line in lines]

    tag = id3({}, lines)
    for line in lines:
        for word in line.words:
            at = round(word.start * 1000).to_bytes(4, "big")
            assert word.text.encode() + b"\0" + at in tag, (word, line.text)

    write_midi(score, folder / "song.mid")
    file = mido.MidiFile(folder / "song.mid", charset="utf-8")
    events: list[tuple[float, str]] = []
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "lyrics":
                events.append((tick / TICKS * 60 / score.plan.bpm, message.text))
    heard = "".join(text for _, text in events)
    assert re.sub(r"-(?! )", "", heard).split() == [word.text for line in lines for word in line.words]
    begun = [at for (at, _), (_, before) in zip(events, [(0.0, " "), *events], strict=False) if before.endswith(" ")]
    words = [word.start for line in lines for word in line.words]
    assert begun == pytest.approx(words, abs=0.01)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_LYRICS.map("\n\n".join), st.integers(0, 99))
def test_random_lyrics_agree_everywhere(tmp_path: Path, lyrics: str, seed: int) -> None:
    check(compose(plan(Request("pop", seed=seed, lyrics=lyrics)), lyrics=lyrics), tmp_path)


@pytest.mark.parametrize(
    "lyrics",
    [
        "la",
        "\n".join(f"line {number} of the song" for number in range(300)),
        "[Verse]\n\n[Chorus]\nla la\n\n[Bridge]\n",
    ],
    ids=["one line", "300 lines", "empty sections"],
)
def test_short_long_and_empty_lyrics_agree_everywhere(tmp_path: Path, lyrics: str) -> None:
    score = compose(plan(Request("pop", seed=1, lyrics=lyrics)), lyrics=lyrics)
    check(score, tmp_path)
    made = SketchEngine().render(score, tmp_path / "song.lrc", "lrc", lambda *_: None, lambda: False)
    assert [line for _, line in made.timed_lyrics] == [line.text for line in score.lyric_lines]
    assert [[word for _, word in words] for words in made.words] == [
        [word.text for word in line.words] for line in timed_lines(score)
    ]


@pytest.mark.parametrize(
    ("prompt", "seed"), [("jazzy k-pop", 2), ("jazzy k-pop", 5), ("pop", 1), ("drum and bass with vocals", 0)]
)
def test_lyrics_call_a_chorus_what_the_sections_call_it(prompt: str, seed: int) -> None:
    score = compose(plan(Request(f"{prompt} song about a distant lover", seed=seed)))
    lead_sheet = chordpro(score)
    for name in ("Chorus", "Drop"):
        shown = f": {name} 1}}" in lead_sheet
        assert (f"[{name}]" in score.lyrics, name) == (shown, name)
    sung = compose(plan(Request(f"{prompt} song", seed=seed, lyrics=score.lyrics)), lyrics=score.lyrics)
    assert score.lyrics.count("[Chorus]") == sung.lyrics.count("[Chorus]")
