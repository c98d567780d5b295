from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mido
import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.output.midi import TICKS, channels, write_midi
from riffusion_tui.studio.engine.score import Note, Score, Track
from tests.studio.engine.scores import composed, genres, plan_of


def written(score: Score, folder: Path) -> mido.MidiFile:
    path = folder / "song.mid"
    write_midi(score, path)
    return mido.MidiFile(str(path), charset="utf-8", clip=False)


def spans(track: mido.MidiTrack) -> list[tuple[int, int, int, int]]:
    """(start, end, channel, pitch) of each note; fails if one begins before another of its pitch has ended."""
    now, found = 0, []
    sounding: dict[tuple[int, int], int] = {}
    for message in track:
        now += message.time
        if message.type not in ("note_on", "note_off"):
            continue
        key = (message.channel, message.note)
        if message.type == "note_on" and message.velocity > 0:
            assert key not in sounding
            sounding[key] = now
        else:
            found.append((sounding.pop(key), now, *key))
    assert not sounding
    return found


def test_a_sung_song_has_tempo_tracks_and_lyrics(tmp_path: Path) -> None:
    score = compose(plan_of("pop", 3, key="F#", mode="minor", vocals="female", length_s=60.0))
    file = written(score, tmp_path)
    assert file.type == 1
    assert [track.name for track in file.tracks] == [score.title, *(track.name for track in score.tracks)]
    conductor = file.tracks[0]
    assert next(m for m in conductor if m.type == "set_tempo").tempo == mido.bpm2tempo(score.plan.bpm)
    signature = next(m for m in conductor if m.type == "time_signature")
    assert (signature.numerator, signature.denominator) == (4, 4)
    assert next(m for m in conductor if m.type == "key_signature").key == "F#m"
    assert [m.text for m in conductor if m.type == "marker"] == [section.name for section in score.sections]
    sung = next(track for track in file.tracks if track.name == "Vocals")
    words = "".join(m.text for m in sung if m.type == "lyrics").replace("-", "").split()
    spoken = " ".join(line.text for line in score.lyric_lines).replace("-", "").split()
    assert len(words) == pytest.approx(len(spoken), abs=2)
    assert words[:3] == spoken[:3]
    assert file.length == pytest.approx(score.beats * 60 / score.plan.bpm, abs=0.1)


def test_no_note_overlaps_or_is_empty(tmp_path: Path) -> None:
    for place, genre in enumerate(list(genres())[::7]):
        score = compose(plan_of(genre, place, length_s=24.0, vocals="male" if place % 2 else "none"))
        file = written(score, tmp_path)
        for part, track in zip(file.tracks[1:], score.tracks, strict=True):
            found = spans(part)
            assert len(found) == len(track.notes), (genre, track.name)
            assert all(end > start for start, end, _, _ in found), (genre, track.name)
            on_ten = track.role in ("drums", "percussion")
            assert {channel == 9 for _, _, channel, _ in found} == {on_ten}
            programs = [m.program for m in part if m.type == "program_change"]
            assert programs == [0 if on_ten else track.program]


def test_twenty_parts_share_fifteen_channels() -> None:
    tracks = tuple(Track(str(i), "lead", "piano", i % 17, (Note(0, 1, 60, 0.8),)) for i in range(20))
    found = channels((*tracks, Track("Kit", "drums", "drums", 0, ())))
    assert found[-1] == 9
    assert 9 not in found[:-1]
    assert set(found[:-1]) <= set(range(16))
    assert found[17] == found[0]


def test_notes_that_collide_on_a_tick_are_merged_or_dropped(tmp_path: Path) -> None:
    score = compose(plan_of("pop", 1, length_s=20.0))
    rough = (
        Note(0.0, 2.0, 60, 0.5),
        Note(0.0001, 1.0, 60, 0.9),
        Note(1.0, 1.0, 60, 0.5, "la"),
        Note(3.0, 0.0, 62, 0.5),
        Note(score.beats, 1.0, 64, 0.5),
    )
    file = written(replace(score, tracks=(Track("Rough", "lead", "piano", 0, rough),)), tmp_path)
    found = [(start / TICKS, pitch) for start, _, _, pitch in spans(file.tracks[1])]
    assert found == [(0.0, 60), (1.0, 60), (3.0, 62)]


@pytest.mark.parametrize(
    ("key", "mode", "expected"),
    [
        ("A", "minor", "Am"),
        ("A", "dorian", "Em"),
        ("Db", "major", "Db"),
        ("C#", "phrygian", "F#m"),
        ("E", "phrygian", "Am"),
        ("D", "phrygian dominant", "Gm"),
        ("G", "mixolydian", "C"),
        ("C", "lydian", "G"),
        ("A", "harmonic minor", "Am"),
        ("A", "melodic minor", "Am"),
        ("C", "double harmonic", "C"),
        ("Bb", "blues", "Bb"),
        ("G#", "major", "Ab"),
    ],
)
def test_a_key_signature_has_the_notes_of_the_mode(key: str, mode: str, expected: str, tmp_path: Path) -> None:
    score = replace(compose(plan_of("pop", 3, key=key, mode=mode)), sections=())
    assert [m.key for m in written(score, tmp_path).tracks[0] if m.type == "key_signature"] == [expected]


def test_each_key_change_has_a_signature(tmp_path: Path) -> None:
    score = composed("pop in C major, modulates up to D")
    changed = next(section for section in score.sections if section.lift)
    now, found = 0, []
    for message in written(score, tmp_path).tracks[0]:
        now += message.time
        if message.type == "key_signature":
            found.append((now, message.key))
    assert found == [(0, "C"), (round(changed.start * TICKS), "D")]
