"""MIDI files bend the notes that slide, as they sound: read with pretty_midi."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mido
import pretty_midi
import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.mix.slides import curve, reached, slides_of
from riffusion_tui.studio.engine.output.midi import channels, write_midi
from riffusion_tui.studio.engine.output.midi_bends import bend_range
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score, Track
from riffusion_tui.studio.engine.song_request import Request

_STEEL = (Note(0.0, 1.0, 60, 0.8), Note(1.0, 2.0, 64, 0.8), Note(4.0, 0.1, 60, 0.8), Note(6.0, 4.0, 67, 0.8))


def _score(*tracks: Track) -> Score:
    return replace(compose(plan(Request("ambient, 60 bpm", seed=1, length_s=20.0, instrumental=True))), tracks=tracks)


def _written(score: Score, folder: Path) -> pretty_midi.PrettyMIDI:
    write_midi(score, folder / "song.mid")
    return pretty_midi.PrettyMIDI(str(folder / "song.mid"))


def _bends(file: pretty_midi.PrettyMIDI, name: str) -> list[tuple[float, int]]:
    (found,) = (one for one in file.instruments if one.name == name)
    return [(one.time, one.pitch) for one in found.pitch_bends]


def _at(bends: list[tuple[float, int]], second: float) -> int:
    return next((pitch for time, pitch in reversed(bends) if time <= second + 1e-4), 0)


@pytest.mark.parametrize("instrument", ["pedal steel", "slide guitar", "theremin", "erhu", "sax", "synth lead"])
def test_the_bends_are_those_that_are_heard(instrument: str, tmp_path: Path) -> None:
    slides = slides_of(instrument, "lead")
    assert slides is not None
    score = _score(Track("Lead", "lead", instrument, 26, _STEEL))
    spb, bends = 60 / score.plan.bpm, _bends(_written(score, tmp_path), "Lead")
    full = bend_range(slides)
    moved = 0
    for note, how in zip(_STEEL, reached(slides, _STEEL, spb), strict=True):
        for second in (0.0, 0.03, 0.06, 0.5, 0.7):
            if second < note.length * spb - 0.02:
                wanted = 0.0 if how is None else float(curve(how, [second])[0])
                moved += wanted != 0
                # Between two events, a slide or vibrato moves on a little.
                assert _at(bends, note.start * spb + second) / 8191 * full == pytest.approx(wanted, abs=0.35 * full / 2)
        assert _at(bends, (note.start + note.length) * spb) == 0 or note is _STEEL[0]
    assert moved


def test_the_range_is_set_before_the_first_note(tmp_path: Path) -> None:
    write_midi(_score(Track("Lead", "lead", "theremin", 26, _STEEL)), tmp_path / "song.mid")
    track = mido.MidiFile(tmp_path / "song.mid").tracks[1]
    controls = [(m.control, m.value) for m in track if m.type == "control_change" and m.control != 10]
    assert controls == [(101, 0), (100, 0), (6, 12), (38, 0), (101, 127), (100, 127)]
    types = [m.type for m in track if m.type in ("control_change", "note_on", "pitchwheel")]
    assert types.index("note_on") > types.index("control_change") + 5


def test_no_other_track_is_on_the_channel_of_one_that_bends() -> None:
    for count in (1, 5, 20):
        plain = [Track(str(i), "chords", "piano", i % 3, _STEEL) for i in range(count)]
        bent = [Track(f"bent {i}", "lead", "pedal steel", 26, _STEEL) for i in range(3)]
        found = channels((*plain[:3], *bent, *plain[3:]))
        own = found[len(plain[:3]) : len(plain[:3]) + 3]
        assert len(set(own)) == 3
        assert all(found.count(channel) == 1 for channel in own)
        assert 9 not in found


def test_tracks_that_have_to_share_a_channel_have_no_bends(tmp_path: Path) -> None:
    score = _score(*(Track(f"steel {i}", "lead", "pedal steel", 26, _STEEL) for i in range(18)))
    file = _written(score, tmp_path)
    shared = [channel for channel in channels(score.tracks) if channels(score.tracks).count(channel) > 1]
    assert shared
    bent = [bool(_bends(file, track.name)) for track in score.tracks]
    assert [not one for one in bent] == [channel in shared for channel in channels(score.tracks)]


def test_notes_that_sound_together_are_not_bent(tmp_path: Path) -> None:
    both = (Note(0.0, 3.0, 60, 0.8), Note(0.5, 3.0, 64, 0.8), Note(3.0, 0.8, 66, 0.8))
    assert _bends(_written(_score(Track("Lead", "lead", "pedal steel", 26, both)), tmp_path), "Lead") == []


def test_a_legato_note_does_not_end_the_slide_of_the_next(tmp_path: Path) -> None:
    legato = (Note(0.0, 1.02, 60, 0.8), Note(1.0, 2.0, 64, 0.8))
    bends = _bends(_written(_score(Track("Lead", "lead", "pedal steel", 26, legato)), tmp_path), "Lead")
    sliding = [pitch for time, pitch in bends if 1.0 < time < 1.19]
    assert 0 not in sliding
    assert sliding[0] < -5000


@pytest.mark.parametrize("prompt", ["country ballad with pedal steel", "slide guitar blues", "theremin solo"])
def test_a_songs_bends_end_with_its_notes(prompt: str, tmp_path: Path) -> None:
    score = compose(plan(Request(prompt, seed=1, length_s=40.0)))
    file = _written(score, tmp_path)
    names = [track.name for track in score.tracks if slides_of(track.instrument, track.role)]
    assert any(_bends(file, name) for name in names)
    for found in file.instruments:
        assert not found.pitch_bends or found.name in names
        assert not found.pitch_bends or found.pitch_bends[-1].pitch == 0
