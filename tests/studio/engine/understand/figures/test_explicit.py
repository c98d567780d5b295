"""Figures and notation: tempo, key and mode, meter, length."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.figures.read_stated import read_stated


def _stated(text: str, kind: str) -> list[str]:
    return [stated.value for stated in read_stated(text) if stated.kind == kind]


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("techno at 128 bpm", "128"),
        ("128BPM", "128"),
        ("90-100 bpm", "95"),
        ("90 to 100 bpm", "95"),
        ("bpm: 76", "76"),
        ('{"style": "lofi", "bpm": 76}', "76"),
        ('"tempo": "76"', "76"),
        ("tempo of 96", "96"),
        ("tempo is around 120", "120"),
        ("ninety bpm lofi", "90"),
        ("a hundred and twenty beats per minute, funk", "120"),
        ("two hundred bpm hardcore", "200"),
        ("tempo of one-twenty, rock", "120"),
        ("tempo: about eighty five, folk", "85"),
        ("punk, 180+ bpm", "180"),
        ("very fast 180+ punk", "180"),
        ("120 house", "120"),
        ("around 120, house", "120"),
        ("house about 120, dark", "120"),
        ("120ish house", "120"),
        ("quick, say 135, in B minor", "135"),
        ("120.5 bpm", "120.5"),
        ("latin house congas 125", "125"),
        ("at 120 beats per minute", "120"),
        ("dnb at 174, dark", "174"),
        ("♩ = 66", "66"),
    ],
)
def test_a_stated_tempo_is_read(text: str, bpm: str) -> None:
    assert _stated(text, "tempo")[0] == bpm


@pytest.mark.parametrize(
    "text",
    [
        "808 bass",
        "100 voices, techno",
        "blink 182 pop punk",
        "tempo one",
        "a two minute punk song",
        "24/7 beats",
        "in 1985",
        "bpm",
        "3/4",
        "at 3 in the morning",
        "highway 101",
        "opus 106",
    ],
)
def test_other_numbers_are_not_read_as_a_tempo(text: str) -> None:
    assert _stated(text, "tempo") == []


@pytest.mark.parametrize(
    ("text", "key", "mode"),
    [
        ("A minor", "A", "minor"),
        ("in A minor, slow", "A", "minor"),
        ("slow song in a minor", "A", "minor"),
        ("f# minor", "F#", "minor"),
        ("F sharp minor", "F#", "minor"),
        ("Bb major", "Bb", "major"),
        ("key of e flat major", "Eb", "major"),
        ("key of concert E flat major", "Eb", "major"),
        ("D dorian", "D", "dorian"),
        ("E phrygian dominant", "E", "phrygian dominant"),
        ("C-sharp minor", "C#", "minor"),
        ("Am, 90", "A", "minor"),
        ("Ebm", "Eb", "minor"),
        ("F#m trap", "F#", "minor"),
        ("G harmonic minor", "G", "harmonic minor"),
        ("b minor chord", "B", "minor"),
        ("Key: E minor", "E", "minor"),
        ("h-moll is b minor", "B", "minor"),
        ("a piano piece in H minor", "B", "minor"),
        ("Klavierstück in h-Moll", "B", "minor"),
        ("fis-Moll", "F#", "minor"),
        ("house, 124 bpm, 8A", "A", "minor"),
        ("key 8B, afro house", "C", "major"),
        ("techno, 12A camelot", "C#", "minor"),
        ("tonalité: ré mineur", "D", "minor"),
        ("Polka in B-Dur", "Bb", "major"),
        ("Trauermarsch in b-Moll, Blaskapelle", "Bb", "minor"),
        ("song in B dur", "Bb", "major"),
        ("Tonart: B-Dur", "Bb", "major"),
        ("key: b moll", "Bb", "minor"),
        ("B minor, Polka", "B", "minor"),
        ("Walzer a-Moll", "A", "minor"),
        ("Walzer in Es-Dur, langsam", "Eb", "major"),
        ("As dur", "Ab", "major"),
        ("Cis minor", "C#", "minor"),
        ("valse en ré mineur", "D", "minor"),
        ("bolero en la menor", "A", "minor"),
        ("in si bemolle maggiore", "Bb", "major"),
        ("samba em fá sustenido menor", "F#", "minor"),
    ],
)
def test_a_key_with_its_mode_is_read(text: str, key: str, mode: str) -> None:
    assert (_stated(text, "key")[0], _stated(text, "mode")[0]) == (key, mode)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("in F#", "F#"),
        ("blues in E", "E"),
        ("in the key of G", "G"),
        ("in the key of a", "A"),
        ("in B flat.", "Bb"),
        ("in A.", "A"),
        ("country, pedal steel, no banjo, Bb, 84bpm", "Bb"),
        ("Eb, jazz", "Eb"),
        ("pop, C#", "C#"),
    ],
)
def test_a_key_without_a_mode_is_read(text: str, key: str) -> None:
    assert _stated(text, "key") == [key]
    assert _stated(text, "mode") == []


@pytest.mark.parametrize(
    "text",
    [
        "a minor setback",
        "in a major way",
        "in a minor key",
        "A minor hit single",
        "a major label",
        "Am I wrong",
        "as major as it gets",
        "la mayor fiesta del mundo",
        "la menor duda",
        "es minor",
        "I am the king",
        "In A world of rain",
        "in D.C. tonight",
        "the key to my heart",
        "a bass line",
        "vitamin B",
        "plan B",
        "em dash",
        "jazz, Bb clarinet",
    ],
)
def test_an_article_or_another_word_is_not_read_as_a_key(text: str) -> None:
    assert _stated(text, "key") == []


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("in a minor key", "minor"),
        ("major chords", "major"),
        ("mixolydian jam", "mixolydian"),
        ("minor, slow", "minor"),
        ("in minor, folk", "minor"),
        ("ruhiges Klavierstück in Moll", "minor"),
        ("raga yaman, sitar, teental", "lydian"),
        ("Raag Bhairav at dawn", "double harmonic"),
        ("bhupali raga on bansuri", "pentatonic"),
        ("pop en modo menor", "minor"),
        ("ballade en mineur", "minor"),
        ("happy song in minor", "minor"),
        ("in major, sad folk", "major"),
        ("pop in minor with strings", "minor"),
    ],
)
def test_a_mode_alone_is_read(text: str, mode: str) -> None:
    assert _stated(text, "mode") == [mode]


@pytest.mark.parametrize(
    "text", ["a minor problem", "a major city", "in major cities", "minor league baseball", "she is a minor"]
)
def test_other_uses_of_major_and_minor_are_not_read_as_a_mode(text: str) -> None:
    assert _stated(text, "mode") == []


@pytest.mark.parametrize(
    ("text", "meter"),
    [
        ("in 3/4", "3/4"),
        ("7/8 jam", "7/8"),
        ("6 / 8", "6/8"),
        ("three four time", "3/4"),
        ("six-eight feel", "6/8"),
        ("ten eight feel", "10/8"),
        ("waltz time", "3/4"),
        ("jazz in 5", "5/4"),
        ("common time", "4/4"),
        ("odd meter", "7/8"),
    ],
)
def test_a_meter_is_read(text: str, meter: str) -> None:
    assert _stated(text, "meter") == [meter]


@pytest.mark.parametrize("text", ["24/7", "3/4 of the way", "1/2", "on 11/9/2001", "19/8", "in 5 minutes"])
def test_other_fractions_are_not_read_as_a_meter(text: str) -> None:
    assert _stated(text, "meter") == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 seconds", "30"),
        ("45s jingle", "45"),
        ("30s long loop", "30"),
        ("length: 60s", "60"),
        ("2 min", "120"),
        ("three-minute song", "180"),
        ("2:30", "150"),
        ("2m30s", "150"),
        ("2 minutes 30 seconds", "150"),
        ("one and a half minutes", "90"),
        ("a minute and a half", "90"),
        ("half a minute", "30"),
        ("1.5 minutes", "90"),
        ("90-second piece", "90"),
        ("a nine-minute epic", "540"),
        ("forty five seconds", "45"),
        ("Twenty-Five seconds", "25"),
    ],
)
def test_a_length_is_read(text: str, seconds: str) -> None:
    assert _stated(text, "length")[0] == seconds


@pytest.mark.parametrize("text", ["4M2 tense underscore", "1m3, main title", "cue 12M1"])
def test_the_number_of_a_film_cue_is_no_length(text: str) -> None:
    assert _stated(text, "length") == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("a short song", 90.0),
        ("Short sad piano piece for a funeral", 90.0),
        ("a short waltz", 90.0),
        ("a brief celtic harp tune", 90.0),
        ("rock, short", 90.0),
        ("dub techno. Keep it short!", 90.0),
        ("folk. The song should be short", 90.0),
        ("jazz, it is long", 300.0),
        ("a very short jingle", 30.0),
        ("a jingle for a bakery", 30.0),
        ("long progressive rock", 300.0),
        ("a long jam", 300.0),
        ("ambient, very long", 480.0),
        ("a short song, 2 minutes", 120.0),
    ],
)
def test_a_song_that_is_called_short_or_long_is(text: str, seconds: float) -> None:
    made = plan(Request(text))
    assert made.length_s == seconds
    assert {"short", "Short", "brief", "long"}.isdisjoint(made.ignored) or made.length_s == 120.0


@pytest.mark.parametrize(
    "text",
    [
        "rock with a long guitar solo",
        "long blues guitar solo",
        "a song with short notes",
        "house, long intro",
        "pop, not too long",
        "a long lost love",
        "long distance love song",
        "ambient, long reverb",
        "all night long, disco",
        "jingle bells",
        "a short man sings a blues",
        "a song about how life is short",
        "country, the road is long",
        "folk, the nights will be long",
    ],
)
def test_what_else_is_short_or_long_leaves_the_length_to_the_genre(text: str) -> None:
    assert "length_s" in dict(plan(Request(text)).chosen)


def test_a_decade_after_a_length_is_not_part_of_it() -> None:
    made = plan(Request("15 seconds 90s hip hop"))
    assert (made.length_s, made.genre) == (15.0, "boom bap")
    assert plan(Request("2 min 30s jazz")).length_s == 150.0


@pytest.mark.parametrize(
    "text",
    [
        "80s pop",
        "the 90s",
        "after 10 seconds",
        "drop at 0:45",
        "in the last 30 seconds",
        "808s",
        "I am late",
        "a man",
        "pop\n0:00 intro\n0:30 drop",
    ],
)  # fmt: skip
def test_eras_and_times_are_not_read_as_a_length(text: str) -> None:
    assert _stated(text, "length") == []


@pytest.mark.parametrize(
    "text",
    [
        "lofi for 3:30 am",
        "lofi at 3:30 a.m.",
        "pop, 10:15 pm, city lights",
        "Mia, 9:14 AM: a pop song please",
        "Techno, 5:30 Uhr",
        "[09:14] Mia: a pop song about rain",
        "[09:14:22] Mia: pop",
        "[30.11.26, 09:14:22] Mia: pop",
        "11/30/26, 9:14 AM - Mia: pop",
        "[09:14, 11/30/2026] Mia: pop",
        "[9:14 AM, 11/30/2026] Mia: pop",
        "9:14 <mia> pop\n9:15 <tom> ok",
        "2026-11-30T11:00:09Z ERROR worker stopped",
        "2026-11-30 11:00:09,123 ERROR worker stopped",
    ],
)
def test_times_of_day_are_neither_a_length_nor_a_key(text: str) -> None:
    made = plan(Request(text))
    assert {"length_s", "key"} <= dict(made.chosen).keys()
    assert made.limits == ()


@pytest.mark.parametrize("text", ["[2:30] pop song", "pop song [02:30]", "lofi, 2:30, A minor", "pop (2:30)"])
def test_a_length_in_brackets_is_no_time_of_day(text: str) -> None:
    assert _stated(text, "length") == ["150"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("a minute and a half of jazz", 90),
        ("one and a half minutes", 90),
        ("two and a half minutes of funk", 150),
        ("a quarter of a minute", 15),
        ("½ minute of jazz", 30),
        ("lofi, 2½ min", 150),
        ("three quarters of a minute of polka", 45),
        ("half an hour", 1800),
        ("an hour and a half", 5400),
        ("1.5 hours of drone", 5400),
        ("1h30 of techno", 5400),
        ("1:30:00, ambient", 5400),
        ("una hora de lluvia", 3600),
        ("eine halbe Stunde Jazz", 1800),
        ("eine Minute Techno", 60),
        ("medio minuto de salsa", 30),
        ("dos minutos de salsa", 120),
        ("полчаса эмбиента", 1800),
    ],
)
def test_a_spelled_length_is_read(text: str, seconds: float) -> None:
    assert _stated(text, "length") == [f"{seconds:g}"]


@pytest.mark.parametrize(("text", "seconds"), [("an hour and 200 minutes", 600.0), ("5 sec", 5.0)])
def test_a_length_is_clamped_to_the_possible_range(text: str, seconds: float) -> None:
    assert plan(Request(text)).length_s == seconds
