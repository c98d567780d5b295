"""Lyrics in one line of a prompt, and lines that stand for others."""

from __future__ import annotations

import time

import pytest

from riffusion_tui.jobs.own_lyrics import SungLines, sung_lines
from riffusion_tui.lyric_sheets.lyric_files import sung_text
from riffusion_tui.lyric_sheets.lyrics_in_prompt import divided


@pytest.mark.parametrize(
    ("prompt", "about", "words"),
    [
        ("pop song [Verse] I love jazz [Chorus] guitar", "pop song", "[Verse]\nI love jazz\n[Chorus]\nguitar"),
        ("[Verse 1] I run. You / we [Chorus x2] la la", "", "[Verse 1]\nI run.\nYou\nwe\n[Chorus x2]\nla la"),
        ("pop\n[Verse] I walk alone\n[Chorus] we sing", "pop", "[Verse]\nI walk alone\n[Chorus]\nwe sing"),
        ("pop, lyrics: love is all", "pop", "love is all"),
        ('folk with the lyrics "hello / goodbye", 90 bpm', "folk , 90 bpm", "hello\ngoodbye"),
        ("rock, letra: te quiero mucho", "rock", "te quiero mucho"),
        ("pop. Verse: I walk alone. Chorus: we sing", "pop.", "[Verse]\nI walk alone.\n[Chorus]\nwe sing"),
    ],
)  # fmt: skip
def test_lyrics_in_one_line_are_sung(prompt: str, about: str, words: str) -> None:
    assert (divided(prompt)[0].strip(), divided(prompt)[1]) == (about, words)


@pytest.mark.parametrize(
    "prompt",
    [
        "pop, lyrics: about a dog", "pop, lyrics: French", "lyrics: sad", "lyrics: they are funny and about you",
        "rock [intro: guitar] and verses", "a song with a [bridge]", "rock. Verse: drums, bass. Chorus: loud guitars",
        "pop, verse: soft, chorus: loud", "Verse: she whispers, Chorus: she belts", "lyrics: is my piano in tune",
        "Intro: piano. Verse: I walk alone", "lyrics: your song should rhyme", "pop [chorus] x2",
    ],
)  # fmt: skip
def test_descriptions_in_one_line_are_no_lyrics(prompt: str) -> None:
    assert divided(prompt) == (prompt, "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[Chorus]\nla\nlo\n\n[Verse]\nhi\nRepeat Chorus\n\nbye", "[Chorus]|la|lo||[Verse]|hi||[Chorus]|la|lo||bye"),
        ("[Chorus]\nla\n[Verse]\nhi\n(Repeat the chorus x2)", "[Chorus]|la|[Verse]|hi||[Chorus]|la|[Chorus]|la"),
        ("[Verse 1]\na\n[Verse 2]\nb\nBack to verse 1", "[Verse 1]|a|[Verse 2]|b||[Verse 1]|a"),
        ("hi\nRepeat Chorus", "hi|"),
        ("[Chorus]\nla\n[Pre-Chorus]\noh\nRepeat Chorus", "[Chorus]|la|[Pre-Chorus]|oh||[Chorus]|la"),
        ("[Verse 2]\nb\n[Verse 1]\na\nRepeat verse 1", "[Verse 2]|b|[Verse 1]|a||[Verse 1]|a"),
        ("[Verse]\nhi\n[Chorus]\nla\n(x2)", "[Verse]|hi|[Chorus]|la|la"),
        ("Verse:\na\nVerse 2:\nb\nrepeat verse 1", "Verse:|a|Verse 2:|b||Verse:|a"),
        ("We rock (ad lib)\n(ad-libs)", "We rock"),
        ("I.\na\n\nII.\nb", "[Verse 1]|a||[Verse 2]|b"),
        ("I) a\n\nII) b", "[Verse 1]|a||[Verse 2]|b"),
        ("I.\na\n\nIVI.\nb", "I.|a||IVI.|b"),
        ("[Chorus]\nla\n[Verse]\nhi\n(Repeat Chorus until fade)", "[Chorus]|la|[Verse]|hi||[Chorus]|la"),
        ("[Verse 1]\na\n[Verse 2]\nb\nRepeat 1st verse", "[Verse 1]|a|[Verse 2]|b||[Verse 1]|a"),
        ("[Verse 1]\na\n[Verse 2]\nb\nRepeat second verse 2x", "[Verse 1]|a|[Verse 2]|b||[Verse 2]|b|[Verse 2]|b"),
        ("We rock x2\nNa na 3x\nbox 2\nit is 2 x", "We rock|We rock|Na na|Na na|Na na|box 2|it is 2 x"),
        ("We rock (repeat 3x)\nbye (bis)", "We rock|We rock|We rock|bye|bye"),
        ("la\nlo\nbis", "la|lo|la|lo"),
        ("We rock (fade out)\n(fade)\nwe fade out", "We rock|we fade out"),
        ("Verse 1: I walk\n**Chorus:** la la", "[Verse 1]|I walk|[Chorus]|la la"),
        ("Fine: I walk\nPart 2: I run", "Fine: I walk|[Part 2]|I run"),
        ("Home: I walk\nChorus: male", "Home: I walk|Chorus: male"),
        ("We rock (x2)\nbye", "We rock|We rock|bye"),
        ("We rock [3x]", "We rock|We rock|We rock"),
        ("[Chorus]\nla\nlo\n(x2)\n[Verse]\nhm", "[Chorus]|la|lo|la|lo|[Verse]|hm"),
        ("a\n\nb\n(repeat)", "a||b|b"),
        ("Chorus (x2)\nla", "Chorus (x2)|la"),
        ("[Verse] I walk alone\nyes", "[Verse]|I walk alone|yes"),
        ("I said repeat after me\n(oh yeah)", "I said repeat after me|(oh yeah)"),
    ],
)
def test_lines_that_stand_for_others(text: str, lines: str) -> None:
    assert sung_text(text) == lines.split("|")


def test_repeated_lines_count_as_given() -> None:
    given = "[Chorus]\nla\n[Verse]\nhi (x2)\nRepeat Chorus"
    assert sung_lines(given, ["la", "hi", "hi", "la"]) == SungLines(4)
    assert sung_lines(given, ["la", "hi", "hi"]) == SungLines(3, ("la",))


@pytest.mark.parametrize("part", [" ", "(", "[", "[verse ", "(x2", "/ ", "lyrics: ", ". verse: ", "repeat "])
def test_long_lines_are_read_in_linear_time(part: str) -> None:
    begun = time.process_time()
    sung_text(part * 20_000 + ")")
    divided(part * 20_000)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("prompt", "sung"),
    [
        ("[Verse] acoustic guitar, soft male vocal [Chorus] full band, belting [Bridge] piano only", False),
        ("[Intro] piano [Verse] drums and bass, whispered", False),
        ("[Verse] I play my guitar [Chorus] the drums go by", True),
        ("[Verse] walking home alone [Chorus] the lights go down", True),
        ("[Verse]\nthe piano plays\nthe drums go by\n[Chorus]\nthe guitar sings\nthe bass replies", True),
        ("Verse 1\nsoft piano\n[Chorus] full band with drums", False),
    ],
)
def test_below_tags_are_lyrics_or_a_description(prompt: str, sung: bool) -> None:
    assert bool(divided(prompt)[1]) is sung


@pytest.mark.parametrize(
    ("prompt", "style", "last"),
    [
        ("[Verse] down the old dirt road / dust on my shoes - slow country", "slow country", "dust on my shoes"),
        ("[Verse] I walk [Chorus] take me home — indie rock, female voice", "indie rock, female voice", "take me home"),
        ("[Verse]\nI walk\nsoft - and slow - loud drums", "loud drums", "soft - and slow"),
        ("[Verse] I walk alone - I never knew", "", "I walk alone - I never knew"),
        ("[Verse] I walk alone - my soul - my country", "", "I walk alone - my soul - my country"),
        ("folk [Verse] I walk alone - slow country", "folk", "I walk alone - slow country"),
    ],
)
def test_a_style_can_follow_lyrics_after_a_dash(prompt: str, style: str, last: str) -> None:
    about, words = divided(prompt)
    assert (about.strip(), words.split("\n")[-1]) == (style, last)
