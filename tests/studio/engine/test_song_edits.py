"""Edits of songs keep every note outside the edit."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from riffusion_tui.studio.engine.edit_check import check_edit
from riffusion_tui.studio.engine.engine_errors import EngineError
from riffusion_tui.studio.engine.locks import parse_band
from riffusion_tui.studio.engine.score import Note, Score
from riffusion_tui.studio.engine.score_edits import score_of
from riffusion_tui.studio.engine.song_request import Request, SongEdit

_REQUESTS = (
    Request("k-pop song about a distant lover, 90 seconds", seed=3),
    Request("death metal about taxes, 1 minute", seed=4),
    Request("string quartet, sad, 1 minute", seed=5),
    Request("country waltz with fiddle and banjo", seed=7, length_s=70.0),
    Request("techno, instrumental, 1 minute", seed=6),
)


@cache
def song(place: int) -> Score:
    return score_of(_REQUESTS[place])


def edited(place: int, *edits: SongEdit) -> Score:
    return score_of(replace(_REQUESTS[place], edits=edits))


def outside(notes: tuple[Note, ...], start: float, end: float) -> list[Note]:
    return [note for note in notes if not start - 0.12 <= note.start < end - 0.12]


@pytest.mark.parametrize("place", range(len(_REQUESTS)))
def test_regenerating_a_section_keeps_all_others(place: int) -> None:
    before = song(place)
    index = len(before.sections) // 2
    start, end = before.sections[index].start, before.sections[index + 1].start
    after = edited(place, SongEdit("replace", section=before.sections[index].name, seed=99))
    assert [(t.name, t.role, t.pan) for t in after.tracks] == [(t.name, t.role, t.pan) for t in before.tracks]
    for then, now in zip(before.tracks, after.tracks, strict=True):
        assert outside(then.notes, start, end) == outside(now.notes, start, end)
    inside = [[n for t in score.tracks for n in t.notes if start <= n.start < end - 0.12] for score in (before, after)]
    assert inside[0] != inside[1]
    assert len(inside[1]) > 8
    assert (after.lyrics, after.title, after.beats) == (before.lyrics, before.title, before.beats)
    assert [c for c in after.chords if not start <= c.start < end] == [
        c for c in before.chords if not start <= c.start < end
    ]


def test_a_regenerated_section_depends_on_the_seed() -> None:
    name = song(0).sections[3].name
    first, same, other = (edited(0, SongEdit("replace", section=name, seed=seed)) for seed in (1, 1, 2))
    assert first == same
    assert first.tracks != other.tracks


def test_a_regenerated_section_follows_its_prompt() -> None:
    section = song(0).sections[2]
    end = section.start + section.bars * 4
    quiet = edited(0, SongEdit("replace", section=section.name.upper(), prompt="calm, no drums, with a harp", seed=1))
    harp = next(track for track in quiet.tracks if track.instrument == "harp")
    drums = next(track for track in quiet.tracks if track.role == "drums")
    assert not [n for n in drums.notes if section.start - 0.1 <= n.start < end - 0.2]
    assert not outside(harp.notes, section.start, end)
    assert quiet.sections[2].energy < section.energy


@pytest.mark.parametrize(("place", "key"), [(0, "Eb"), (1, "G#"), (2, "A"), (3, "F")])
def test_transposing_keeps_every_interval(place: int, key: str) -> None:
    before = song(place)
    after = edited(place, SongEdit("transpose", key=f"{key} {before.plan.mode}"))
    assert (after.plan.key, after.plan.mode, after.beats) == (key, before.plan.mode, before.beats)
    moved = {(new.root - old.root) % 12 for old, new in zip(before.chords, after.chords, strict=True)}
    assert len(moved) == 1
    for then, now in zip(before.tracks, after.tracks, strict=True):
        steps = {(b.pitch - a.pitch) % 12 for a, b in zip(then.notes, now.notes, strict=True)}
        assert steps == ({0} if then.role in ("drums", "percussion", "fx") else moved)
        assert [n.start for n in then.notes] == [n.start for n in now.notes]
    back = edited(place, SongEdit("transpose", key=f"{before.plan.key} {before.plan.mode}"))
    assert back.tracks == before.tracks


@pytest.mark.parametrize(
    ("prompt", "key", "shown"),
    [
        ("pop in A minor, 20 seconds", "H#", "C"),
        ("pop in A minor, 20 seconds", "D#", "D#"),
        ("pop in A major, 20 seconds", "D#", "Eb"),
        ("pop in B# minor, 20 seconds", "", "C"),
        ("pop in G# major, 20 seconds", "", "Ab"),
        ("pop in G# minor, 20 seconds", "", "G#"),
    ],
)
def test_a_key_that_nobody_writes_has_its_usual_name(prompt: str, key: str, shown: str) -> None:
    edits = (SongEdit("transpose", key=key),) if key else ()
    assert score_of(Request(prompt, 3, edits=edits)).plan.key == shown


def test_transposed_chord_symbols_are_spelled_in_the_new_key() -> None:
    request = replace(_REQUESTS[2], prompt="string quartet in C minor, sad, 1 minute")
    symbols = {c.symbol for c in score_of(replace(request, edits=(SongEdit("transpose", key="D minor"),))).chords}
    assert any(symbol.startswith("Dm") for symbol in symbols)
    assert not any("#" in symbol for symbol in symbols)


def test_a_tonic_alone_keeps_the_mode() -> None:
    request = Request("pop in E minor, 30 seconds", seed=1)
    before, after = score_of(request), score_of(replace(request, edits=(SongEdit("transpose", key="F"),)))
    assert (after.plan.key, after.plan.mode) == ("F", "minor")
    assert [track.name for track in after.tracks] == [track.name for track in before.tracks]
    assert score_of(replace(request, edits=(SongEdit("transpose", key="F major"),))).plan.mode == "major"


def test_changing_the_mode_keeps_the_form() -> None:
    before = song(0)
    mode = "minor" if before.plan.mode == "major" else "major"
    after = edited(0, SongEdit("transpose", key=f"D {mode}"))
    assert (after.plan.key, after.plan.mode, after.plan.bpm) == ("D", mode, before.plan.bpm)
    assert [s.name for s in after.sections] == [s.name for s in before.sections]
    assert [t.name for t in after.tracks] == [t.name for t in before.tracks]


def test_resizing_keeps_tempo_key_band_and_seed() -> None:
    before, after = song(0), edited(0, SongEdit("resize", length_s=150.0))
    assert abs(after.beats * 60 / after.plan.bpm - 150) < 3
    assert (after.plan.bpm, after.plan.key, after.band) == (before.plan.bpm, before.plan.key, before.band)


@pytest.mark.parametrize(
    ("place", "stem", "instrument"), [(0, "lead", "trumpet"), (2, "Cello", "tuba"), (3, "drums", "drum machine")]
)
def test_swapping_an_instrument_keeps_the_rhythm(place: int, stem: str, instrument: str) -> None:
    before, after = song(place), edited(place, SongEdit("swap", stem=stem, instrument=instrument))
    changed = [pair for pair in zip(before.tracks, after.tracks, strict=True) if pair[0] != pair[1]]
    assert changed
    assert {new.instrument for _, new in changed} == {instrument}
    for old, new in changed:
        assert [(n.start, n.pitch % 12) for n in old.notes] == [(n.start, n.pitch % 12) for n in new.notes]
        assert (new.name, new.role) == (instrument.title(), old.role)
    assert instrument in parse_band(after.band).instruments


def test_muting_a_stem_keeps_every_note_of_the_others() -> None:
    before, after = song(0), edited(0, SongEdit("mute", stem="drums"))
    assert after.tracks == tuple(track for track in before.tracks if track.role != "drums")
    silent = edited(0, SongEdit("mute", stem="Vocals"))
    assert (silent.lyrics, silent.lyric_lines) == ("[Instrumental]", ())
    assert len(silent.tracks) == len(before.tracks) - 1
    assert "drums=" in before.band
    assert "drums=" not in after.band
    assert "vocal=" not in silent.band


def test_edits_can_be_combined() -> None:
    name = song(3).sections[1].name
    after = edited(
        3,
        SongEdit("mute", stem="drums"),
        SongEdit("transpose", key=f"G {song(3).plan.mode}"),
        SongEdit("replace", section=name, seed=5),
        SongEdit("swap", stem="lead", instrument="flute"),
    )
    assert not [t for t in after.tracks if t.role == "drums"]
    assert after.plan.key == "G"
    assert next(t for t in after.tracks if t.role == "lead").instrument == "flute"


@pytest.mark.parametrize(
    ("named", "instrument"),
    [("alto sax", "sax"), (" Double  Bass ", "upright bass"), ("Horns", "brass"), ("soprano sax", "soprano sax")],
)
def test_an_instrument_is_swapped_for_one_that_is_named_as_in_a_prompt(named: str, instrument: str) -> None:
    check_edit(SongEdit("swap", stem="lead", instrument=named), [], [], BAND)
    after = edited(3, SongEdit("swap", stem="lead", instrument=named))
    assert next(track for track in after.tracks if track.role == "lead").instrument == instrument


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (SongEdit("replace", section="Verse 9"), "section: the song has no 'Verse 9'; it has "),
        (SongEdit("mute", stem="Drumms"), "did you mean Drums?"),
        (SongEdit("mute", stem="xyz"), "stem: the song has no 'xyz'; it has "),
        (SongEdit("swap", stem="lead", instrument="flut"), "did you mean flute?"),
        (SongEdit("swap", stem="drums", instrument="flute"), "flute can't play the notes of drums"),
        (SongEdit("swap", stem="Vocals", instrument="flute"), "flute can't play the notes of Vocals"),
        (SongEdit("transpose", key="J"), "key must look like"),
    ],
)
def test_an_impossible_edit_gives_the_reason(edit: SongEdit, expected: str) -> None:
    with pytest.raises(EngineError) as error:
        edited(0, edit)
    assert expected in str(error.value)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (SongEdit("mute"), "stem is required"),
        (SongEdit("replace", section="Verse 9"), "section: the song has no 'Verse 9'; it has Intro, Verse"),
        (SongEdit("mute", stem="Basss"), "did you mean Bass?"),
        (SongEdit("swap", stem="Bass"), "instrument is required"),
        (SongEdit("swap", stem="Bass", instrument="toy piano"), "'toy piano' is unknown"),  # a celesta stands in
        (SongEdit("transpose", key="J"), "key must look like"),
    ],
)
def test_an_edit_is_checked_against_names_without_the_song(edit: SongEdit, expected: str) -> None:
    with pytest.raises(EngineError) as error:
        check_edit(edit, ["Intro", "Verse"], ["Bass", "Drums"])
    assert expected in str(error.value)


BAND = "chords=piano, drums=drums, bass=log drum, lead=acoustic guitar, counter=acoustic guitar, vocal=any"


@pytest.mark.parametrize(
    ("stem", "instrument", "possible"),
    [
        ("Acoustic Guitar", "flute", True),
        ("Log Drum", "flute", True),
        ("Violin 2", "flute", True),
        ("someone", "flute", True),
        ("Drums", "bongos", True),
        ("Drums", "flute", False),
        ("drums", "flute", False),
        ("piano", "drums", False),
        ("Log Drum", "drums", False),
        ("Violin 2", "drums", False),
        ("Vocals", "flute", False),
        ("vocal", "flute", False),
    ],
)
def test_a_swap_is_checked_against_the_band_without_the_song(stem: str, instrument: str, *, possible: bool) -> None:
    edit = SongEdit("swap", stem=stem, instrument=instrument)
    if possible:
        check_edit(edit, [], [], BAND)
        return
    with pytest.raises(EngineError, match=f"{instrument} can't play the notes of {stem}"):
        check_edit(edit, [], [], BAND)


def test_muting_the_only_stem_is_refused_without_the_song() -> None:
    with pytest.raises(EngineError, match="can't be silent"):
        check_edit(SongEdit("mute", stem="piano"), [], ["Piano"])


def test_any_name_is_allowed_if_the_songs_stems_are_unknown() -> None:
    check_edit(SongEdit("mute", stem="Bass"), [], [])
    check_edit(SongEdit("replace", section="Verse"), [], [])
    check_edit(SongEdit("mute", stem="vocal"), ["Intro"], ["Vocals"])


def test_muting_the_last_stem_is_refused() -> None:
    alone = Request("solo violin, 20 seconds", seed=1, locks=_REQUESTS[0].locks)
    stems = {track.name for track in score_of(alone).tracks}
    with pytest.raises(EngineError, match="can't be silent"):
        score_of(replace(alone, edits=tuple(SongEdit("mute", stem=stem) for stem in sorted(stems))))
