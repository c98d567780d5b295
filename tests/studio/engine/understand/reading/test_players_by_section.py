"""Players who rest in some sections of a song, or play only there: `no drums in the verses`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.casting.player_hints import is_among
from riffusion_tui.studio.engine.prompt import plan, recognize
from riffusion_tui.studio.engine.score import Score, Section
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.words.tables import genres
from tests.studio.engine.scores import composed

_SEEDS = range(4)
_PICKUP = 1.0
"""Beats before a section in which a fill or an upbeat leads to it."""


def _with(score: Score, name: str) -> list[Section]:
    """Return the sections in which an instrument, a family or `vocals` plays."""
    starts = [
        note.start
        for track in score.tracks
        if track.role == name or (track.role != "vocal" and is_among((name,), track.instrument))
        for note in track.notes
    ]
    ends = [*(section.start for section in score.sections[1:]), score.beats]
    return [
        section
        for section, end in zip(score.sections, ends, strict=True)
        if any(section.start - 0.1 <= start < end - _PICKUP for start in starts)
    ]


@pytest.mark.parametrize(
    ("prompt", "name", "kind"),
    [
        ("no drums in the verses, rock", "drums", "verse"),
        ("no drums in verses, rock", "drums", "verse"),
        ("no drums during the verses, rock", "drums", "verse"),
        ("no drums in the verse, rock", "drums", "verse"),
        ("verses without drums, rock", "drums", "verse"),
        ("no guitar in the chorus, pop", "guitar", "chorus"),
        ("without bass in the bridge, funk", "bass", "bridge"),
        ("no vocals in the verses, pop", "vocal", "verse"),
        ("pop, no drums in the intro", "drums", "intro"),
        ("pop, an intro that has no drums", "drums", "intro"),
    ],
)
def test_an_exclusion_for_a_kind_of_section_is_for_that_alone(prompt: str, name: str, kind: str) -> None:
    played = set()
    for seed in _SEEDS:
        score = composed(prompt, seed)
        sections = _with(score, name)
        played |= {section.kind for section in sections}
        assert kind not in {section.kind for section in sections}
        assert not score.plan.avoided
        assert not score.plan.limits
    assert played >= {"verse", "chorus"} - {kind}


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("drums only in the chorus, pop", "drums"),
        ("the drums only appear in the chorus, pop", "drums"),
        ("pop, drums in the chorus only", "drums"),
        ("no drums except in the chorus, pop", "drums"),
        ("no drums anywhere but the chorus, rock", "drums"),
        ("vocals only in the chorus, pop", "vocal"),
        ("no vocals except in the chorus, pop", "vocal"),
        ("techno, no vocals except in the chorus", "vocal"),
        ("pop, piano in the verses, strings in the chorus only", "strings"),
    ],
)
def test_a_player_of_one_kind_of_section_plays_only_there(prompt: str, name: str) -> None:
    for seed in _SEEDS:
        score = composed(prompt, seed)
        high = {section.kind for section in score.sections} & {"drop" if "techno" in prompt else "", "chorus"}
        assert {section.kind for section in _with(score, name)} == high
        assert score.plan.vocals != "none" or name == "drums"


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("choir in the intro", "intro"),
        ("pop, choir intro", "intro"),
        ("choir only in the chorus", "chorus"),
        ("pop, no choir except in the bridge", "bridge"),
        ("metal with choir and strings in the chorus", "chorus"),
        ("gospel, choir in the chorus", "chorus"),
        ("pop, choir sings the chorus", "chorus"),
        ("male choir sings the verses, a man sings the chorus, folk", "verse"),
        ("pop, a man sings, children's choir in the chorus", "chorus"),
        ("soul, a gospel choir joins at the end", "ending"),
        ("pop, intro: piano, outro: fade with choir", "ending"),
    ],
)
def test_a_choir_in_a_part_of_a_song_is_beside_the_singer(prompt: str, kind: str) -> None:
    score = composed(prompt)
    assert score.plan.vocals in ("any", "male")
    assert (score.plan.cast, score.plan.limits) == ((), ())
    assert score.plan.genre not in ("choral", "cinematic")
    (choir,) = [track for track in score.tracks if track.role == "pad" and track.instrument == "vocal choir"]
    assert {section.kind for section in _with(replace(score, tracks=(choir,)), "vocal choir")} == {kind}


def test_a_choir_in_a_part_of_a_song_only_colors_its_genre() -> None:
    made = plan(Request("house, gospel choir in the breakdown"))
    assert (made.genre, made.blend) == ("house", "gospel")
    assert plan(Request("a choir sings the verses and the chorus, folk")).vocals == "choir"


@pytest.mark.parametrize(
    ("prompt", "kind", "players"),
    [
        ("only piano in the intro, rock", "intro", {"piano"}),
        ("just drums and bass in the verses, rock", "verse", {"drums", "bass"}),
        ("rock, the bridge has only piano", "bridge", {"piano"}),
        ("rock, breakdown in the middle with only piano, then back to the beat", "breakdown", {"piano"}),
        ("only a cello in the bridge, pop", "bridge", {"cello"}),
        ("verse: piano only, chorus: full band, pop", "verse", {"piano"}),
        ("pop, only vocals in the bridge", "bridge", set[str]()),
    ],
)
def test_players_who_are_alone_in_a_section_are_so_only_there(prompt: str, kind: str, players: set[str]) -> None:
    for seed in _SEEDS:
        score = composed(prompt, seed)
        others = [t for t in score.tracks if t.role not in ("vocal", "fx") and t.instrument not in players]
        others = [track for track in others if not is_among(("vocals",), track.instrument)]
        assert len(others) > 2
        for track in others:
            assert kind not in {section.kind for section in _with(replace(score, tracks=(track,)), track.role)}
        assert all(kind in {section.kind for section in _with(score, name)} for name in players)


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("rock, second verse without drums", "in verse 2: drums"),
        ("rock, the drummer takes a break in the bridge", "in bridge: drums"),
        ("pop, organ enters in verse two", "until verse 2: organ"),
        ("jazz, the sax plays only in the chorus", "only in chorus: sax"),
        ("rock, guitar is heard only in the bridge", "only in bridge: guitar"),
        ("rock, in the beginning only piano, at the end all", "alone in intro: piano"),
        ("rock, bass and drums sit out in the intro", "in intro: bass"),
        ("rock, guitars drop out in the second verse, only bass and vocals", "alone in verse 2: bass"),
        ("pop, the last chorus has no drums", "in chorus last: drums"),
        ("pop, first verse only piano and vocals", "alone in verse 1: piano"),
    ],
)
def test_a_section_before_its_players_is_selected_by_its_number(prompt: str, place: str) -> None:
    made = plan(Request(prompt))
    assert f"where: {place}" in made.structure
    assert made.cast == ()


def test_the_players_before_a_full_band_are_alone() -> None:
    made = plan(Request("drums and bass only for the verses, full band in the chorus, rock"))
    assert {"where: alone in verse: drums", "where: alone in verse: bass"} <= {*made.structure}


def test_who_sings_unaccompanied_at_first_does_so_until_the_band_joins() -> None:
    made = plan(Request("starts a cappella, band kicks in on the second chorus, soul"))
    assert "where: until chorus 2: all but vocals" in made.structure


@pytest.mark.parametrize("when", ["later", "halfway", "halfway through"])
def test_who_enters_is_after_the_comma(when: str) -> None:
    made = plan(Request(f"acoustic guitar and voice, strings come in {when}, pop"))
    assert [hint for hint in made.structure if "where" in hint] == ["where: until chorus, verse 2: strings"]


def test_a_comma_ends_the_players_of_a_section() -> None:
    made = plan(Request("pop, piano, strings only in the chorus"))
    assert [hint for hint in made.structure if hint.startswith("where")] == ["where: only in chorus: strings"]


def test_another_player_after_an_exclusion_is_not_alone() -> None:
    made = plan(Request("choir and organ, an anthem; there are no drums, only timpani at the end"))
    assert [hint for hint in made.structure if hint.startswith("where")] == ["where: only in ending: timpani"]


def test_a_part_of_the_drum_kit_rests() -> None:
    score = composed("house, no kick in the breakdown, no hi-hats until the drop")
    first = next(section.start for section in score.sections if section.kind == "drop")
    hats = [n.start for t in score.tracks if t.role == "drums" for n in t.notes if n.pitch in (42, 44, 46)]
    assert min(hats) >= first - 0.1


def test_lists_and_numbers_select_players_and_sections() -> None:
    for seed in _SEEDS:
        score = composed("rock, no drums or bass in the intro and the second verse", seed)
        for name in ("drums", "bass"):
            names = {section.name for section in _with(score, name)}
            assert {"Verse 1", "Verse 3"} & names
            assert not {"Verse 2", "Intro"} & names


def test_players_enter_with_a_section() -> None:
    for seed in _SEEDS:
        score = composed("rock, no drums until the chorus", seed)
        first = next(section.start for section in score.sections if section.kind == "chorus")
        starts = [section.start for section in _with(score, "drums")]
        assert starts[0] == first


@pytest.mark.parametrize(
    ("prompt", "name", "section"),
    [
        ("rock, drums kick in at the first chorus", "drums", "Chorus 1"),
        ("soul, trumpet comes in at the second verse", "trumpet", "Verse 2"),
        ("pop, add strings from the second chorus on", "strings", "Chorus 2"),
        ("pop, then strings finally enter in the last chorus", "strings", "Chorus last"),
        ("folk, violin from the second verse onwards", "violin", "Verse 2"),
        ("pop, a flute joins after the first chorus", "flute", ""),
    ],
)
def test_players_enter_with_a_section_of_which_the_prompt_says_so(prompt: str, name: str, section: str) -> None:
    for seed in _SEEDS:
        score = composed(prompt, seed)
        kind, _, number = section.lower().partition(" ")
        same = [one for one in score.sections if one.kind == (kind or "chorus")]
        first = same[-1 if number == "last" else int(number or 1) - 1]
        played = [one.start for one in _with(score, name)]
        assert min(played) >= first.start + (0 if kind else 0.1)
        assert not {"enter", "comes", "add", "second", "joins"} & {*score.plan.ignored}


@pytest.mark.parametrize(
    ("prompt", "first", "kind"),
    [
        ("rock ballad, the band joins later", "", "chorus"),
        ("rock ballad, piano alone, the band comes in at the second verse", "piano", "verse 2"),
        ("rock, acoustic guitar first, band kicks in at the chorus", "acoustic guitar", "chorus"),
        ("power ballad, the whole band enters in the last chorus", "", "chorus 0"),
        ("starts with piano alone, then the full band joins in, pop", "piano", "verse"),
        ("piano and voice in the first verse, then the full band, pop", "piano", "prechorus"),
    ],
)
def test_the_band_joins_who_begins(prompt: str, first: str, kind: str) -> None:
    score = composed(prompt)
    kind, _, number = kind.partition(" ")
    at = [i for i, section in enumerate(score.sections) if section.kind == kind][int(number or 1) - 1]
    band = [
        one
        for one in score.tracks
        if one.role not in ("vocal", "chords") and one.instrument not in (first, "vocal choir")
    ]
    starts = [note.start for track in band for note in track.notes]
    begun = [n.start for t in score.tracks if t.role == "chords" and first in ("", t.instrument) for n in t.notes]
    assert abs(min(starts) - score.sections[at].start) <= _PICKUP + 0.1
    assert min(begun) < score.sections[1].start
    assert not {"band", "joins", "comes", "later"} & {*score.plan.ignored}
    assert score.plan.vocals != "none"


def test_who_joins_later_does_so_with_the_chorus_or_the_second_verse() -> None:
    for prompt in (
        "strings join later, pop",
        "strings enter afterwards, pop",
        "cinematic piano with strings joining in the middle",
    ):
        assert "where: until chorus, verse 2: strings" in plan(Request(prompt)).structure
    for prompt in ("rock, then the band plays a solo", "pop, a marching band comes in at the last chorus"):
        assert not [one for one in plan(Request(prompt)).structure if "where" in one]


def test_what_cannot_enter_with_a_section_is_said() -> None:
    assert plan(Request("soul, a female singer joins at the end")).limits == (
        "Singers can only enter before the ending.",
    )
    assert "Players can only rest for whole sections." in plan(Request("funk, sax joins in the second half")).limits


def test_the_tune_is_played_where_nobody_sings() -> None:
    score = composed("pop, no vocals in the verses")
    leads = [track for track in score.tracks if track.role == "lead"]
    verse = next(section for section in score.sections if section.kind == "verse")
    assert any(verse.start <= note.start < verse.start + 8 for track in leads for note in track.notes)
    assert "[Verse]" not in score.lyrics
    assert "[Chorus]" in score.lyrics


def test_given_lyrics_decide_where_they_are_sung() -> None:
    lyrics = "[Verse]\nOne more day\nOne more night\n\n[Chorus]\nSing it now\nSing it loud"
    assert "One more day" in composed("pop, no vocals in the verses", lyrics=lyrics).lyrics


def test_an_exclusion_for_sections_is_shown() -> None:
    shown = [(term.kind, term.meaning) for term in recognize("rock, no drums in the verses")]
    assert ("avoid", "drums in verse") in shown


@pytest.mark.parametrize(
    "prompt", ["pop, no drums at all", "folk, no banjo in the story", "rock, no drums in the song"]
)
def test_other_words_exclude_in_the_whole_song(prompt: str) -> None:
    made = plan(Request(prompt))
    assert made.avoided
    assert not any(hint.startswith("where") for hint in made.structure)


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        ("pop, no drums for the first half", "Players can only rest for whole sections."),
        ("pop, no drums for the first part", "Players can only rest for whole sections."),
        ("pop, not sad in the chorus", "Only players can be left out of single sections."),
        ("metal, no growls in the verses", "Only players can be left out of single sections."),
        ("pop, vocals only in the intro", "Nobody sings in an intro, a solo or a breakdown."),
        ("pop, no chorus at the end", "A kind of section can only be left out of the whole song."),
    ],
)
def test_what_a_part_of_the_song_cannot_be_without_is_said(prompt: str, limit: str) -> None:
    assert plan(Request(prompt)).limits == (limit,)


@pytest.mark.parametrize(
    ("prompt", "order"),
    [
        ("pop: verse, chorus, verse, chorus, no chorus after the bridge", "verse chorus verse chorus"),
        ("verse verse chorus bridge, no chorus at the end", "verse verse chorus bridge"),
    ],
)
def test_no_chorus_after_a_section_leaves_the_others(prompt: str, order: str) -> None:
    score = composed(prompt)
    kinds = [section.kind for section in score.sections]
    assert [kind for kind in kinds if kind not in ("intro", "ending")] == order.split()
    assert not score.plan.limits


@pytest.mark.parametrize(
    "prompt", ["no vocals until the chorus", "no singing in the verse", "techno, no vocals in the first verse"]
)
def test_who_rests_in_a_section_sings_in_others(prompt: str) -> None:
    for seed in range(8):
        made = plan(Request(prompt, seed))
        assert made.vocals != "none"
        assert genres()[made.genre].vocals != "none" or made.genre == "techno"


def test_an_intro_in_which_somebody_rests_is_not_played_by_the_next_in_the_list() -> None:
    made = plan(Request("pop, no drums in the intro, piano"))
    assert "intro" in made.structure
    assert "piano intro" not in made.structure


def test_a_lone_player_of_the_intro_is_joined_by_the_band() -> None:
    made = plan(Request("symphonic metal, a lone cello in the intro, then full orchestra and choir", seed=1))
    assert (made.cast, made.structure) == ((), ("cello intro",))
    tracks = compose(made).tracks
    assert {"drums", "distorted guitar", "cello"} <= {track.instrument for track in tracks}
