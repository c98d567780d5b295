"""Lyrics that are pasted into the prompt are sung, and say nothing about the sound."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.lyrics import parse_given
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Locks, Request

_WORDS = """\
[Verse 1]
I walk along the river bank alone
The metal moon is high and far from home

[Chorus]
Oh river carry me
Oh river carry me home"""
_PROMPT = f"folk song, acoustic guitar, no drums\n\n{_WORDS}\n"


def test_lyrics_after_a_heading_are_sung() -> None:
    request = Request(_PROMPT, 1)
    score = compose(plan(request), lyrics=request.lyrics, lyrics_strength=request.lyrics_strength)
    assert request.lyrics == _WORDS
    assert score.title == "Oh river carry me"
    sung = {line for line in score.lyrics.split("\n") if line and not line.startswith("[")}
    assert sung == {line for line in _WORDS.split("\n") if line and not line.startswith("[")}


def test_the_words_of_the_lyrics_are_not_read_as_music() -> None:
    made, plain = plan(Request(_PROMPT, 1)), plan(Request("folk song, acoustic guitar, no drums", 1))
    assert (made.genre, made.blend, made.instruments) == (plain.genre, plain.blend, plain.instruments)
    assert (made.scenes, made.ignored, made.structure) == ((), (), plain.structure)


def test_given_lyrics_replace_those_of_the_prompt() -> None:
    assert Request(_PROMPT, lyrics="La la").lyrics == "La la"
    assert plan(Request(_PROMPT, instrumental=True)).vocals == "none"


def test_a_seed_is_kept_with_the_whole_prompt() -> None:
    first = plan(Request(_PROMPT, 7))
    again = plan(Request("folk song, acoustic guitar", 7, locks=Locks(like=_PROMPT)))
    assert (again.bpm, again.key, again.mode) == (first.bpm, first.key, first.mode)


@pytest.mark.parametrize(
    "file",
    [
        "[ti:Home]\n[00:12.00]I walk alone\n[00:17.20]The moon is high",
        "1\n00:00:01,000 --> 00:00:04,000\nI walk alone\n\n2\n00:00:05,000 --> 00:00:08,000\nThe moon is high",
        "WEBVTT\n\n00:05.000 --> 00:08.000\nI walk alone\n\n00:09.000 --> 00:12.000\nThe moon is high",
        "12 Contributors\nTranslations\nEspañol\nHome Lyrics\n[Verse]\nI walk alone\nThe moon is high",
        "12 ContributorsHome Lyrics[Verse]\nI walk alone\nThe moon is high",
        "{title: Home}\n{key: G}\n{start_of_verse}\n[G]I walk a[C]lone\n[D]The moon is high\n{end_of_verse}",
    ],
)
@pytest.mark.parametrize("above", ["", "slow folk song\n\n"])
def test_a_file_of_lyrics_in_a_prompt_is_sung(above: str, file: str) -> None:
    request = Request(above + file)
    made = plan(request)
    assert request.lyrics == file
    chords = (
        ('The chords in the lyrics aren\'t played; put them in the prompt: "chords: G C D".',) if "[G]" in file else ()
    )
    assert (made.scenes, made.ignored, made.limits) == ((), (), chords)
    assert "length_s" in dict(made.chosen)


@pytest.mark.parametrize("prompt", ["[00:12.00] techno", "[09:14] Mia: pop\n[09:15] Tom: ok", "house\n{soft|loud}"])
def test_a_lone_time_is_no_file_of_lyrics(prompt: str) -> None:
    assert Request(prompt).lyrics is None


@pytest.mark.parametrize("line", ["Lyrics:", "lyrics :", "Letra:", "Songtext:"])
def test_lyrics_can_follow_a_line_that_says_so(line: str) -> None:
    request = Request(f"slow folk song\n{line}\nI walk alone\nThe moon is high\n")
    assert request.lyrics == "I walk alone\nThe moon is high"
    assert plan(request).scenes == ()
    assert Request("pop, lyrics: about a dog").lyrics is None


@pytest.mark.parametrize(
    "line",
    ["pop ballad, female voice, lyrics:", "pop ballad, female voice. Lyrics:\n", "pop ballad, female voice; letra: "],
)
def test_lyrics_can_follow_the_end_of_a_line_that_says_so(line: str) -> None:
    request = Request(f"{line}\nI left a light on in the hall\nfor you, for you")
    made, plain = plan(request), plan(Request("pop ballad, female voice"))
    assert request.lyrics == "I left a light on in the hall\nfor you, for you"
    assert (made.genre, made.vocals, made.scenes, made.limits) == (plain.genre, "female", (), ())


def test_a_description_can_follow_the_lyrics() -> None:
    made = plan(Request(f"{_WORDS}\n\nindie rock, driving drums, male vocals"))
    assert (made.genre, made.vocals, made.scenes) == ("indie rock", "male", ())
    assert Request(f"{_WORDS}\n\nindie rock").lyrics == _WORDS
    assert Request(_WORDS).lyrics == _WORDS


@pytest.mark.parametrize(
    "prompt",
    ["rock [intro: guitar] and verses", "pop\n[Verse]\n\n[Chorus]\n", "jazz\n[loud]\nand fast", "a song\nVerse\nmore"],
)
def test_other_brackets_are_part_of_the_description(prompt: str) -> None:
    assert Request(prompt).lyrics is None


@pytest.mark.parametrize(
    "heading", ["[Verse]", "[verse 2: Anna]", "[Pre-Chorus]", "[Refrain]", "[Estribillo]", " [Hook x2] "]
)
def test_common_headings_begin_lyrics(heading: str) -> None:
    assert Request(f"pop\n{heading}\nla la la").lyrics == f"{heading}\nla la la".strip()


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Estrofa 1", "verse"), ("Estribillo", "chorus"), ("Couplet 1", "verse"), ("Refrain", "chorus"),
        ("Kehrreim", "chorus"), ("Vers 2", "verse"), ("Brücke", "bridge"), ("Refrão", "chorus"), ("Strofa", "verse"),
        ("Ritornello", "chorus"), ("Ponte", "bridge"), ("Pré-refrain", "prechorus"), ("Pré-Refrão", "prechorus"),
        ("Puente", "bridge"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["[{}]", "{}", "{}:"])
def test_headings_of_other_languages_begin_lyrics(heading: str, kind: str, form: str) -> None:
    lyrics = f"{form.format(heading)}\nla la la\nla la"
    assert Request(f"pop\n\n{lyrics}").lyrics == lyrics
    (section,) = parse_given(lyrics).sections
    assert (section.kind, len(section.lines)) == (kind, 2)


_VERSE = "I walk along the river bank alone\nThe metal moon is high and far from home"
_CHORUS = "Oh river carry me\nOh river carry me home"


@pytest.mark.parametrize(
    ("verse", "chorus"),
    [
        ("Verse 1:", "Chorus:"), ("(Verse 1)", "(Chorus)"), ("VERSE 1", "CHORUS"), ("**Verse 1**", "**Chorus**"),
        ("**Verse 1:**", "**Chorus:**"), ("Verse 1", "Chorus"), ("Verse one", "Final Chorus"), ("# Verse", "# Chorus"),
        ("### Verse 1", "### Chorus x2"), ("Strophe 1", "Refrain"), ("Verse I:", "[Chorus]"), ("Pre-Chorus", "Hook"),
    ],
)  # fmt: skip
def test_headings_without_brackets_begin_lyrics(verse: str, chorus: str) -> None:
    request = Request(f"gentle folk, male voice\n\n{verse}\n{_VERSE}\n\n{chorus}\n{_CHORUS}\n")
    made = plan(request)
    assert (made.vocals, made.instruments, made.scenes, made.limits) == ("male", (), (), ())
    score = compose(made, lyrics=request.lyrics)
    assert {line.text for line in score.lyric_lines} == {*_VERSE.split("\n"), *_CHORUS.split("\n")}


@pytest.mark.parametrize("line", ["lyrics", "Lyrics", "## Lyrics", "**Lyrics:**", "[Lyrics]"])
def test_a_line_that_announces_lyrics_needs_no_colon(line: str) -> None:
    request = Request(f"slow folk song\n\n{line}\n{_VERSE}\n\n{_CHORUS}\n")
    assert request.lyrics == f"{_VERSE}\n\n{_CHORUS}"
    assert plan(request).scenes == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "pop\nverse\nchorus\nverse\nchorus\nbridge\nchorus",
        "rock\nintro\nverse 1\nchorus\nguitar solo\noutro\nfade out",
        "epic score\n\nIntro\nsoft piano and strings\nno drums\n\nVerse\ndrums enter\nmale vocals",
        "rock\nIntro: piano\nVerse: drums, bass\nChorus: loud guitars",
        "pop\nlyrics\nabout a lost love\nin the rain",
        "pop, lyrics:\n- about a lost love\n- in the rain",
        "pop, lyrics:\nsad",
        "rock\n- intro -\npiano\n- verse -\ndrums\n- chorus -\nloud guitars",
        "house\n\n== Drop ==\nhard and loud\nfor the dance floor",
        "lofi hip hop\n\n120 bpm\nrainy night outside\nwith a saxophone solo\nno drums",
        "The sea.\n\nIt begins with a piano.\nThen strings come in softly.\nDrums enter.\nIt ends in F major.",
        "I want a song for my mom.\nShe is turning 60.\nI love her very much.\nWe are proud of you.",
        "a train in the rain\na saxophone cries softly\nthen I hear drums",
        "ballad\n\n- sung by a woman in the rain\n- about the end of summer\n- with hope at the end\n- and a long coda",
    ],
)
def test_descriptions_of_several_lines_are_no_lyrics(prompt: str) -> None:
    request = Request(prompt)
    assert request.lyrics is None
    assert not [limit for limit in plan(request).limits if "looks like lyrics" in limit]


@pytest.mark.parametrize(
    ("prompt", "about"),
    [
        (f"gentle folk, male voice\n\n{_VERSE}\n\n{_CHORUS}", "gentle folk, male voice"),
        (f"{_VERSE}\n\n{_CHORUS}\n\ngentle folk", "gentle folk"),
        (f"{_VERSE}\n\n{_CHORUS}\n\n{_VERSE}\n\n{_CHORUS}", ""),
        (f"pop\n\n1. {_VERSE}\n\n2. {_CHORUS}", "pop"),
        (f"pop\n\n1.\n{_VERSE}\n\n2.\n{_CHORUS}", "pop"),
    ],
)
def test_stanzas_without_headings_are_sung(prompt: str, about: str) -> None:
    made = Request(prompt)
    assert made.lyrics is not None
    sections = parse_given(made.lyrics).sections
    lines = [line.text for section in sections for line in section.lines]
    assert lines[:4] == [*_VERSE.split("\n"), *_CHORUS.split("\n")]
    assert plan(made).limits == ()
    assert plan(made).understood == plan(Request(about)).understood


@pytest.mark.parametrize(
    ("about", "blank"), [("gentle folk, male voice", "\n\n"), ("gentle folk, male voice", "\n"), ("Schlager", "\n \n")]
)
@pytest.mark.parametrize("words", [f"{_VERSE}\n{_CHORUS}", "I walk alone\nyou are far away\nyour moon is cold"])
def test_a_single_stanza_below_a_line_is_sung(about: str, blank: str, words: str) -> None:
    made = Request(f"{about}{blank}{words}\n")
    assert made.lyrics == words
    assert plan(made).limits == ()
    assert plan(made).understood == plan(Request(about)).understood


@pytest.mark.parametrize(
    "prompt",
    [
        "sad piano\nI want it slow\nlike my heart\nyou know",
        "jazz, 90 bpm\nsoft drums for my evening\nupright bass\nmy favorite piano",
        "epic score\n\nA lonely train station at midnight\nNeon lights in puddles\nThe last train leaves",
        "country song\nthe old house\nhe left when I was ten\ndust on the road",
        "I walk alone\nyou are far away\nyour moon is cold",
        "lullaby\n\nmy daughter is called Mia\nshe is small\nwe live in Rome",
        "acoustic song\n\nit's my birthday\nI'm turning 30\nI feel old",
        "folk\n\nI walk alone\nyou are far away",
        "folk\n\nI walk alone.\nYou are far away.\nYour moon is cold.",
        "90\n\nI walk alone\nyou are far away\nyour moon is cold",
    ],
)
def test_a_single_stanza_that_may_describe_a_song_is_not_sung(prompt: str) -> None:
    assert Request(prompt).lyrics is None


@pytest.mark.parametrize(
    "prompt",
    [
        "I want a song for my mom.\nShe is turning 60.\n\nI love her very much.\nShe raised me alone.",
        "ballad for my wife\n\nWe met in Paris in 1999\nI proposed on a boat\nWe have two kids\nAnd a dog named Rex",
        "write me a song\n\nI love my dog so much\nHe is my best friend\n\nHe barks at night\nI feed him every day",
        "lofi\n\nrainy night\nslow mood\n\nsoft keys\nold tape",
        "pop\n\nI want a loud chorus\nwith my friends\n\nwrite it for me\nI like it sad",
        "pop\n\n- I walk alone\n- you are gone\n\n- we were young\n- oh my love",
    ],
)
def test_paragraphs_about_a_song_are_not_sung(prompt: str) -> None:
    assert Request(prompt).lyrics is None


@pytest.mark.parametrize(
    ("verse", "chorus"),
    [("V1:", "C:"), ("V1", "Ch:"), ("v 1 :", "c1:"), ("Verse 1 -", "Chorus –"), ("Verse 1 – Anna:", "Chorus – all:"),
     ("--- Verse 1 ---", "--- Chorus ---"), ("<Verse 1>", "{Chorus}"), ("== Verse ==", "CHORUS!"),
     ("Verse 1.", "Chorus."),
     ("## Verse 1 (soft)", "## Chorus (loud)"), ("1. Strophe", "Refrain (laut)"), ("1 куплет:", "Припев:"),
     ("Aメロ", "サビ"), ("Verse 1: male", "Chorus: male and female voices"),
     ("*Verse 1*", "**Chorus**"), ("Verse - whispered", "Hook:")],
)  # fmt: skip
def test_more_styles_of_headings_begin_lyrics(verse: str, chorus: str) -> None:
    text = f"{verse}\n{_VERSE}\n\n{chorus}\n{_CHORUS}"
    assert Request(f"folk\n\n{text}").lyrics == text
    assert [(one.kind, len(one.lines)) for one in parse_given(text).sections] == [("verse", 2), ("chorus", 2)]


def test_words_can_follow_a_heading_in_parentheses() -> None:
    text = "(Verse 1) I walk along\nThe moon is high\n(Chorus) Oh river\ncarry me"
    for sections in (parse_given(text).sections, parse_given(Request(f"folk\n{text}").lyrics or "").sections):
        assert [(one.kind, len(one.lines)) for one in sections] == [("verse", 2), ("chorus", 2)]
    assert Request("rock\n(Verse) soft piano\n(Chorus) I want loud guitars").lyrics is None


@pytest.mark.parametrize("text", ["3\n2\n1", "1\n2\n3", "1. Go\nnow", "one\n\n3. two\n\n4. three", "12 men\n\n2 more"])
def test_other_numbers_are_sung(text: str) -> None:
    lines = [line.text for section in parse_given(text).sections for line in section.lines]
    assert lines == [line for line in text.split("\n") if line]


@pytest.mark.parametrize(
    "prompt",
    [
        f"ballad for my wife\n\n{_VERSE}\n{_CHORUS}",
        f"write a ballad\n\n{_VERSE}\n{_CHORUS}",
        "song for my mom\n\nI love you so\nyou raised me well\nI thank you now",
        "I walk alone tonight\nyou are far away\nyour moon is cold",
        "house\n\nI want people to dance\nMake them happy\nMake it last\nI love summer",
        "pop\nVerse\nI walk alone at night\nChorus\nOh carry me away",
    ],
)
def test_lines_that_only_look_like_lyrics_are_noted(prompt: str) -> None:
    assert Request(prompt).lyrics is None
    note = "What looks like lyrics is read as a description; put [Verse] above it to have it sung."
    assert note in plan(Request(prompt)).limits
    assert note not in plan(Request(prompt, lyrics="La la la")).limits


def test_addresses_in_lyrics_are_not_sung() -> None:
    said = "Web and mail addresses in the lyrics aren't sung."
    addresses = "https://example.com/song?id=7\nexample.com/ann"
    lyrics = f"[Verse]\n{addresses}\nI walk alone (www.example.com)\nwrite to ann@example.com\nhey there"
    request = Request("pop", 1, lyrics=lyrics)
    (section,) = parse_given(lyrics).sections
    assert [line.text for line in section.lines] == ["I walk alone", "write to", "hey there"]
    assert [one.text for one in section.lines[-1].syllables] == ["hey", "there"], "it is English"
    assert plan(request).limits == (said,)
    assert plan(Request("pop", 1, lyrics="I met you @ noon at 3.30")).limits == ()


_BODY = "[Verse]\nI walk alone\nThe moon is high\n\n[Chorus]\nOh river carry me"


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("Title: Blue Door", "Blue Door"), ("Blue Door", "Blue Door"), ("# blue door", "blue door"),
        ("(Title: Blue Door)", "Blue Door"), ('"Blue Door"\nby Anna', "Blue Door"), ("Song: Home\nArtist: Ann", "Home"),
        ("Here is a song for you\n**Title: Blue Door**", "Blue Door"),
        ("Written by Anna\nCapo 2", "Oh river carry me"), ("Lyrics:", "Oh river carry me"),
    ],
)  # fmt: skip
def test_what_is_above_lyrics_is_not_sung(header: str, title: str) -> None:
    lyrics = f"{header}\n\n{_BODY}"
    score = compose(plan(Request("pop", 1, lyrics=lyrics)), lyrics=lyrics)
    assert {line.text for line in score.lyric_lines} == {"I walk alone", "The moon is high", "Oh river carry me"}
    assert score.title == title


@pytest.mark.parametrize(
    "line", ["Oh my love", "Walking home", "Hello,", "G C", "Oh river carry me", "Time flies: I know"]
)
def test_a_line_above_the_first_heading_is_sung(line: str) -> None:
    assert parse_given(f"{line}\n\n{_BODY}").sections[0].lines[0].text == line


@pytest.mark.parametrize(
    "lyrics",
    [
        "Title: me",
        "[Verse]\nTitle: me",
        "I walk\nthe moon\nis high\nTitle: me",
        "Blue Door\n\nI walk alone\nthe moon is high",
    ],
)
def test_other_titles_are_sung(lyrics: str) -> None:
    (section, *_) = parse_given(lyrics).sections
    assert section.lines[0].text in lyrics.split("\n")[0:2]


@pytest.mark.parametrize(
    ("prompt", "header", "key", "bpm", "meter"),
    [
        ("pop", "{key: Em}\n{tempo: 90}\n{time: 3/4}", "E", 90.0, (3, 4)),
        ("pop", "{meta: key Em}\n{meta: tempo 90}", "E", 90.0, (4, 4)),
        ("pop", "Key: Em\nTempo: 90\nTime: 3/4\n", "E", 90.0, (3, 4)),
        ("pop", "Key: E\nBPM: 90\nTime Signature: 6/8\n", "E", 135.0, (6, 8)),
        ("pop, 120 bpm in A minor, 4/4", "{key: Em}\n{tempo: 90}\n{time: 3/4}", "A", 120.0, (4, 4)),
        ("waltz in D", "{time: 4/4}\n{tempo: 100}", "D", 100.0, (3, 4)),
    ],
)
def test_key_tempo_and_meter_of_a_file_of_lyrics_are_kept(
    prompt: str, header: str, key: str, bpm: float, meter: tuple[int, int]
) -> None:
    """The directives of ChordPro were left out."""
    made = plan(Request(prompt, 1, lyrics=f"{header}\n[C]I walk a[G]lone\n[C]The moon is [G]high"))
    said = 'The chords in the lyrics aren\'t played; put them in the prompt: "chords: C G C G".'
    assert (made.key, made.bpm, made.meter, made.limits) == (key, bpm, meter, (said,))


def test_a_time_that_is_no_meter_is_not_read() -> None:
    said = 'Above the lyrics, only title, key, tempo and meter are read; put "Time: 4:12" into the prompt.'
    assert plan(Request("pop", 1, lyrics=f"Time: 4:12\n\n{_BODY}")).limits == (said,)


def test_key_and_tempo_above_lyrics_are_kept() -> None:
    made = plan(Request("pop", 1, lyrics=f"Key: A minor\nTempo: 90\n\n{_BODY}"))
    assert (made.key, made.mode, made.bpm, made.limits) == ("A", "minor", 90.0, ())
    assert plan(Request("pop, 120 bpm, in D", 1, lyrics=f"Key: G\nBPM: 90\n\n{_BODY}")).bpm == 120.0
    said = 'Above the lyrics, only title, key, tempo and meter are read; put "Genre: jazz" into the prompt.'
    assert plan(Request("pop", 1, lyrics=f"Genre: jazz\n\n{_BODY}")).limits == (said,)


@pytest.mark.parametrize("solo", ["Solo", "SOLO", "solo", "Solo."])
def test_a_solo_between_stanzas_is_played(solo: str) -> None:
    sections = parse_given(f"I walk alone\nThe moon is high\n\n{solo}\n\nOh river carry me\nOh carry me").sections
    assert [(one.kind, len(one.lines)) for one in sections] == [("verse", 2), ("solo", 0), ("verse", 2)]


def test_the_word_solo_within_a_stanza_is_sung() -> None:
    (section,) = parse_given("I walk the city\nSolo\nThe moon is high").sections
    assert [line.text for line in section.lines] == ["I walk the city", "Solo", "The moon is high"]
