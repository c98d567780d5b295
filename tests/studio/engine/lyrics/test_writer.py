"""Lyrics scan and rhyme, have a hook with the title, and keep the user's lines."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics import Lyrics, parse_given, stated_title, title, title_of_given, write
from riffusion_tui.studio.engine.lyrics.rhymes import rhyme_key
from riffusion_tui.studio.engine.lyrics.subject import as_sung
from riffusion_tui.studio.engine.lyrics.syllables import count, sing
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request

_FORM = ("intro", "verse", "prechorus", "chorus", "verse", "prechorus", "chorus", "solo", "bridge", "chorus", "ending")
_THEMES = [name for name in read_data("lyrics/themes.toml") if name not in ("subject", "hooks")]


def _plan(prompt: str, seed: int = 0) -> Plan:
    return plan(Request(prompt, seed))


def _couplets(theme: str, kind: str) -> list[tuple[str, str]]:
    rows = read_data("lyrics/themes.toml")[theme][kind].strip().splitlines()
    return [(first.strip(), second.strip()) for first, second in (row.split(" / ") for row in rows)]


def _lines(lyrics: Lyrics, kind: str) -> list[tuple[str, ...]]:
    return [tuple(line.text for line in section.lines) for section in lyrics.sections if section.kind == kind]


@pytest.mark.parametrize("theme", _THEMES)
def test_every_couplet_scans_and_rhymes(theme: str) -> None:
    for kind in ("verse", "prechorus", "chorus", "bridge"):
        for first, second in _couplets(theme, kind):
            assert abs(count(first) - count(second)) <= 1, (first, second)
            assert 7 <= count(first) <= 11, first
            assert rhyme_key(first) == rhyme_key(second), (first, second)


@pytest.mark.parametrize("theme", _THEMES)
def test_every_hook_contains_its_title(theme: str) -> None:
    for row in read_data("lyrics/themes.toml")[theme]["titles"].strip().splitlines():
        name, hook = row.split(" | ")
        assert name.strip().lower().rstrip(".") in hook.lower()
        assert 4 <= count(hook) <= 12


def test_titles_are_unique_across_themes() -> None:
    rows = [row for theme in _THEMES for row in read_data("lyrics/themes.toml")[theme]["titles"].strip().splitlines()]
    names = [row.split(" | ")[0].strip().lower() for row in rows]
    assert len(set(names)) == len(names)


def test_equal_titles_are_rare_in_a_batch_of_twelve() -> None:
    """The seed draws a title from the theme; with twelve songs on six themes, at most one batch in four repeats one."""
    prompts = ["synthwave", "love song", "happy pop", "sad ballad", "calm ambient", "dark techno"] * 2
    equal = 0
    for batch in range(50):
        titles = {title(_plan(prompt, 12 * batch + number)) for number, prompt in enumerate(prompts)}
        equal += len(titles) < len(prompts)
    assert equal <= 13


def test_a_song_has_the_sections_of_its_form() -> None:
    lyrics = write(_plan("a pop song about a distant lover"), _FORM)
    assert tuple(section.kind for section in lyrics.sections) == _FORM
    assert [len(section.lines) for section in lyrics.sections] == [0, 4, 2, 4, 4, 2, 4, 0, 2, 4, 1]
    assert lyrics.text.startswith("[Verse]\n")
    assert "[Pre-Chorus]" in lyrics.text
    assert "[Solo]" not in lyrics.text


def test_the_chorus_repeats_word_for_word_with_the_title_twice() -> None:
    lyrics = write(_plan("indie folk about leaving home", 3), _FORM)
    first, second, third = _lines(lyrics, "chorus")
    assert first == second == third
    assert first[0] == first[2]
    assert lyrics.title.lower() in first[0].lower()
    assert rhyme_key(first[1]) == rhyme_key(first[3])


@pytest.mark.parametrize("prompt", ["sad ballad", "a ballad about my old house", "punk about parking tickets"])
def test_a_song_has_one_bridge(prompt: str) -> None:
    """A ballad with three bridges had three texts."""
    first, second, third = _lines(write(_plan(prompt), ("verse", "bridge", "chorus", "bridge", "bridge")), "bridge")
    assert first == second == third
    assert rhyme_key(first[0]) == rhyme_key(first[1])


def test_verses_differ_and_couplets_do_not_repeat() -> None:
    for seed in range(10):
        verses = _lines(write(_plan("rainy day ballad", seed), ("verse",) * 5), "verse")
        lines = [line for verse in verses for line in verse]
        assert len(set(lines)) == len(lines)
        assert all(
            rhyme_key(verse[0]) == rhyme_key(verse[1]) != rhyme_key(verse[2]) == rhyme_key(verse[3]) for verse in verses
        )


def test_a_very_long_song_reuses_its_lines() -> None:
    lines = _lines(write(_plan("metal"), ("verse",) * 80), "verse")
    assert all(len(verse) == 4 for verse in lines)


def test_lyrics_depend_only_on_plan_and_seed() -> None:
    texts = [write(_plan("love song", seed), _FORM).text for seed in range(12)]
    assert write(_plan("love song", 4), _FORM).text == texts[4]
    assert len(set(texts)) == 12
    assert len({title(_plan("love song", seed)) for seed in range(12)}) >= 4


def test_the_sung_title_is_the_songs_title() -> None:
    for seed in range(5):
        made = _plan("country song about my old truck", seed)
        assert title(made) == write(made, _FORM).title == "My Old Truck"


@pytest.mark.parametrize(
    ("subject", "kind", "phrase", "name"),
    [
        ("a distant lover", "person", "my distant lover", "Distant Lover"),
        ("the old lighthouse", "thing", "the old lighthouse", "Old Lighthouse"),
        ("leaving home", "gerund", "leaving home", "Leaving Home"),
        ("summer rain", "thing", "summer rain", "Summer Rain"),
        ("my mother", "thing", "my mother", "My Mother"),
        ("the storm that took our captain", "thing", "the storm", "The Storm"),
        ("a broken heart", "thing", "a broken heart", "Broken Heart"),
        ("her smile", "thing", "her smile", "Her Smile"),
        ("being young", "gerund", "being young", "Being Young"),
        ("parking tickets", "thing", "parking tickets", "Parking Tickets"),
        ("vending machines", "thing", "vending machines", "Vending Machines"),
        ("never giving up", "gerund", "never giving up", "Never Giving Up"),
        ("the girl next door", "thing", "the girl next door", "Girl Next Door"),
        ("two friends", "person", "two friends", "Two Friends"),
        ("lighthouse", "thing", "the lighthouse", "Lighthouse"),
        ("freedom", "thing", "freedom", "Freedom"),
        ("a king of fools", "person", "my king of fools", "King of Fools"),
        ("Paris", "thing", "Paris", "Paris"),
        ("God's love", "thing", "God's love", "God's Love"),
        ("grace", "thing", "grace", "Grace"),
        ("adrenaline", "thing", "adrenaline", "Adrenaline"),
        ("how i lost my keys", "clause", "how I lost my keys", "How I Lost My Keys"),
        ("what happened", "clause", "what happened", "What Happened"),
        ("things I never said", "clause", "things I never said", "Things I Never Said"),
        ("the time I got lost", "thing", "the time I got lost", "The Time I Got Lost"),
        ("when we were young", "clause", "when we were young", "When We Were Young"),
        ("the day I met you", "thing", "the day I met you", "The Day I Met You"),
        ("My sister's birthday", "thing", "my sister's birthday", "My Sister's Birthday"),
        ("robots", "thing", "robots", "Robots"),
        ("my wife's 40th birthday", "thing", "my wife's birthday", "My Wife's Birthday"),
    ],
)
def test_a_subject_becomes_a_phrase_and_a_title(subject: str, kind: str, phrase: str, name: str) -> None:
    sung = as_sung(subject)
    assert sung is not None
    assert (sung.kind, sung.phrase, sung.title) == (kind, phrase, name)


@pytest.mark.parametrize(
    "subject",
    ["", "you", "how", "雨", "100", "a", "the very long and winding misadventures of everybody"],
)
def test_an_unsingable_subject_is_replaced_by_a_title_of_the_theme(subject: str) -> None:
    assert as_sung(subject) is None
    lyrics = write(_plan(f"pop song about {subject}"), _FORM)
    assert lyrics.title
    assert "{" not in lyrics.text


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        (
            "sea shanty about the tide",
            {
                "sea",
                "tide",
                "salt",
                "boats",
                "harbor",
                "water",
                "lighthouse",
                "sails",
                "wave",
                "ship",
                "anchor",
                "shell",
                "gulls",
                "foam",
                "shore",
                "pier",
                "bay",
                "quay",
                "deck",
                "oars",
                "sand",
                "seagulls",
                "spray",
                "fog",
                "herring",
                "nets",
                "kelp",
                "hull",
                "buoys",
                "cliffs",
                "mast",
            },
        ),
        (
            "snowy winter ballad with vocals",
            {
                "snow",
                "frost",
                "ice",
                "white",
                "cold",
                "stove",
                "sleigh",
                "lake",
                "cover",
                "fire",
                "frozen",
                "winter",
                "snowfall",
                "snowflake",
                "blizzard",
                "icicle",
                "scarf",
                "sleds",
                "plow",
                "eaves",
                "chimney",
                "wool",
            },
        ),
        (
            "scary song about a haunted house",
            {
                "haunted",
                "night",
                "dark",
                "candle",
                "door",
                "stair",
                "crow",
                "moon",
                "grave",
                "mirror",
                "wolves",
                "crypt",
                "thorns",
                "ravens",
            },
        ),
    ],
)
def test_lyrics_use_words_of_the_subject(prompt: str, words: set[str]) -> None:
    for seed in range(5):
        text = write(_plan(prompt, seed), _FORM).text.lower()
        assert len(words & set(re.findall(r"[a-z]+", text))) >= 2, text


def test_lines_are_well_formed() -> None:
    for seed in range(8):
        for prompt in ("hip hop about money", "a cappella about the sea", "song about two old friends", "pop"):
            for line in write(_plan(prompt, seed), _FORM).text.splitlines():
                assert "  " not in line
                assert not re.search(r"[{}|/]", line)
                assert not re.search(r"\b(a [aeiou]\w|the the|a the|my my|my the)\b", line), line
                assert line == "" or line[0].isupper() or line[0] == "["


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_line_can_be_sung(text: str) -> None:
    for one in sing(text).syllables:
        assert one.text
    assert all(line.syllables for section in parse_given(text).sections for line in section.lines)


def test_given_lyrics_keep_every_line_and_their_headings() -> None:
    given_text = (
        "[Verse 1]\nFirst line here\nSecond  line\n\n[Pre-Chorus]\nUp we go\n\n"
        "[Chorus]\nSing it\n\n(Bridge)\nOver\n[Solo]\nOutro:\nBye"
    )
    lyrics = parse_given(given_text)
    assert [(section.kind, tuple(line.text for line in section.lines)) for section in lyrics.sections] == [
        ("verse", ("First line here", "Second line")),
        ("prechorus", ("Up we go",)),
        ("chorus", ("Sing it",)),
        ("bridge", ("Over",)),
        ("solo", ()),
        ("ending", ("Bye",)),
    ]


def test_lyrics_with_timestamps_or_chords_are_sung_without_them() -> None:
    lrc = "[ti:Shell]\n[length:00:58.50]\n\n[00:11.65]The river runs\n[00:15.18] [01:02]I will not see you"
    chords = (
        "{title: Shell}\n{key: E}\n# a comment\n{comment: Intro}\n[E] [A]\n"
        "{start_of_verse: Verse 1}\n[E]The ri[A]ver runs\n"
        "{end_of_verse}\n{c: slowly}\n{soc}\nI will not [B]see you\n{eoc}\n"
    )
    for text, kinds in ((lrc, ["verse"]), (chords, ["verse", "chorus"])):
        sections = parse_given(text).sections
        lines = list(dict.fromkeys(line.text for one in sections for line in one.lines))
        assert lines == ["The river runs", "I will not see you"]
        assert [one.kind for one in sections] == kinds
    assert parse_given("{past} the [my] door").sections[0].lines[0].text == "{past} the [my] door"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oh " * 32, ["oh " * 32]),
        ("oh " * 33, ["oh " * 16, "oh " * 17]),
        ("oh " * 20 + "yeah, " + "la " * 15, ["oh " * 20 + "yeah,", "la " * 15]),
        ("wonderful " * 100, ["wonderful " * 10] * 10),
    ],
)
def test_a_line_too_long_for_a_breath_is_sung_as_several(text: str, expected: list[str]) -> None:
    [verse] = parse_given(text).sections
    assert [line.text for line in verse.lines] == [line.strip() for line in expected]


def test_given_lyrics_are_composed() -> None:
    assert parse_given("cafe\u0301").sections[0].lines[0].text == "café"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Verse]\nthe river runs\n[Chorus]\nlass mich (nicht) allein, …\n", "Lass mich nicht allein"),
        ("[Chorus]\nlet it fall, let it fall (let it fall)\n", "Let it fall, let it fall"),
        ("(ooh) let it fall", "Ooh let it fall"),
        ("(I can't get no)", "I can't get no"),
        ("the river runs past my door\nI will not see you", "The river runs past my door"),
        ("one\n\nhey ho!\n\ntwo\n\nhey ho!", "Hey ho!"),
        (f"{'walking down the road ' * 9}", "Walking down the road"),
        ("Oh, Annabel, ring the bell, we are going down to the sea", "Oh, Annabel, ring the bell"),
        ("Sous le ciel de Paris s'envole une chanson", "Sous le ciel de Paris"),
        ("I never knew that love could be so blind and cold", "I never knew that love could be so blind"),
        ("Yesterday I walked alone beside the river for hours", "Yesterday I walked alone"),
        ("Über den Wolken muss die Freiheit wohl grenzenlos sein", "Über den Wolken"),
        ("Oh, you and me on the long road to the end of the world", "Oh, you and me on the long road"),
        ("Bajo la luna de abril te espero cantando una canción", "Bajo la luna de abril"),
        ("Somewhere over the highest hill there is a land I know", "Somewhere over the highest hill"),
        ("Everybody everywhere everlasting entertainment", "Everybody everywhere everlasting"),
        ("a" * 99, "A" + "a" * 39),
        ("[Verse]\n\n", ""),
        ("", ""),
    ],
)
def test_given_lyrics_have_a_title(text: str, expected: str) -> None:
    assert title_of_given(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{title: Home Again}\n{start_of_verse}\n[Am]Come [F]home\n", "Home Again"), ("{t:Home}\nCome home", "Home"),
        ("[ti: Home Again ]\n[00:01.00]Come home", "Home Again"), ("[ti:]\n[00:01.00]Come home", ""),
        ("[Verse]\nCome home", ""), ("{title}\nCome home", ""),
    ],
)  # fmt: skip
def test_a_lyrics_file_states_its_title(text: str, expected: str) -> None:
    assert stated_title(text) == expected


@pytest.mark.parametrize("prompt", ["pop", "pop, no vocals"])
def test_a_song_has_the_title_of_its_lyrics_file(prompt: str) -> None:
    made = plan(Request(prompt, length_s=20))
    assert compose(made, lyrics="[ti:Home Again]\n[00:01.00]Come home").title == "Home Again"
    assert compose(made, lyrics="[ti:Home Again]\n[00:01.00]Come home", title="Other").title == "Other"


def test_a_repeated_block_of_given_lyrics_is_the_chorus() -> None:
    lyrics = parse_given("one\ntwo\n\nhey\nho\n\nthree\nfour\n\nhey\nho")
    assert [section.kind for section in lyrics.sections] == ["verse", "chorus", "verse", "chorus"]


def test_given_lyrics_are_cleaned() -> None:
    assert "\x1b" not in parse_given("\x1b[31mred\x1b[0m line").text
    assert parse_given("").sections == ()
