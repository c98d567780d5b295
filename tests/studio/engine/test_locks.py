"""Locked properties stay for any prompt; with everything locked, an edited prompt adds to the song."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from riffusion_tui.services.capabilities import EditField
from riffusion_tui.services.riffusion.profile import STUDIO_CAPABILITIES
from riffusion_tui.studio.engine.engine_errors import EngineError
from riffusion_tui.studio.engine.locks import (
    LOCKED_ROLES,
    MODES,
    VOICES,
    LockedBand,
    LockedForm,
    LockedPlayer,
    LockedSection,
    band_text,
    check,
    form_text,
    parse_band,
    parse_form,
    parse_key,
)
from riffusion_tui.studio.engine.score import Score, Track
from riffusion_tui.studio.engine.score_edits import score_of
from riffusion_tui.studio.engine.song_request import Locks, Request, WeightedPrompt
from riffusion_tui.studio.engine.structure_hints import SECTION_KINDS
from riffusion_tui.studio.engine.understand.words.tables import genres
from riffusion_tui.studio.http.operations import OPERATIONS
from tests.studio.engine.test_same_songs import fingerprint

_BASES = (
    "lofi hip hop, rainy night", "jazz trio, slow, in A minor, 92 bpm, 40 seconds", "k-pop song about a distant lover",
    "string quartet, sad, 1 minute", "rock ballad with a guitar solo", "country waltz with fiddle and banjo",
    "a choir sings a hymn, 1 minute", "medley of sea shanties", "techno, instrumental, 1 minute", "ambient, 1 minute",
    "solo piano, nocturne, 50 seconds", "death metal about taxes", "cinematic, only piano and cello, 70 seconds",
)  # fmt: skip
_PROMPTS = (
    "trance, 140 bpm, in F# major", "no drums, no vocals", "a waltz with three accordions", "string quartet",
    "bluegrass, 20 seconds", "", "dark, slow, with a saxophone solo and a drop", "solo harp", "日本の歌 🎵", "choir",
    "jazz in 5/4, starts with solo bass, three minutes", "reggae without guitars, big chorus",
)  # fmt: skip


@cache
def base(prompt: str) -> Score:
    return score_of(Request(prompt, seed=_BASES.index(prompt)))


def everything(score: Score) -> Locks:
    plan = score.plan
    return Locks(plan.prompt, plan.pulse, f"{plan.key} {plan.mode}", score.form, score.band)


def again(score: Score, prompt: str) -> Score:
    """Return the song of another prompt with all of `score` locked, including its lyrics."""
    words = None if score.lyrics == "[Instrumental]" else score.lyrics
    locks = everything(score)
    whole = (WeightedPrompt(prompt),) if words else ()  # as sent with create-compose, which accepts lyrics
    return score_of(
        Request(prompt, seed=score.plan.seed, locks=locks, lyrics=words, lyrics_strength=0.5, prompts=whole)
    )


@pytest.mark.parametrize("prompt", _BASES)
def test_the_same_prompt_with_everything_locked_is_the_same_song(prompt: str) -> None:
    assert fingerprint(again(base(prompt), prompt)) == fingerprint(base(prompt))


def assert_joined(before: Score, after: Score, *names: str) -> list[Track]:
    """Check that a song has kept every note and word of another, and return the tracks of those who joined it."""
    count = len(before.tracks)
    assert after.tracks[:count] == before.tracks
    assert (after.sections, after.chords, after.beats) == (before.sections, before.chords, before.beats)
    assert (after.lyrics, after.lyric_lines, after.title) == (before.lyrics, before.lyric_lines, before.title)
    joined = list(after.tracks[count:])
    assert sorted(track.instrument for track in joined) == sorted(names)
    return joined


@pytest.mark.parametrize("prompt", _BASES)
def test_a_solo_added_to_a_locked_song_is_in_one_section(prompt: str) -> None:
    after = again(base(prompt), f"{prompt}, + trumpet solo")
    (solo,) = assert_joined(base(prompt), after, "trumpet")
    start = next(s.start for s in reversed(after.sections) if s.start <= solo.notes[0].start + 0.2)
    end = next((b.start for a, b in pairwise(after.sections) if a.start == start), after.beats)
    assert all(start - 0.2 <= note.start < end for note in solo.notes)


@pytest.mark.parametrize("seed", [766263532, 1, 2, 3, 4])
@pytest.mark.parametrize("added", [" + trumpet solo", " plus a trumpet solo", " and a trumpet solo"])
def test_a_solo_is_not_what_the_song_is_about(added: str, seed: int) -> None:
    prompt = "jazzy k-pop song about a distant lover"
    before = score_of(Request(prompt, seed=seed))
    assert_joined(before, again(before, prompt + added), "trumpet")


_SOLOS = {
    " + trumpet solo": ("trumpet",), ", + harmonica solo": ("harmonica",), ", with a drum solo": ("drums",),
    ". Add a saxophone solo and a flute solo": ("sax", "flute"), ", + congas solo": ("congas",),
}  # fmt: skip
_OWN_WORDS = "[Verse]\nThe harbor sleeps below the hill\nAnd every boat is still\n\n[Chorus]\nCome home, come home"


@settings(max_examples=30, deadline=None, phases=(Phase.explicit, Phase.generate))
@example("classical guitar", 3, ". Add a saxophone solo and a flute solo", "")
@example("plainchant", 4, ", with a drum solo", "")
@example("plainchant song about a distant lover", 3, ", with a drum solo", "")
@example("blues song about a distant lover", 2, ", + harmonica solo", "")
@example("dixieland", 1, " + trumpet solo", "")
@example("barbershop", 3, ", + congas solo", "")
@example("jazz", 1, ". Add a saxophone solo and a flute solo", _OWN_WORDS)
@given(
    st.builds(str.__add__, st.sampled_from(sorted(genres())), st.sampled_from(("", " song about a distant lover"))),
    st.integers(0, 9),
    st.sampled_from(sorted(_SOLOS)),
    st.sampled_from(("", _OWN_WORDS)),
)
def test_solos_leave_every_note_of_a_locked_song_as_it_is(prompt: str, seed: int, added: str, words: str) -> None:
    whole = (WeightedPrompt(prompt),) if words else ()
    before = score_of(Request(prompt, seed=seed, lyrics=words or None, prompts=whole))
    kept = words or (before.lyrics if before.lyrics != "[Instrumental]" else None)
    whole = (WeightedPrompt(prompt + added),) if kept else ()
    after = score_of(Request(prompt + added, seed=seed, lyrics=kept, prompts=whole, locks=everything(before)))
    joined = assert_joined(before, after, *_SOLOS[added])
    assert all(track.notes for track in joined)


def test_a_drum_solo_is_played_on_drums() -> None:
    before = base("rock ballad with a guitar solo")
    (solo,) = assert_joined(before, again(before, f"{before.plan.prompt}, + drum solo"), "drums")
    assert solo.role == "drums"
    assert {note.pitch for note in solo.notes} <= set(range(35, 60))


def test_a_solo_by_a_member_of_a_locked_band_keeps_the_form() -> None:
    before = score_of(Request("ambient with flute, instrumental, 1 minute", seed=4))
    assert not any(section.kind == "solo" for section in before.sections)
    after = again(before, "ambient with flute, instrumental, 1 minute, flute solo")
    assert after.plan.guests == ("flute",)
    assert [section.name for section in after.sections] == [section.name for section in before.sections]


def test_an_instrument_can_be_added_to_a_locked_band() -> None:
    before = base("lofi hip hop, rainy night")
    after = again(before, "lofi hip hop, rainy night, with strings, harp, congas and saxophone")
    assert after.tracks[: len(before.tracks)] == before.tracks
    assert {track.instrument for track in after.tracks[len(before.tracks) :]} == {"strings", "harp", "congas", "sax"}
    third = again(after, "lofi hip hop, rainy night, with strings, harp, congas and saxophone")
    assert third.band == after.band
    assert {t.instrument for t in third.tracks} == {t.instrument for t in after.tracks}


@settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    st.sampled_from(_BASES),
    st.sampled_from(_PROMPTS),
    st.integers(0, 5),
    st.sets(st.sampled_from(("like", "tempo", "key", "form", "band")), min_size=1),
)
def test_locked_properties_stay_for_any_prompt(prompt: str, other: str, seed: int, kept: set[str]) -> None:
    before = base(prompt)
    full = everything(before)
    locks = replace(Locks(), **{name: getattr(full, name) for name in kept})
    after = score_of(Request(other, seed=before.plan.seed if "like" in kept else seed, locks=locks))
    if "tempo" in kept:
        assert after.plan.pulse == before.plan.pulse
    if "key" in kept:
        assert (after.plan.key, after.plan.mode) == (before.plan.key, before.plan.mode)
    if "form" in kept:
        assert [(s.name, s.kind, s.bars, s.lift) for s in after.sections] == [
            (s.name, s.kind, s.bars, s.lift) for s in before.sections
        ]
        assert after.plan.meter == before.plan.meter
    if "band" in kept:
        then, now = parse_band(before.band), parse_band(after.band)
        # The order is irrelevant: a player who starts alone comes first.
        assert sorted(map(str, now.players)) == sorted(map(str, then.players))
        assert (now.cast, now.vocal) == (then.cast, then.vocal)


def test_given_lyrics_are_sung_completely_with_a_locked_tempo() -> None:
    words = "[Verse]\nThe harbor sleeps below the hill\nAnd every boat is still\n\n[Chorus]\nCome home, come home"
    after = score_of(Request("drum and bass, 2 minutes", seed=4, lyrics=words, locks=Locks(tempo=170.0)))
    assert {line.text for line in after.lyric_lines} == {line for line in words.splitlines() if line and line[0] != "["}


def test_a_song_like_another_keeps_its_genre_unless_one_is_named() -> None:
    prompt = "rainy night, melancholic"
    before = score_of(Request(prompt, seed=11))
    like = Locks(like=prompt)
    assert score_of(Request(f"{prompt}, with fiddle and banjo", seed=11, locks=like)).plan.genre == before.plan.genre
    assert score_of(Request(f"{prompt}, reggae", seed=11, locks=like)).plan.genre == "reggae"


def test_a_form_can_be_written_by_hand() -> None:
    form = "3/4, intro 2, verse=Stanza 8, solo 4:0.9, chorus 8 up 2, ending 2"
    score = score_of(Request("folk", seed=1, locks=Locks(form=form)))
    assert [(s.name, s.bars, s.lift) for s in score.sections] == [
        ("Intro", 2, 0), ("Stanza", 8, 0), ("Solo", 4, 0), ("Chorus", 8, 2), ("Ending", 2, 0),
    ]  # fmt: skip
    assert (score.plan.meter, score.beats, score.form) == ((3, 4), 72.0, form)


def test_a_band_can_be_written_by_hand() -> None:
    band = "drums=drums, bass=bass, chords=piano, lead=violin!, vocal=female"
    score = score_of(Request("pop", seed=1, length_s=40.0, locks=Locks(band=band)))
    assert {"drums", "bass", "piano", "violin", "vocals"} <= {track.instrument for track in score.tracks}
    assert score.plan.vocals == "female"
    piano = score_of(Request("pop, starts with solo piano", seed=1, length_s=40.0, locks=Locks(band=band)))
    assert min(piano.tracks, key=lambda track: track.notes[0].start).instrument == "piano"


@pytest.mark.parametrize(
    ("locks", "expected"),
    [
        (Locks(tempo=301.0), "tempo must be a number from 30 to 300"),
        (Locks(key="J minor"), "key must look like A minor"),
        (Locks(key="A mynor"), "did you mean A minor?"),
        (Locks(form="intro"), "form: 'intro' is not a section"),
        (Locks(form="tune 4"), "form: 'tune 4' is not a section"),
        (Locks(form="verse 2.5, ending 2"), "whole bars"),
        (Locks(form="verse 0"), "whole bars"),
        (Locks(form="verse 8:1.5"), "an energy up to 1"),
        (Locks(form="4/4"), "form must have 1 to 64 sections"),
        (Locks(form="verse 300, ending 101"), "at most 400 bars"),
        (Locks(band="bass=upright bas"), "band: 'upright bas' is unknown; did you mean upright bass?"),
        (Locks(band="piano"), "band: 'piano' is not a player"),
        (Locks(band="only=piano, bass=bass"), "either all with roles or all with only"),
        (Locks(band=",".join(["only=violin"] * 25)), "1 to 24 players"),
    ],
)
def test_an_invalid_lock_names_the_problem(locks: Locks, expected: str) -> None:
    with pytest.raises(EngineError) as error:
        check(locks)
    assert expected in str(error.value)


def test_locks_round_trip_as_text() -> None:
    middle = LockedSection("solo", "Interlude", 4, 0.5, 3)
    sections = (LockedSection("intro", "", 2), middle, LockedSection("ending", "", 2.25))
    assert parse_form(form_text((6, 8), sections)) == LockedForm((6, 8), sections)
    band = LockedBand((LockedPlayer("bass", "bass", True),), guests=("harp",), vocal="choir")
    assert parse_band(band_text(band)) == band
    assert [parse_key(text) for text in ("Am", "f# minor", "B♭", "D dorian")] == [
        ("A", "minor"), ("F#", "minor"), ("Bb", "major"), ("D", "dorian"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("H moll", ("B", "minor")),
        ("h-Moll", ("B", "minor")),
        ("b-Moll", ("Bb", "minor")),
        ("B dur", ("Bb", "major")),
        ("Fis-Dur", ("F#", "major")),
        ("es moll", ("Eb", "minor")),
        ("As", ("Ab", "major")),
        ("Des dorian", ("Db", "dorian")),
        ("B", ("B", "major")),
        ("b flat minor", ("Bb", "minor")),
        ("F sharp", ("F#", "major")),
        ("H# moll", ("C", "minor")),
        ("e#", ("F", "major")),
        ("Fes-Dur", ("E", "major")),
        ("G# major", ("Ab", "major")),
        ("G# minor", ("G#", "minor")),
        ("Des moll", ("C#", "minor")),
        ("B# dorian", ("C", "dorian")),
        ("Cb major", ("Cb", "major")),
    ],
)
def test_german_note_names_and_spelled_out_accidentals_are_read(text: str, key: tuple[str, str]) -> None:
    assert parse_key(text) == key


_FIELDS = (*STUDIO_CAPABILITIES.fields, *(field for edit in STUDIO_CAPABILITIES.edits for field in edit.fields))


@pytest.mark.parametrize("field", [field for field in _FIELDS if field.name == "key"])
def test_the_forms_accept_the_keys_that_the_studio_reads(field: EditField) -> None:
    for text in (
        *(f"G {mode}" for mode in MODES),
        "Am",
        "f#m",
        "Bb",
        "E♭ maj",
        "h-moll",
        "As dur",
        "fis",
        "B flat minor",
    ):
        parse_key(text)
        assert field.allows(text), text
    for text in ("J moll", "A mynor", "minor", "C#b", "F sharpish", "Ds"):
        with pytest.raises(EngineError):
            parse_key(text)
        assert not field.allows(text), text


_LOCK_FIELDS = {field.name: field for field in STUDIO_CAPABILITIES.fields}


@pytest.mark.parametrize("prompt", _BASES)
def test_the_forms_accept_the_forms_and_bands_of_songs(prompt: str) -> None:
    song = everything(base(prompt))
    for name in ("form", "band", "like"):
        assert _LOCK_FIELDS[name].allows(getattr(song, name)), getattr(song, name)


@pytest.mark.parametrize(
    ("name", "read", "good", "bad"),
    [
        (
            "form",
            parse_form,
            ("verse 8", "4/4, intro 4, ending 2.5", " 12/8 ,solo=Interlude 4:0.5,chorus  8 up 2 ", "drop=The  End 8:1"),
            ("", "verse", "verse eight", "4/4", "4/4,", "verse 8,", "3/5, verse 8", "Verse 8", "verse=a=b 8", "hook 8"),
        ),
        (
            "band",
            parse_band,
            (
                "drums=drums",
                "bass = upright bass!, vocal=female",
                "only=violin,only=cello",
                "vocal=any!,guest=flute",
            ),
            ("", "drums", "piano", "drums=drums,", "vocal=none", "tuba=tuba", "drums=a=b", "drums="),
        ),
    ],
)
def test_the_forms_accept_what_the_studio_reads(
    name: str, read: Callable[[str], object], good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    for text in good:
        read(text)
        assert _LOCK_FIELDS[name].allows(text), text
    for text in bad:
        with pytest.raises(EngineError):
            read(text)
        assert not _LOCK_FIELDS[name].allows(text), text


def test_the_forms_name_the_same_words_and_limits_as_the_studio() -> None:
    for kind in SECTION_KINDS:
        assert _LOCK_FIELDS["form"].allows(f"{kind} 4")
    for role in LOCKED_ROLES:
        assert _LOCK_FIELDS["band"].allows(f"{role}=flute")
    for voice in VOICES:
        assert parse_band(f"vocal={voice}").vocal == voice
        assert _LOCK_FIELDS["band"].allows(f"vocal={voice}")
    create = next(operation for operation in OPERATIONS if operation.name == "create_prompt")
    limits = {field.name: field.max_length for field in create.body}
    for name in ("form", "band", "like"):
        assert _LOCK_FIELDS[name].max_length == limits[name]


def test_long_bad_locks_are_refused_quickly() -> None:
    began = time.process_time()
    for name, text in (
        ("form", "verse=" + "1 " * 990),
        ("form", "verse=a    1, " * 140 + "x"),
        ("band", "only=a , " * 220),
    ):
        assert not _LOCK_FIELDS[name].allows(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("C majr", "C major"),
        ("fis minorr", "F# minor"),
        ("a minor key", "A minor"),
        ("H mol", "B minor"),
        ("J moll", ""),
        ("key", ""),
        ("Z", ""),
        ("minor", ""),
        ("X minor", ""),
        ("in C", ""),
        ("do majeur", ""),
        ("C jazz", ""),
    ],
)
def test_a_key_is_suggested_only_if_its_tonic_is_known(text: str, meant: str) -> None:
    with pytest.raises(EngineError) as error:
        parse_key(text)
    assert str(error.value).partition("; ")[2] == (f"did you mean {meant}?" if meant else "")
