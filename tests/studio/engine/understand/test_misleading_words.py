"""Misleading words, typing errors, and the scope of negations."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan, recognize
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from riffusion_tui.studio.engine.understand.words.spelling import correct

_PIANOS = {"piano", "honky-tonk piano", "prepared piano", "electric piano"}
_ORDINARY = """
local hello medal mental petal drugs growth bread chance branch organize planet points lodge basic banks hotel
clasp strange soldier chimney trample whisker horse cellar clove folder tempt signal settle minister cordial
counter floor
"""


def _said(text: str, *kinds: str) -> set[str]:
    return {words.meaning for words in read(text).positive(*kinds)}


@pytest.mark.parametrize(
    "text",
    [
        "a rocking chair",
        "rock bottom",
        "on the rocks",
        "a house by the lake",
        "house in the woods",
        "a house at night",
        "in my house",
        "the house where I was born",
        "my soul",
        "country road",
        "in the country",
        "pop the question",
        "a metal door",
        "the metal gate",
        "around the world",
        "heartbeat",
        "mood swings",
        "march on",
        "in the garage",
        "the jungle at dawn",
        "a trap door",
        "a fire drill",
        "indian summer",
        "the opera house",
        "acid rain",
        "a folk tale",
        "blue jeans",
        "polka dots",
        "Trauriges Lied über Regen",
        "ein Lied für den Sommer",
        "the lies you lied",
        "a parisian café",
    ],
)
def test_an_ordinary_word_is_not_a_genre(text: str) -> None:
    assert _said(text, "genre") == set()


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("a house track", "house"),
        ("house", "house"),
        ("house, dark", "house"),
        ("house at night", "house"),
        ("house at 3am", "house"),
        ("house in the style of daft punk", "house"),
        ("jungle in the rain", "jungle"),
        ("a rock song", "rock"),
        ("this is rock", "rock"),
        ("a metal riff", "metal"),
        ("the soul singer", "soul"),
        ("country music", "country"),
        ("some pop tune", "pop"),
        ("a folk and blues infused melody", "folk"),
        ("jungle, 165 bpm", "jungle"),
        ("uk drill", "drill"),
        ("a lied about winter", "opera"),
        ("Schubert lied", "opera"),
        ("ein Kunstlied", "opera"),
        ("lieder for soprano", "opera"),
        ("production line dance pop", "dance-pop"),
        ("pop, assembly-line dance", "pop"),
        ("a country line dance", "country"),
    ],
)
def test_the_same_words_are_genres_in_a_musical_context(text: str, genre: str) -> None:
    assert genre in _said(text, "genre", "flavour")


def test_ambiguous_words_for_instruments_are_read_in_context() -> None:
    assert _said("bass drum and kick", "instrument") == {"drums"}
    assert _said("a car horn in the street", "instrument") == set()
    assert _said("with strings attached", "instrument") == set()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("guittar", "guitar"),
        ("saxaphone", "saxophone"),
        ("techo", "techno"),
        ("orchestal", "orchestral"),
        ("accoustic", "acoustic"),
        ("synthesizor", "synthesizer"),
        ("percusion", "percussion"),
        ("trumpt", "trumpet"),
        ("regae", "reggae"),
        ("electrnoic", "electronic"),
        ("vilolin", "violin"),
        ("dubstpe", "dubstep"),
    ],
)
def test_typing_errors_are_corrected(typed: str, meant: str) -> None:
    assert correct(typed) == meant


@pytest.mark.parametrize(
    "word",
    _ORDINARY.split(),
)
def test_ordinary_words_are_not_corrected_to_musical_ones(word: str) -> None:
    assert _said(word, "genre", "instrument", "vocal", "tempo") == set()


@pytest.mark.parametrize(
    ("text", "avoided", "kept"),
    [
        ("no drums", {"drums", "percussion"}, set()),
        ("without percussion or bass", {"drums", "percussion", "bass"}, set()),
        ("no drums, bass or vocals", {"drums", "percussion", "bass", "vocals"}, set()),
        ("no drums, soft piano", {"drums", "percussion"}, {"piano"}),
        ("no drums and soft piano", {"drums", "percussion"}, {"piano"}),
        ("no drums and a piano", {"drums", "percussion"}, {"piano"}),
        ("no drums but piano", {"drums", "percussion"}, {"piano"}),
        ("no drums and bass", {"drums", "percussion", "bass"}, set()),
        ("neither piano nor strings, only a flute", {*_PIANOS, "strings", "drums", "percussion"}, {"flute"}),
        ("there aren't any drums; the cello sings", {"drums", "percussion"}, {"cello"}),
        ("it doesn't have a guitar. A cello plays.", {"guitar"}, {"cello"}),
        ("devoid of brass", {"brass"}, set()),
        ("drumless jazz", {"drums", "percussion"}, set()),
        ("beatless", {"drums", "percussion"}, set()),
        ("drums: none", {"drums", "percussion"}, set()),
        ("the drums are absent, piano only", {"drums", "percussion"}, {"piano"}),
        ("all strings except viola", {"viola"}, {"strings"}),
        ("flute instead of violin", {"violin", "fiddle"}, {"flute"}),
        ("not only piano but also drums", set(), {"piano", "drums"}),
        ("no doubt, drums", set(), {"drums"}),
        ("nothing but piano", {"drums", "percussion"}, {"piano"}),
        ("no drums in the intro, then drums", set(), {"drums"}),
        ("string quartet no. 1, adagio, and a flute", {"drums", "percussion"}, {"flute"}),
        ("Piano sonata No.2", {"drums", "percussion"}, {"piano"}),
        ("opus for cello, op. 9 no. 2, piano", set(), {"cello", "piano"}),
        ("drums: no. 90 bpm, piano", {"drums", "percussion"}, {"piano"}),
        ("lacks drums", {"drums", "percussion"}, set()),
        ("minus the guitar", {"guitar"}, set()),
        ("no synths, no strings", {"synth", "synth bass", "synth brass", "strings"}, set()),
        ("no drums, just a shaker", {"drums"}, {"shaker"}),
    ],
)
def test_a_negation_applies_to_its_own_clause(text: str, avoided: set[str], kept: set[str]) -> None:
    made = plan(Request(text))
    assert set(made.avoided) - {"vocals"} == avoided - {"vocals"}
    assert kept <= set(made.instruments)
    assert not set(made.avoided) & set(made.instruments)


@pytest.mark.parametrize(
    ("text", "vocals"),
    [
        ("no vocals", "none"),
        ("without a singer", "none"),
        ("there isn't any singing", "none"),
        ("nobody sings", "none"),
        ("instrumental", "none"),
        ("vocals are absent", "none"),
        ("she sings", "female"),
        ("male vocalist", "male"),
        ("a choir sings", "choir"),
        ("not instrumental", "any"),
        ("no male vocals, female voice", "female"),
        ("an instrumental break between female vocals", "female"),
        ("rap", "any"),
        ("male and female vocals", "any"),
        ("no backing vocals, male singer", "male"),
        ("a man sings. The rest is instrumental accompaniment.", "male"),
        ("his daughter sings", "female"),
        ("her son sings", "male"),
        ("her youngest brother raps", "male"),
        ("my father's wife sings", "female"),
        ("the king's daughter hums", "female"),
        ("a boy and his mother sing", "any"),
        ("a father and his daughter sing", "any"),
        ("his wife and her husband sing", "any"),
        ("a man whose wife sings", "female"),
        ("his mother's voice", "female"),
        ("sung by her son", "male"),
        ("the voice of his daughter", "female"),
        ("his girlfriend sings and he raps", "any"),
        ("his sister plays drums while he sings", "male"),
        ("his wife, a harp, a woman sings", "female"),
        ("a song about her son, sung by a woman", "female"),
        ("a woman sings about her father", "female"),
        ("a son cubano is sung", "any"),
        ("busy drums, wordless", "none"),
        ("wordless soprano", "female"),
        ("a nasal man with acoustic guitar", "male"),
        ("woman with piano", "female"),
    ],
)
def test_the_singer_is_recognized(text: str, vocals: str) -> None:
    assert plan(Request(f"pop, {text}")).vocals == vocals


@pytest.mark.parametrize(
    ("text", "tempo"),
    [
        ("slow tempo with a fast guitar solo", "slow"),
        ("fast guitar solo. The tempo is slow.", "slow"),
        ("not too fast pop", "medium"),
        ("slow to medium tempo", "slow"),
        ("slow techno", "slow"),
        ("fast ambient", "fast"),
        ("mid-tempo drum and bass", "medium"),
        ("allegro", "fast"),
        ("largo", "slow"),
        ("moderato", "medium"),
    ],
)
def test_tempo_words_apply_in_any_genre(text: str, tempo: str) -> None:
    for seed in range(6):
        assert plan(Request(text, seed)).tempo == tempo


def test_the_purpose_of_music_is_not_its_genre() -> None:
    made = plan(Request("A gentle piano piece. It could be used in a horror video game."))
    assert made.genre not in ("horror", "video game")


def test_a_blend_uses_the_noun_as_genre_and_the_adjective_as_flavor() -> None:
    made = plan(Request("jazzy k-pop"))
    assert (made.genre, made.blend) == ("k-pop", "jazz")
    assert plan(Request("rock with reggae influences")).genre == "rock"


def test_a_bass_that_drops_is_a_drop_and_plays() -> None:
    made = plan(Request("edm, drop the bass"))
    assert ("drop" in made.structure, "bass" in made.avoided) == (True, False)
    assert "drums" in plan(Request("edm, drop the drums")).avoided


def test_reggae_is_recognized_by_its_sound() -> None:
    assert plan(Request("raggae slow")).genre == "reggae"


def test_detected_words_are_in_the_typed_order() -> None:
    recognized = recognize("Rainy DEEP House, 122 bpm, no drums")
    assert [(one.word, one.kind) for one in recognized] == [
        ("Rainy", "scene"),
        ("DEEP House", "genre"),
        ("122 bpm", "tempo"),
        ("drums", "avoid"),
    ]


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("an old folk song", "folk"),
        ("an old country ballad", "country"),
        ("old house track", "house"),
        ("songs about old folk", None),
        ("a song about an old house", None),
    ],
)
def test_a_genre_in_a_phrase_of_everyday_life_counts_before_a_word_for_music(prompt: str, genre: str | None) -> None:
    assert {term.meaning for term in recognize(prompt) if term.kind == "genre"} == ({genre} if genre else set())


@pytest.mark.parametrize(
    ("prompt", "singer"),
    [
        ("female-fronted rock band", "female"),
        ("all-female rock band", "female"),
        ("female group, pop", "female"),
        ("male group harmony", "male"),
        ("punk band fronted by a woman", "female"),
    ],
)
def test_a_group_has_the_singer_of_its_members(prompt: str, singer: str) -> None:
    assert plan(Request(prompt, 1)).vocals == singer


def test_gated_drums_are_drums_in_a_gated_room() -> None:
    made = plan(Request("pop with gated drums, 80s", 1))
    assert made.instruments == ("drums",)
    assert "gated reverb" in made.production


@pytest.mark.parametrize("prompt", ["dance pop hit", "a dance pop hit for the summer", "dance pop hits"])
def test_a_hit_of_a_genre_is_of_that_genre(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).genre == "dance-pop"


@pytest.mark.parametrize("text", ["Irish reel for wooden flute and fiddle", "hornpipe", "Irish jig, fast", "minuet"])
def test_a_dance_tune_is_not_sung(text: str) -> None:
    assert plan(Request(text)).vocals == "none"


@pytest.mark.parametrize("text", ["Irish reel, a man sings", "a drinking song with an Irish jig"])
def test_a_dance_tune_is_sung_if_the_prompt_says_so(text: str) -> None:
    assert plan(Request(text)).vocals != "none"


@pytest.mark.parametrize("text", ["rock, progressive, 1973", "progressive rock"])
def test_rock_that_is_progressive_is_progressive_rock(text: str) -> None:
    found = plan(Request(text))
    assert "progressive rock" in (found.genre, found.blend)


@pytest.mark.parametrize(
    ("prompt", "genre", "blend"),
    [
        ("rap with a big beat", "hip hop", None),
        ("rock with a big beat", "rock", None),
        ("pop with big beats", "pop", None),
        ("party rap, big beat", "hip hop", "breakbeat"),
        ("big beat, 90s", "breakbeat", None),
        ("a big beat track", "breakbeat", None),
    ],
)
def test_a_big_beat_is_a_genre_if_it_does_not_describe_another(prompt: str, genre: str, blend: str | None) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.genre, made.blend) == (genre, blend)


@pytest.mark.parametrize(
    ("prompt", "moods", "scenes"),
    [
        ("a song by candlelight", ("romantic",), ()),
        ("candlelit piano", ("romantic",), ()),
        ("jazz for a candlelit dinner", (), ("restaurant",)),
        ("candlelight dinner", (), ("restaurant",)),
        ("a candlelight vigil", (), ("funeral",)),
    ],
)
def test_candlelight_is_a_mood_unless_it_lights_a_dinner(
    prompt: str, moods: tuple[str, ...], scenes: tuple[str, ...]
) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.moods, made.scenes) == (moods, scenes)


@pytest.mark.parametrize(
    "text",
    [
        "jungle about bells",
        "pop song about my old guitar",
        "a song about the drums of war",
        "folk for my piano teacher",
        "a song about my guitar teacher",
        "pop for our drum teacher",
        "ska about the guitar shop",
        "folk song about my grandfather's fiddle",
    ],
)
def test_what_a_song_is_about_does_not_play(text: str) -> None:
    assert _said(text, "instrument") == set()
    assert plan(Request(text, 1)).ignored == ()


@pytest.mark.parametrize(
    ("text", "instrument"),
    [
        ("pop song about my guitar, with piano", "piano"),
        ("sad song about rain piano", "piano"),
        ("a song about my dog with banjo", "banjo"),
        ("rock about a guitar teacher and a violin", "violin"),
        ("banjo, teacher's song", "banjo"),
    ],
)
def test_others_than_the_subject_play(text: str, instrument: str) -> None:
    assert _said(text, "instrument") == {instrument}


@pytest.mark.parametrize(
    "prompt", ["theme tune for a true crime podcast, 20s, no vox", "music for a crime podcast", "a cold case series"]
)
def test_a_crime_story_has_a_dark_underscore(prompt: str) -> None:
    for seed in range(4):
        made = plan(Request(prompt, seed=seed))
        assert made.genre in ("cinematic", "dark ambient")
        assert "minor" in made.mode
        assert made.brightness < 0.4
