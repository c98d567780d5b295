"""Prompts as people type them: the genre, the singer, the players and the tempo that a musician expects."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.singing.manner import manner_of
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request

_ELECTRIC = {"electric guitar", "distorted guitar", "bass", "synth", "synth pad", "synth lead", "vocal chops", "fx"}


def _plan(prompt: str, seed: int = 1) -> Plan:
    return plan(Request(prompt, seed=seed, length_s=30.0))


def _score(prompt: str, seed: int = 1) -> Score:
    return compose(_plan(prompt, seed))


def _band(prompt: str, seed: int = 1) -> set[str]:
    return {track.instrument for track in _score(prompt, seed).tracks if track.role != "vocal"}


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("prog odyssey in 7/8, mellotron, long flute solo, like it's 1973", "progressive rock"),
        ("a prog odyssey about the moon", "progressive rock"),
        ("harpsichord loop over hard trap drums", "trap"),
        ("reggaeton for my cousins quince, everybody has to dance, big beat", "reggaeton"),
        ("rap with a big beat", "hip hop"),
        ("old time country waltz, lady singer, fiddle, sawdust floor", "country"),
        ("old-time fiddle tune", "bluegrass"),
        ("Charleston era dixieland band w clarinet and banjo", "dixieland"),
        ("tabla solo", "indian classical"),
        ("ska! offbeat! trombone! go go go", "ska"),
        ("Cello suite in G major, prelude-like, unaccompanied", "baroque"),
        ("Music for a silent film: pie fight! upright pub piano", "ragtime"),
    ],
)
def test_the_genre_is_the_one_a_musician_expects(prompt: str, genre: str) -> None:
    assert _plan(prompt).genre == genre


@pytest.mark.parametrize(
    ("prompt", "vocals"),
    [
        ("folk ballad, the sailors wife waits, woman alone with acoustic guitar", "female"),
        ("a man alone with his guitar", "male"),
        ("four part chorus and organ", "choir"),
        ("Liebeslied für meine Frau Katrin, Schlager-Pop, Männerstimme, tanzbar", "male"),
        ("bolero para mi abuela, voz de hombre", "male"),
        ("Flamenco with palmas, cajón and a gitana singer", "female"),
        ("Bollywood dance song for Priya and Arjun, dhol, duet", "any"),
        ("soprano and piano duet", "female"),
    ],
)
def test_the_singer_is_the_one_a_musician_expects(prompt: str, vocals: str) -> None:
    assert _plan(prompt).vocals == vocals


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "prompt", ["acoustic indie pop", "pop, acoustic", "acoustic rock ballad", "unplugged grunge", "acoustic pop"]
)
def test_acoustic_music_has_no_machines_and_no_amplifiers(prompt: str, seed: int) -> None:
    band = _band(prompt, seed)
    assert not band & _ELECTRIC
    assert "acoustic guitar" in band or "piano" in band


def test_acoustic_music_keeps_an_electric_instrument_that_the_prompt_names() -> None:
    assert "electric piano" in _band("acoustic soul with electric piano")


def test_music_of_machines_stays_that() -> None:
    assert "synth bass" in _band("acoustic techno")
    assert "synth" in _band("pop with acoustic drums and synths")


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("cello + piano. film scene: the widow folds the uniform", "cello, piano"),
        ("minimalism: two marimbas and a vibraphone phasing", "marimba, marimba, vibraphone"),
        ("gypsy jazz: violin, two guitars, upright bass", "violin, acoustic guitar, acoustic guitar, upright bass"),
        ("punk: 2 distorted guitars, bass, drums", "distorted guitar, distorted guitar, bass, drums"),
        ("slow blues in E, an old mans voice, one guitar, tin roof, rain", "acoustic guitar"),
        ("Geburtstagslied für Uschi, Gitarre und Gesang, sonst nichts", "acoustic guitar"),
        ("voz y guitarra, bolero", "acoustic guitar"),
        ("choir and organ", "choir, church organ"),
    ],
)
def test_a_line_up_is_everyone(prompt: str, players: str) -> None:
    assert ", ".join(_plan(prompt).cast) == players


@pytest.mark.parametrize(
    "prompt",
    [
        "Genre: lofi, Mood: sad, Instruments: piano, vinyl",
        "Instruments: guitar, bass and drums. Genre: rock",
        "pop: piano, strings, female vocals",
        "techno: kick, bass, synth",
        "Guitar and drums! A party song for Tom",
        "my voice, one guitar, two basses and drums",
        "gypsy jazz: violin, guitar solo",
        "a sad tune: about rain, piano and the sea",
    ],
)
def test_keywords_are_no_line_up(prompt: str) -> None:
    assert _plan(prompt).cast == ()


@pytest.mark.parametrize(
    ("prompt", "instrument"),
    [
        ("something between flamenco and techno", "drums"),
        ("funk jam with clav, wah, slap bass and a horn section", "wah guitar"),
        ("Eine Fanfare für die Olympiade, Blechbläser und Pauken", "timpani"),
        ("Ein Kinderchor singt vom Nikolaus, mit Blockflöte und Glockenspiel", "recorder"),
        ("something brazilian with cavaquinho, surdo and tamborim", "cavaquinho"),
    ],
)
def test_the_named_instrument_is_in_the_band(prompt: str, instrument: str) -> None:
    assert instrument in _band(prompt)


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [
        ("nasty sped up techno 155 no piano", 155),
        ("dnb 174, dark", 174),
        ("trance anthem 138 with uplifting breakdown", 138),
        ("house 124 with piano", 124),
    ],
)
def test_a_number_after_a_genre_is_its_tempo(prompt: str, bpm: float) -> None:
    assert _plan(prompt).bpm == bpm


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [
        ("house 124 Am", 124),
        ("psytrance 145 E minor", 145),
        ("techno 130 in A minor", 130),
        ("trap 140 F minor 808", 140),
        ("Am 128 techno", 128),
        ("lofi Cm 72", 72),
        ("150 F# minor hard techno", 150),
    ],
)
def test_a_number_beside_a_key_is_the_tempo(prompt: str, bpm: float) -> None:
    assert _plan(prompt).bpm == bpm


@pytest.mark.parametrize(
    "prompt",
    [
        "chapter 112, jazz",
        "route 166 no piano",
        "I live at 124 with piano, house",
        "route 166 in A minor, house",
        "BWV 147 in C major",
        "house in A minor 90 seconds",
        "techno, Am, 128 bars",
    ],
)
def test_other_numbers_are_no_tempo(prompt: str) -> None:
    assert dict(_plan(prompt).chosen)["bpm"]


@pytest.mark.parametrize(
    "prompt",
    [
        "reggae one drop",
        "rocksteady with one-drop drums",
        "one drop riddim, dub echoes",
        "reggae, one drop, skank guitar, melodica",
        "one drop, reggae",
        "one drop, sunny",
    ],
)
def test_one_drop_is_reggae_without_a_drop(prompt: str) -> None:
    made = _plan(prompt)
    assert (made.genre, made.blend, "drop" in made.structure) == ("reggae", None, False)


def test_a_devilish_speed_is_fast() -> None:
    assert _plan("paganini type caprice, unaccompanied violin, devilish speed").bpm >= 150


@pytest.mark.parametrize(
    ("prompt", "era"),
    [
        ("90's style pop", "1990s"),
        ("r&b slow jam, 90’s style, male group", "1990s"),
        ("60's soul", "1960s"),
        ("desert psych, 70ies, hypnotic fuzz", "1970s"),
        ("eurodance ninetys! rapper man chorus woman!", "1990s"),
        ("ballata italiana anni '60, voce maschile", "1960s"),
        ("música de los años sesenta, guitarra y metales", "1960s"),
    ],
)
def test_a_decade_as_people_spell_it(prompt: str, era: str) -> None:
    assert _plan(prompt).era == era


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("punk song 1 min 30 about hating mondays", 90),
        ("punk 1 min 30", 90),
        ("folk, 2 min 15, slow", 135),
        ("a 3 min 20s pop song", 200),
    ],
)
def test_minutes_and_a_bare_number_are_a_length(prompt: str, seconds: float) -> None:
    assert plan(Request(prompt, seed=1)).length_s == pytest.approx(seconds, abs=4)


def test_minutes_before_a_decade_are_whole() -> None:
    found = plan(Request("2 min 80s pop", seed=1))
    assert found.length_s != 200
    assert found.era == "1980s"


@pytest.mark.parametrize(
    ("prompt", "genre", "vocals"),
    [
        ("theme for a documentary about glaciers, slow strings + piano", "cinematic", "none"),
        ("musica de circo loca y rapida", "march", "none"),
        ("tres guitarras y una voz, vals peruano", "waltz", "any"),
        ("hello i am from korea, please make music for cafe, piano and clarinet only", "chamber music", "none"),
        ("music from Korea", "korean traditional", "any"),
    ],
)
def test_what_the_music_is_for_or_from(prompt: str, genre: str, vocals: str) -> None:
    made = _plan(prompt)
    assert (made.genre, made.vocals) == (genre, vocals)


def test_a_full_orchestra_has_brass() -> None:
    assert {"brass", "strings"} <= _band("symphony finale, full orchestra, triumphant, presto")


def test_keyboards_are_organs_too() -> None:
    assert all("organ" not in _band("hard rock, no synths no keyboards", seed) for seed in range(1, 6))


def test_a_duet_after_an_instrument_is_sung_unless_it_is_the_instruments() -> None:
    assert _plan("Bollywood dance song for Priya and Arjun's sangeet, dhol, duet").cast == ()
    assert _plan("cello duet").cast == ("cello", "cello")


@pytest.mark.parametrize(
    ("prompt", "mode"),
    [
        ("minor blues in A, slow", "minor"),
        ("a minor blues", "minor"),
        ("Minor blues, sax", "minor"),
        ("blues in E", ""),
    ],
)
def test_a_minor_blues_is_in_minor(prompt: str, mode: str) -> None:
    made = _plan(prompt)
    assert (made.genre, made.mode == "minor") == ("blues", mode == "minor")
    assert "minor" not in made.ignored


def test_a_football_club_is_no_club_music() -> None:
    made = _plan("song for a football club called FC Northgate")
    assert "edm" not in (made.genre, made.blend)


def test_clean_singing_is_no_clean_mix() -> None:
    made = _plan("metal with clean singing")
    assert not made.production
    assert manner_of(made) is None


def test_bars_are_a_length_that_short_is_not() -> None:
    made = plan(Request("a short happy tune, 8 bars, ukulele", seed=1))
    assert made.length_s < 30
    assert not made.limits
    assert plan(Request("a short happy tune, ukulele", seed=1)).length_s == 90


@pytest.mark.parametrize("prompt", ["harpsichord fugue in four voices", "three-voice fugue for harpsichord, baroque"])
def test_the_voices_of_a_fugue_do_not_sing(prompt: str) -> None:
    assert _plan(prompt).vocals == "none"


@pytest.mark.parametrize("prompt", ["choir in four voices", "madrigal sung in four voices"])
def test_voices_of_singers_sing(prompt: str) -> None:
    assert _plan(prompt).vocals != "none"


def test_funk_has_drums_beside_the_named_players() -> None:
    band = _band("Funky bassline, clavinet, horn stabs, 105 BPM, instrumental")
    assert {"clavinet"} < band
    assert any(name.endswith("drums") or name == "drum machine" for name in band)


def test_chorus_on_a_bass_is_an_effect() -> None:
    made = _plan("post-punk with baritone vocals and chorus-drenched bass")
    assert "big chorus" not in made.structure
    assert not made.ignored


def test_a_samba_school_does_not_study() -> None:
    assert not _plan("samba school, surdo and whistle").scenes


def test_bands_as_models_are_noted() -> None:
    limits = plan(Request("driving indie rock with drums, think The Strokes meets Tame Impala", seed=1)).limits
    assert limits == ("The studio knows no artists or songs by name; describe the sound instead.",)


@pytest.mark.parametrize(
    "prompt",
    [
        "trap beat",
        "dark drill beat with sliding 808s",
        "boom bap beats, 90 bpm",
        "a mellow hip hop beat",
        "make a beat like 90s rap",
    ],
)
def test_a_beat_is_an_instrumental(prompt: str) -> None:
    assert _plan(prompt).vocals == "none"
    assert plan(Request(prompt, seed=1, lyrics="I rap along\nand sing a song")).vocals != "none"


@pytest.mark.parametrize(
    "prompt",
    [
        "rap over a boom bap beat",
        "trap beat about money",
        "drill song with a hard drill beat",
        "trap beat, male rapper",
        "the beat is a 90s rap one and a woman sings",
    ],
)
def test_a_song_on_a_beat_is_sung(prompt: str) -> None:
    assert _plan(prompt).vocals != "none"


def test_parts_of_a_hymn_for_organ_are_not_sung() -> None:
    made = _plan("hymn tune for organ in four parts, D major, 4/4, slow")
    assert (made.vocals, made.cast) == ("none", ("church organ",))


def test_an_old_time_tune_is_bluegrass_of_no_era() -> None:
    made = _plan("old-time banjo tune, lively")
    assert (made.genre, made.era) == ("bluegrass", None)


def test_the_high_lonesome_sound_of_bluegrass_is_no_mood_and_its_breakdown_no_section() -> None:
    for seed in range(6):
        made = plan(Request("high lonesome bluegrass breakdown in B", seed))
        assert (made.genre, made.moods, made.structure) == ("bluegrass", (), ())
        assert made.mode in ("major", "mixolydian")


def test_a_repeated_chorus_is_no_loop() -> None:
    assert "loop" not in _plan("pop, ukulele, chorus repeated 3 times").structure


def test_a_version_of_a_work_by_name_is_noted() -> None:
    limits = plan(Request("metal version of Für Elise", seed=1)).limits
    assert limits == ("The studio knows no artists or songs by name; describe the sound instead.",)
    assert not plan(Request("lo-fi version of a christmas carol", seed=1)).limits


def test_ghost_notes_do_not_scare() -> None:
    made = _plan("ghost notes on the snare")
    assert (made.genre == "horror", made.moods) == (False, ())


def test_gangs_sing_beside_the_singer() -> None:
    made = _plan("rock, palm muted guitars, gang vocals in the chorus")
    assert (made.vocals, "vocal choir" in made.instruments) == ("any", True)


def test_a_passacaglia_is_baroque() -> None:
    assert _plan("passacaglia for cello and organ").genre == "baroque"
    assert "passacaglia" not in _plan("passacaglia for cello and organ").ignored
