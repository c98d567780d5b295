"""Names of people and animals describe no music; instruments and genres with a capital still do."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from tests.studio.engine.scores import planned


def _sounds(prompt: str) -> list[tuple[str, str]]:
    """Return what the prompt says about how it sounds: (kind, word)."""
    about_the_sound = ("genre", "instrument", "mode", "vocal", "key", "production")
    return [(term.kind, term.word) for term in planned(prompt).understood if term.kind in about_the_sound]


@pytest.mark.parametrize(
    ("prompt", "sounds"),
    [
        ("wedding entrance music for Sofia and Marco, harp and strings", ["harp", "strings"]),
        ("wedding song for Sofia and Marco", []),
        ("wedding song for sofia and marco", []),
        ("WEDDING SONG FOR SOFIA AND MARCO", []),
        ("lullaby for Harper and Clara", ["lullaby"]),
        ("for Viola's 30th birthday, ukulele", ["ukulele"]),
        ("song for Bella, for piano 4 hands", ["piano"]),
        ("song for Carol and Rock", []),
        ("a song for Mr. Rock Hudson", []),
        ("song for Piper", []),
        ("birthday song for Celeste", []),
        ("pop song for Aria", ["pop song"]),
        ("ballad for Dorian", ["ballad"]),
        ("song for my friend Cornett", []),
        ("ballad for Emma Bell", ["ballad"]),
        ("song for Emma, Viola and Rex", []),
        ("my dog Banjo, country", ["country"]),
        ("a dog named banjo, blues", ["blues"]),
        ("Harper and Jack's wedding, jazz", ["jazz"]),
        ("Uncle Tom's birthday", []),
        ("happy birthday, Carol, jazz", ["jazz"]),
        ("Viola turns 30, funk", ["funk"]),
        ("merry christmas, Carol and Noel", ["christmas"]),
        ("pop song by my friend Marco", ["pop song"]),
        ("happy birthday Madeline", []),
        ("wedding song for tom and lisa", []),
        ("Carol, happy birthday", []),
        ("jazz, Anna on vocals, Tom on sax", ["jazz", "vocals", "sax"]),
        ("folk trio: Viola plays the drums, Bell on flute", ["folk", "drums", "flute"]),
        ("rock, Tom on every beat", ["rock", "Tom", "beat"]),
        ("rock, Tom", ["rock", "Tom"]),
        ("rock, Tom on", ["rock", "Tom"]),
        ("rock, tom on snare", ["rock", "tom", "snare"]),
    ],
)
def test_a_name_is_no_music(prompt: str, sounds: list[str]) -> None:
    assert [word for _, word in _sounds(prompt)] == sounds


@pytest.mark.parametrize(
    ("prompt", "sounds"),
    [
        ("music for Piano", ["Piano"]),
        ("Song for Strings and Harp", ["Strings", "Harp"]),
        ("For Violin and Piano", ["Violin", "Piano"]),
        ("music for Viola", ["Viola"]),
        ("Song for Viola and Piano", ["Viola", "Piano"]),
        ("Sonata for Viola and Piano", ["Sonata", "Viola", "Piano"]),
        ("MUSIC FOR VIOLA AND CELESTE", ["VIOLA", "CELESTE"]),
        ("Dark Techo Beat", ["Techo Beat", "Techo Beat"]),
        ("Song for Zither and Harp", ["Zither", "Harp"]),
        ("Musik für Gitarren und Chor", ["Gitarren", "Chor"]),
        ("Lied für Viola und Klavier", ["Viola", "Klavier"]),
        ("song about Rock and Roll", ["Rock and Roll"]),
        ("jazz tune for Dorian mode practice", ["jazz tune", "Dorian mode"]),
        ("song for Emma, Piano and Strings", ["Piano", "Strings"]),
        ("live in Nashville", ["Nashville"]),
        ("dad rock anthem", ["rock anthem"]),
        ("song for viola", ["viola"]),
        ("snare and tom, lullaby for emma", ["snare", "tom"]),
    ],
)
def test_music_with_a_capital_is_no_name(prompt: str, sounds: list[str]) -> None:
    found = [word for _, word in _sounds(prompt)]
    assert [word for word in found if word in sounds] == sounds


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("song for Emma, Viola and Rex", ["Emma, Viola and Rex"]),
        ("a song for Mr. Rock Hudson", ["Mr. Rock Hudson"]),
        ("song for Uncle Tom and Aunt Carol", ["Uncle Tom and Aunt Carol"]),
        ("Song for Sunday morning", []),
        ("disco with an intro for DJs", []),
        ("Lullaby for Clara, piano. For my dog Rex", ["Clara", "Rex"]),
        ("Song for Summer", []),
        ("happy birthday annelise, pop", ["annelise"]),
        ("congratulations on your new job, Sarah! funk", ["Sarah"]),
        ("merry christmas to the Millers, pop", ["Millers"]),
        ("pop song for emma and jack's wedding", ["emma and jack's"]),
        ("in the style of bob marley", []),
        ("song for Emma and Jack's wedding", ["Emma and Jack's"]),
    ],
)
def test_names_of_people_are_found(prompt: str, names: list[str]) -> None:
    reading = read(prompt)
    spans = [(reading.tokens[name[0]].start, reading.tokens[name[-1]].end) for name in reading.names]
    assert [prompt[start:end] for start, end in spans] == names


@pytest.mark.parametrize(
    ("prompt", "excluded"),
    [
        ("pop for the Drum family, no drums", "drums"),
        ("pop for my friends the Drummers, no drums", "drums"),
        ("rap about my piano, no piano in it", "piano"),
        ("no piano, rap about my piano", "piano"),
        ("a birthday pop song for Tuba Tom, no tuba", "tuba"),
        ("Christmas carol for the Bell family, no bells", "bells"),
        ("hymn for the Organ Club, with no organ", "organ"),
        ("pop song about my guitar, no guitar", "guitar"),
    ],
)
def test_what_is_excluded_is_not_requested_by_a_name_or_a_subject(prompt: str, excluded: str) -> None:
    made = planned(prompt)
    assert excluded in made.avoided
    assert not [name for name in made.instruments if excluded in name]
    assert made.vocals != "none"


@pytest.mark.parametrize(
    ("prompt", "stays"),
    [
        ("live drums, no kick drum", "drums"),
        ("rock with drums, no drum solo", "drums"),
        ("a piano, no other piano", "piano"),
        ("acoustic guitar, no guitars", "acoustic guitar"),
        ("no drums, just a kick and hats", "drums"),
    ],
)
def test_what_an_exclusion_leaves_is_requested(prompt: str, stays: str) -> None:
    assert stays in planned(prompt).instruments
