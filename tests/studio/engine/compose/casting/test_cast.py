"""The cast that a prompt requests: exactly those players, and a voice only if requested."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.casting.choir_kinds import sings_in_unison
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request

_STRINGS = "violin, violin, viola, cello"
_WINDS = "flute, oboe, clarinet, french horn, bassoon"
_EXACT = [
    ("flute solo", "flute", "none"),
    ("a peaceful flute solo", "flute", "none"),
    ("solo violin", "violin", "none"),
    ("cello solo", "cello", "none"),
    ("solo cello, slow and mournful", "cello", "none"),
    ("sitar solo", "sitar", "none"),
    ("solo sitar raga", "sitar", "none"),
    ("guitar solo", "electric guitar", "none"),
    ("solo acoustic guitar, fingerpicked", "acoustic guitar", "none"),
    ("solo classical guitar", "nylon guitar", "none"),
    ("piano solo", "piano", "none"),
    ("solo piano with female vocals", "piano", "female"),
    ("harp solo, dreamy", "harp", "none"),
    ("saxophone solo at midnight", "sax", "none"),
    ("solo trumpet ballad", "trumpet", "none"),
    ("lone trumpet", "trumpet", "none"),
    ("a solitary oboe", "oboe", "none"),
    ("accordion solo", "accordion", "none"),
    ("flamenco guitar, solo", "nylon guitar", "none"),
    ("spanish classical guitar, tremolo like Recuerdos, solo", "nylon guitar", "none"),
    ("solo cello suite, baroque, Bach-like prelude in G", "cello", "none"),
    ("sad piano ballad, instrumental, solo", "piano", "none"),
    ("free improvisation for saxophone and percussion", "sax, percussion", "none"),
    ("avant-garde composition for prepared piano", "prepared piano", "none"),
    ("harp, solo, gentle", "harp", "none"),
    ("harmonica solo", "harmonica", "none"),
    ("bagpipes solo", "bagpipes", "none"),
    ("solo double bass", "upright bass", "none"),
    ("bass solo", "bass", "none"),
    ("drum solo", "drums", "none"),
    ("solo handpan meditation", "handpan", "none"),
    ("solo organ, bach", "church organ", "none"),
    ("unaccompanied cello suite", "cello", "none"),
    ("unaccompanied violin partita", "violin", "none"),
    ("gentle solo piano piece", "piano", "none"),
    ("a nocturne", "piano", "none"),
    ("violin sonata with piano", "violin, piano", "none"),
    ("sonata for cello and piano", "cello, piano", "none"),
    ("harpsichord suite", "harpsichord", "none"),
    ("guitar etude", "nylon guitar", "none"),
    ("nothing but a cello", "cello", "none"),
    ("only piano", "piano", "none"),
    ("just a piano", "piano", "none"),
    ("piano + cello", "piano, cello", "none"),
    ("piano and a violin", "piano, violin", "none"),
    ("pianno and vilolin", "piano, violin", "none"),
    ("prelude in C major for harpsichord", "harpsichord", "none"),
    ("nur Klavier", "piano", "none"),
    ("ein trauriges Lied über den Regen, nur Klavier und Gesang", "piano", "any"),
    ("nur mit Gitarre und Geige", "acoustic guitar, violin", "none"),
    ("nur mit einer Gitarre", "acoustic guitar", "none"),
    ("piano seulement", "piano", "none"),
    ("solamente guitarra", "acoustic guitar", "none"),
    ("piano only", "piano", "none"),
    ("only drums", "drums", "none"),
    ("drums and bass only", "drums, bass", "none"),
    ("only guitar and bass", "electric guitar, bass", "none"),
    ("just guitar, bass and drums", "electric guitar, bass, drums", "none"),
    ("only strings", "strings", "none"),
    ("flute and harp only", "flute, harp", "none"),
    ("just acoustic guitar and female vocals", "acoustic guitar", "female"),
    ("female singer with just a ukulele", "ukulele", "female"),
    ("just a man and his guitar", "acoustic guitar", "male"),
    ("lonesome slide guitar blues, only one acoustic guitar, no singing", "acoustic guitar, slide guitar", "none"),
    ("violin and piano duo", "violin, piano", "none"),
    ("duo for flute and harp", "flute, harp", "none"),
    ("cello and piano duet", "cello, piano", "none"),
    ("duet between trumpet and piano", "trumpet, piano", "none"),
    ("violin duo", "violin, violin", "none"),
    ("guitar duo", "acoustic guitar, acoustic guitar", "none"),
    ("duet of two pianos", "piano, piano", "none"),
    ("acoustic duo", "acoustic guitar, violin", "none"),
    ("jazz trio", "piano, upright bass, drums", "none"),
    ("jazz trio, no vocals, brushes on the drums, walking bass", "piano, upright bass, drums", "none"),
    ("jazz piano trio", "piano, upright bass, drums", "none"),
    ("jazz guitar trio", "jazz guitar, upright bass, drums", "none"),
    ("drumless jazz trio", "piano, upright bass", "none"),
    ("a woman sings with a jazz trio", "piano, upright bass, drums", "female"),
    ("piano trio in the style of Schubert", "piano, violin, cello", "none"),
    ("string trio", "violin, viola, cello", "none"),
    ("organ trio", "organ, jazz guitar, drums", "none"),
    ("acoustic trio: guitar, violin, cello", "acoustic guitar, violin, cello", "none"),
    ("power trio", "electric guitar, bass, drums", "none"),
    ("a metal power trio", "distorted guitar, bass, drums", "none"),
    ("trio of flute, viola and harp", "flute, viola, harp", "none"),
    ("string quartet", _STRINGS, "none"),
    ("string quartet, allegro", _STRINGS, "none"),
    ("piano quartet", "piano, violin, viola, cello", "none"),
    ("flute quartet", "flute, violin, viola, cello", "none"),
    ("cello quartet", "cello, cello, cello, cello", "none"),
    ("jazz quartet", "piano, upright bass, drums, sax", "none"),
    ("saxophone quartet", "soprano sax, sax, tenor sax, baritone sax", "none"),
    ("quartet of saxophones", "soprano sax, sax, tenor sax, baritone sax", "none"),
    ("jazz quintet", "piano, upright bass, drums, sax, trumpet", "none"),
    ("brass quintet", "trumpet, trumpet, french horn, trombone, tuba", "none"),
    ("woodwind quintet", _WINDS, "none"),
    ("wind quintet", _WINDS, "none"),
    ("piano quintet", f"piano, {_STRINGS}", "none"),
    ("clarinet quintet", f"clarinet, {_STRINGS}", "none"),
    ("quintet for clarinet and strings", f"clarinet, {_STRINGS}", "none"),
    ("string quintet", "violin, violin, viola, viola, cello", "none"),
    ("choir", "choir", "choir"),
    ("sacred choral music for choir", "choir", "choir"),
    ("hymn sung by a choir", "choir", "choir"),
    ("children's choir", "choir", "children"),
    ("chamber choir, latin motet", "choir", "choir"),
    ("gospel choir", "choir", "choir"),
    ("male choir", "male choir", "choir"),
    ("Gregorian chant", "choir", "choir"),
    ("a cappella choir", "choir", "choir"),
    ("a choir sings a christmas carol", "choir", "choir"),
    ("a boys' choir sings in latin", "choir", "children"),
    ("gospel choir with piano", "choir, piano", "choir"),
    ("choir and church organ", "choir, church organ", "choir"),
    ("choir with guitar, folk", "choir, acoustic guitar", "choir"),
    ("gospel choir, organ and claps", "choir, organ, claps", "choir"),
    ("a choir with flute and strings", "choir, flute, strings", "choir"),
    ("a cappella, female vocals", "vocal choir", "female"),
    ("barbershop quartet", "vocal choir", "male"),
    ("vocal trio", "vocal choir", "any"),
    ("a pop ballad for piano and voice", "piano", "any"),
    ("female vocals and piano, heartbreak ballad", "piano", "female"),
    ("voice and guitar", "acoustic guitar", "any"),
    ("harp and female voice, celtic", "harp", "female"),
    ("jazz for voice and double bass", "upright bass", "any"),
    ("soul ballad with piano and voice only", "piano", "any"),
    ("clarinet, violin and piano", "clarinet, violin, piano", "none"),
    ("sad piano and violin, in B minor", "piano, violin", "none"),
    ("two acoustic guitars", "acoustic guitar, acoustic guitar", "none"),
    ("two cellos and piano, slow", "cello, cello, piano", "none"),
    ("3 trombones", "trombone, trombone, trombone", "none"),
    ("two pianos", "piano, piano", "none"),
    ("metal riff only", "distorted guitar", "none"),
    ("presto for piano", "piano", "none"),
    ("adagio for violin and piano", "violin, piano", "none"),
    ("acoustic duo, male and female", "acoustic guitar", "any"),
    ("acoustic duo with male and female singers", "acoustic guitar", "any"),
    ("folk duo, man and woman", "acoustic guitar", "any"),
    ("a husband and wife duo, acoustic guitar", "acoustic guitar", "any"),
    ("just vocals and piano", "piano", "any"),
    ("only voice and guitar", "acoustic guitar", "any"),
]


@cache
def _made(prompt: str) -> Score:
    return compose(plan(Request(prompt, seed=3, length_s=30.0)))


@pytest.mark.parametrize(("prompt", "players", "voice"), _EXACT, ids=[prompt for prompt, *_ in _EXACT])
def test_only_requested_players_play(prompt: str, players: str, voice: str) -> None:
    score = _made(prompt)
    wanted = Counter(players.split(", "))
    assert Counter(score.plan.cast) == wanted
    assert score.plan.vocals == voice
    sung = ("vocal",) if not sings_in_unison(score.plan) else ()
    played = Counter(track.instrument for track in score.tracks if track.role not in sung)
    assert set(played) == set(wanted)
    assert all(played[name] >= count for name, count in wanted.items())
    assert any(track.role == "vocal" for track in score.tracks) == (voice != "none")


@pytest.mark.parametrize(
    "prompt",
    [
        "a rock song with a guitar solo",
        "metal, guitar solo",
        "metal song with a blazing guitar solo",
        "jazz with a saxophone solo",
        "starts with solo piano, then the band comes in",
        "starts with just a ukulele, then a cello, then claps, a man sings",
        "a pop ballad with a string quartet",
        "hip hop beat over a string quartet, drums, synth bass and piano",
        "epic orchestral with choir",
        "gospel song with a choir, organ and drums",
        "gospel, choir, piano and drums",
        "choir and piano, a woman sings lead",
        "pop, piano and choir",
        "christmas song with a choir",
        "choir with distorted guitar",
        "synth-pop duo",
        "a violin concerto",
        "a nocturne with a female singer",
        "progressive rock suite with piano",
        "a male and female duet, country",
        "soul song, backed by a female vocal trio",
        "pop song with piano and vocals",
        "rock song with guitar and vocals",
        "lo-fi hip hop, piano and vocals",
        "piano and vocals over a slow beat",
        "synth and vocals",
        "piano and cello, jazz",
    ],
)
def test_a_soloist_or_ensemble_within_a_song_does_not_replace_the_band(prompt: str) -> None:
    score = _made(prompt)
    assert score.plan.cast == ()
    assert len({track.instrument for track in score.tracks}) > 3


@pytest.mark.parametrize("prompt", ["flute solo", "unaccompanied cello", "solo trumpet"])
def test_a_monophonic_soloist_plays_one_note_at_a_time(prompt: str) -> None:
    (track,) = _made(prompt).tracks
    ends = [note.start + note.length for note in track.notes]
    assert all(after.start >= end - 0.12 for after, end in zip(track.notes[1:], ends, strict=False))
    assert sum(note.length for note in track.notes) > 0.5 * _made(prompt).beats


@pytest.mark.parametrize("prompt", ["string quartet", "woodwind quintet", "saxophone quartet"])
def test_inner_voices_are_between_tune_and_bass_and_differ(prompt: str) -> None:
    tracks = [track for track in _made(prompt).tracks if track.role in ("lead", "counter", "bass")]
    lines = [{(round(note.start, 1), note.pitch) for note in track.notes} for track in tracks]
    for place, line in enumerate(lines):
        for other in lines[place + 1 :]:
            assert len(line & other) < 0.5 * min(len(line), len(other))
    means = {track.role: sum(n.pitch for n in track.notes) / len(track.notes) for track in tracks}
    assert means["bass"] < means["counter"] < means["lead"]


@pytest.mark.parametrize(
    "prompt", ["flute and guitar duo, folk", "duo for cello and piano", "violin and guitar duo, rock"]
)
def test_the_tune_of_a_duo_is_louder_than_its_accompaniment(prompt: str) -> None:
    levels = mixing_for(plan(Request(prompt))).levels
    assert levels["lead"] >= levels["chords"] + 3


def test_what_accompanies_a_singer_is_as_loud_as_in_a_band() -> None:
    sung, played = (mixing_for(plan(Request(prompt))).levels for prompt in ("ballad, piano and voice", "piano duet"))
    assert sung["chords"] == mixing_for(plan(Request("ballad"))).levels["chords"]
    assert played["chords"] < played["lead"]


def test_an_exact_cast_is_not_equalized_to_its_genre() -> None:
    whole, alone = plan(Request("jazz")), plan(Request("jazz trio"))
    assert mixing_for(whole).curve
    assert not mixing_for(alone).curve
    assert not any(mixing_for(alone).tone)


def test_strings_are_equalized_and_choir_chords_are_loudest() -> None:
    assert mixing_for(plan(Request("string quartet"))).curve
    levels = mixing_for(plan(Request("sacred choral music for choir"))).levels
    assert levels["pad"] > max(levels[role] for role in ("lead", "counter", "bass", "vocal"))
    assert any(track.role == "pad" for track in _made("a choir sings a hymn").tracks)


def test_a_choir_sings_in_a_church_and_its_accompaniment_is_softer() -> None:
    alone, usual = mixing_for(plan(Request("gospel choir with piano"))), mixing_for(plan(Request("gospel")))
    assert alone.room > usual.room
    assert alone.bright < usual.bright
    assert alone.levels["pad"] > alone.levels["chords"]
    tracks = _made("choir and church organ").tracks
    assert {track.role for track in tracks if track.instrument == "church organ"} == {"chords"}


@pytest.mark.parametrize(
    ("prompt", "players", "voice"),
    [
        ("very quiet piano and strings", "piano, strings", "none"),
        ("soft acoustic guitar and flute", "acoustic guitar, flute", "none"),
        ("gentle harp lullaby", "harp", "none"),
        ("calm cello with piano", "cello, piano", "none"),
        ("a quiet trumpet", "trumpet, strings", "none"),
        ("soft piano and drums", "piano, drums", "none"),
        ("gentle acoustic guitar, a woman sings", "acoustic guitar", "female"),
    ],
)
def test_a_quiet_prompt_without_a_genre_uses_only_the_named_instruments(prompt: str, players: str, voice: str) -> None:
    plans = [plan(Request(prompt, seed=seed)) for seed in range(100)]
    assert {made.cast for made in plans} == {tuple(players.split(", "))}
    assert {made.vocals for made in plans} == {voice}
    assert not {made.genre for made in plans} & {"pop", "cinematic", "hip hop", "country"}
    tracks = _made(prompt).tracks
    assert {track.instrument for track in tracks if track.role != "vocal"} == set(players.split(", "))


@pytest.mark.parametrize(
    "prompt",
    [
        "quiet jazz with piano",
        "not quiet at all, piano and strings",
        "soft rock with piano",
        "a quiet song with piano",
        "quiet piano, then loud drums",
    ],
)
def test_a_quiet_prompt_with_a_genre_or_band_keeps_the_genres_instruments(prompt: str) -> None:
    assert plan(Request(prompt, seed=3)).cast == ()


def test_a_plain_guitar_in_a_quiet_prompt_is_not_electric() -> None:
    casts = {plan(Request("soft guitar and flute", seed=seed)).cast for seed in range(100)}
    assert casts <= {("acoustic guitar", "flute"), ("nylon guitar", "flute")}


@pytest.mark.parametrize(
    ("prompt", "players", "voice"),
    [
        ("celtic harp lullaby", "harp", "none"),
        ("spanish guitar lullaby", "nylon guitar", "none"),
        ("celtic harp lullaby sung by a woman", "harp", "female"),
    ],
)
def test_a_genre_in_an_instruments_name_adds_no_band_to_a_lullaby(prompt: str, players: str, voice: str) -> None:
    made = plan(Request(prompt))
    assert (made.cast, made.vocals) == ((players,), voice)
    assert made.pulse <= 96


def test_a_lullaby_with_a_genre_is_slow_and_has_its_band() -> None:
    lullabies = [plan(Request("celtic lullaby with harp", seed=seed)) for seed in range(5)]
    tunes = [plan(Request("celtic music with harp", seed=seed)) for seed in range(5)]
    assert all(made.cast == () for made in lullabies)
    assert max(made.pulse for made in lullabies) <= 96 <= min(made.pulse for made in tunes)


@pytest.mark.parametrize("seed", range(8))
def test_a_lullaby_has_no_drums(seed: int) -> None:
    tracks = compose(plan(Request("lullaby", seed=seed, length_s=20.0))).tracks
    assert not [track.name for track in tracks if track.role in ("drums", "percussion")]


@pytest.mark.parametrize(
    "prompt", ["60s pop song", "1960s pop with harmonies", "pop from the 1950s", "60s soul", "70s pop"]
)
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_decade_has_no_instruments_of_a_later_one(prompt: str, seed: int) -> None:
    played = {track.instrument for track in compose(plan(Request(prompt, seed=seed, length_s=60))).tracks}
    assert not played & {"synth pad", "synth", "arp", "synth bass", "drum machine", "vocal chops", "synth brass"}
    assert "70s" in prompt or "synth lead" not in played


@pytest.mark.parametrize(
    ("prompt", "instrument"), [("60s pop with a synth lead", "synth lead"), ("70s electronic music", "synth pad")]
)
def test_a_decade_keeps_machines_that_the_prompt_asks_for(prompt: str, instrument: str) -> None:
    assert instrument in {track.instrument for track in compose(plan(Request(prompt, seed=1, length_s=60))).tracks}


@pytest.mark.parametrize(
    ("prompt", "instrument", "lowest", "highest"),
    [
        # A cello sings below middle C, where nothing else sounds like it; a flute is thin and soft down there.
        ("solo cello, sad", "cello", 48, 62),
        ("sonata for cello and piano", "cello", 48, 62),
        ("viola and piano duet", "viola", 55, 69),
        ("sitar and tabla raga", "sitar", 55, 69),
        ("flute sonata with piano", "flute", 76, 84),
        ("solo classical guitar", "nylon guitar", 52, 68),
        ("jazz guitar trio", "jazz guitar", 54, 70),
    ],
)
def test_an_instrument_plays_the_tune_in_its_own_register(
    prompt: str, instrument: str, lowest: int, highest: int
) -> None:
    pitches = []
    for seed in range(1, 7):
        score = compose(plan(Request(prompt, seed=seed, length_s=30, instrumental=True)))
        pitches += [n.pitch for t in score.tracks if (t.role, t.instrument) == ("lead", instrument) for n in t.notes]
    assert lowest <= sorted(pitches)[len(pitches) // 2] <= highest


@pytest.mark.parametrize(
    ("prompt", "instrument"),
    [
        ("relaxing new age piano", "piano"),
        ("new age harp and synth pads", "harp"),
        ("cinematic score with piano and strings", "strings"),
        ("soul ballad with piano, female vocals", "piano"),
    ],
)
@pytest.mark.parametrize("seed", range(1, 4))
def test_an_instrument_that_the_prompt_names_has_the_tune_or_the_breaks(
    prompt: str, instrument: str, seed: int
) -> None:
    score = compose(plan(Request(prompt, seed=seed, length_s=60)))
    assert {track.instrument for track in score.tracks if track.role == "lead"} == {instrument}
