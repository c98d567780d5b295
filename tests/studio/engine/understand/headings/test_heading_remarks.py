"""What the headings of given lyrics say about their sections is kept, or it is said that it isn't."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.lyrics import parse_given
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.headings.remarks import remarks

_DUETS = "The studio has one singer or a choir; it can't sing duets."
_VERSE = "I walk along the river bank alone\nThe metal moon is high and far from home"
_CHORUS = "Oh river carry me\nOh river carry me home"


def _made(verse: str, chorus: str, prompt: str = "folk song", more: str = "") -> Plan:
    return plan(Request(prompt, 1, lyrics=f"{verse}\n{_VERSE}\n\n{chorus}\n{_CHORUS}\n{more}"))


@pytest.mark.parametrize(
    ("heading", "remark"),
    [
        ("[Verse 1, key: A minor]", "key: A minor"), ("[Chorus (male choir)]", "male choir"),
        ("[Verse 1: Male]", "Male"), ("[Bridge - whispered]", "whispered"), ("[Male Verse]", "Male"),
        ("[Guitar Solo]", "Guitar"), ("[Verse 1] [Male]", "Male"), ("[Verse] (male)", "male"),
        ("[Verse]\n(male)", "male"),
        ("[Verse 1]\n[Female Vocal]", "Female Vocal"), ("[Verse 1 (8 bars)]", "8 bars"),
        ("Verse 1 – Anna:", "Anna"), ("[Bridge] no drums", "no drums"), ("[Bridge]\n(no drums)", "no drums"),
        ("## Verse 1 (soft)", "soft"), ("--- Verse 1 (soft) ---", "soft"), ("{Verse 1: Anna}", "Anna"),
        ("**Verse 1** *(softly)*", "softly"), ("Zweite Strophe", ""), ("2. Strophe (laut)", "laut"), ("サビ2", ""),
        ("2番", ""),
        ("[Verse 1：Anna]", "Anna"), ("Ritornello (2 volte)", ""), ("Refrein 2x", ""), ("Verse #2:", ""),
        ("[Final Chorus x2]", ""), ("V1:", ""), ("[Verse]", ""), ("[Instrumental break]", ""), ("[Rap]", "Rap"),
    ],
)  # fmt: skip
def test_remarks_are_what_a_heading_says_beside_the_name(heading: str, remark: str) -> None:
    (found,) = remarks(f"{heading}\nla la")
    assert found.text == remark


def test_the_keys_of_sections_are_kept() -> None:
    made = _made("[Verse 1, key: A minor]", "[Chorus (C major)]")
    assert (made.key, made.mode, made.limits) == ("A", "minor", ())
    assert "key of the chorus: C major" in made.structure
    score = compose(made, lyrics=f"[Verse, key: A minor]\n{_VERSE}\n\n[Chorus (C major)]\n{_CHORUS}")
    assert {line.text for line in score.lyric_lines} == {*_VERSE.split("\n"), *_CHORUS.split("\n")}
    assert (_made("[Verse - minor key]", "[Chorus]").mode, _made("[Verse: G C Am F]", "[Chorus]").limits) == (
        "minor",
        ('The studio doesn\'t play sections as their headings say: "G C Am F".',),
    )
    twice = _made("[Verse 1: A minor]", "[Verse 2: B minor]")
    assert twice.limits == ("All sections of a kind have the same key; the first one counts.",)


@pytest.mark.parametrize(
    ("verse", "chorus", "voice", "limits"),
    [
        ("[Verse 1: Male]", "[Chorus]", "male", ()),
        ("Verse 1: female vocals", "Chorus:", "female", ()),
        ("[Verse: male choir]", "[Chorus: male choir]", "choir", ()),
        ("[Verse 1: Anna]", "[Chorus]", "any", ()),
        ("[Verse 1: Taylor Swift]", "[Chorus: Taylor Swift]", "any", ()),
        ("[Verse 1: Male]", "[Chorus: Female]", "any", (_DUETS,)),
        ("[Verse 1: Anna]", "[Chorus: Ben]", "any", (_DUETS,)),
        ("Verse 1 – Anna:", "Chorus – all:", "any", (_DUETS,)),
        ("[Verse]", "[Chorus (male choir)]", "any", ("One singer or a choir sings the whole song.",)),
    ],
)
def test_who_sings_is_kept_or_said(verse: str, chorus: str, voice: str, limits: tuple[str, ...]) -> None:
    made = _made(verse, chorus)
    assert (made.vocals, made.limits) == (voice, limits)


@pytest.mark.parametrize(
    ("verse", "chorus", "prompt", "where"),
    [
        ("[Intro: Choir]\n[Verse]", "[Chorus]", "", "only in intro: choir"),
        ("[Intro: Choir]\nOoh\n[Verse]", "[Chorus]", "pop", "only in intro: choir"),
        ("[Verse]", "[Chorus (male choir)]", "pop", "only in chorus: choir"),
        ("[Verse: female]", "[Chorus: choir]", "pop", "only in chorus: choir"),
        ("[Verse]", "[Chorus: choir]", "folk, female vocals", "only in chorus: choir"),
        ("[Verse]", "[Chorus: choir]", "folk, a choir sings", ""),
    ],
)
def test_a_choir_of_a_section_sings_only_there(verse: str, chorus: str, prompt: str, where: str) -> None:
    made = _made(verse, chorus, prompt)
    assert (f"where: {where}" in made.structure) == bool(where)
    assert made.vocals == ("choir" if not where else "female" if "female" in prompt else "any")
    assert made.genre != "choral"


def test_the_prompt_decides_who_sings() -> None:
    assert (_made("[Verse: male]", "[Chorus]", "techno, no vocals").vocals) == "none"
    made = _made("[Verse: male]", "[Chorus]", "folk, female vocals")
    assert (made.vocals, made.limits) == ("female", (_DUETS,))


@pytest.mark.parametrize("manner", ["whispered", "spoken", "rap"])
def test_a_manner_of_singing_is_kept_in_the_whole_song_or_said(manner: str) -> None:
    said = "The singer keeps one manner of singing throughout a song."
    assert _made("[Verse]", f"[Bridge - {manner}]").limits == (said,)
    made = _made(f"[Verse: {manner}]", f"[Chorus: {manner}]")
    assert made.limits == ()
    assert [term.word for term in made.understood if term.kind == "vocal"]


@pytest.mark.parametrize(
    ("heading", "hint"),
    [
        ("[Verse: no drums]", "where: in verse: drums"),
        ("[Verse]\n(no drums)", "where: in verse: drums"),
        ("[Verse: a cappella]", "where: alone in verse: vocals"),
        ("[Verse] a cappella", "where: alone in verse: vocals"),
        ("[Verse, key change]", "key change"),
        ("[Guitar Solo]\n[Verse]", "acoustic guitar solo"),
        ("[Intro: soft piano]\n[Verse]", "piano intro"),
        ("[Intro]\n[Soft piano]\n[Verse]", "piano intro"),
        ("[Verse 1 (8 bars)]", "bars of the verse: 8"),
    ],
)
def test_what_is_played_is_kept(heading: str, hint: str) -> None:
    made = _made(heading, "[Chorus]")
    assert hint in made.structure
    assert made.limits == ()


def test_only_the_named_section_rests() -> None:
    made = _made("[Verse 1]", "[Verse 2: no drums]", more="[Outro - fade out]")
    assert {"where: in verse 2: drums", "fade out"} <= {*made.structure}


@pytest.mark.parametrize(
    ("verse", "quoted"),
    [
        ("[Verse 1: soft piano, female vocal]", '"soft piano"'),
        ("[Verse 1] [Soft piano, female vocal]", '"Soft piano"'),
        ("[Verse 1 | soft piano | female vocal | loud drums]", '"soft piano", "loud drums"'),
        ("## Verse 1 (female vocal; soft piano)", '"soft piano"'),
        ("[Verse 1: female vocal, G, Am, F]", '"female vocal, G, Am, F"'),
    ],
)
def test_each_part_of_a_remark_is_kept_or_quoted(verse: str, quoted: str) -> None:
    made = _made(verse, "[Chorus]")
    assert made.vocals == "female"
    assert made.limits == (f"The studio doesn't play sections as their headings say: {quoted}.",)
    assert _made("[Verse 1: no drums, female vocal]", "[Chorus]").limits == ()


def test_names_before_lines_are_not_sung() -> None:
    made = plan(Request("folk song", 1, lyrics="Anna: I walk\nBen: You walk\nAnna: We walk"))
    assert made.limits == (_DUETS,)
    assert plan(Request("folk song", 1, lyrics="All: I walk\nYou walk\nAll: We walk")).limits == ()


def test_other_remarks_on_the_sound_are_quoted() -> None:
    made = _made("[Verse: soft piano]", "[Chorus - Lift me up]", more="\n[Bridge: powerful]\nOh my")
    assert made.limits == ('The studio doesn\'t play sections as their headings say: "soft piano", "powerful".',)
    assert made.instruments == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Guitar Solo:", "solo"),
        ("(Guitar Solo)", "solo"),
        ("(Guitar Solo x2)", "solo"),
        ("(Guitar solo 8 bars)", "solo"),
        ("--- Guitar Solo ---", "solo"),
        ("Pont musical", "solo"),
        ("## Guitar Solo", "solo"),
        ("SAX SOLO 2", "solo"),
        ("Solo de guitarra", "solo"),
        ("Solo:", "solo"),
        ("Instrumental break", "solo"),
        ("Instrumental", "solo"),
        ("Interlude", "breakdown"),
        ("Breakdown:", "breakdown"),
        ("Ending:", "ending"),
        ("Coda", "ending"),
        ("RAP:", "verse"),
        ("Drop:", "drop"),
        ("First verse:", "verse"),
        ("2nd Chorus", "chorus"),
        ("Gitarrensolo", "solo"),
        ("Drop", None),
        ("First of all", None),
        ("Solo", None),
        ("Flying solo", None),
        ("Guitar solo in my heart", None),
    ],
)
def test_more_names_of_sections_are_not_sung(line: str, kind: str | None) -> None:
    (*_, last) = parse_given(f"one\n{line}\ntwo").sections
    assert (last.kind, last.lines[-1].text) == (kind or "verse", "two")
    assert len(last.lines) == (1 if kind else 3)
