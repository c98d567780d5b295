"""A singer who is alone: nobody else is heard, and the song has no silent parts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.engine_errors import EngineError
from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.output.stems import stem_names
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.score_edits import score_of
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import Locks, Request, SongEdit
from tests.studio.engine import listening

_LYRICS = """[Verse]
The harbor sleeps below the hill
And every boat is standing still

[Chorus]
Come home, come home

[Verse]
The tide is turning in the bay
It takes the summer all away
The gulls are gone, the lamps are low
And nobody is left to know"""


def _score(prompt: str, seed: int = 1, length_s: float = 60.0) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=length_s)))


def _rests_s(score: Score) -> list[float]:
    """Return the seconds of each rest, those before the first note and after the last included."""
    notes = sorted((n.start, n.start + n.length) for track in score.tracks for n in track.notes)
    spans = [(0.0, 0.0), *notes, (score.beats, score.beats)]
    return [max(0.0, after - end) * 60 / score.plan.bpm for (_, end), (after, _) in pairwise(spans)]


@pytest.mark.parametrize(
    ("prompt", "voice"),
    [
        ("unaccompanied soprano", "female"),
        ("rap a cappella", "any"),
        ("solo female voice, no instruments", "female"),
        ("one man singing a cappella", "male"),
        ("unaccompanied soprano, no harmonies", "female"),
        ("soprano solo", "female"),
        ("solo tenor", "male"),
        ("vocal solo", "any"),
        ("a lone voice", "any"),
        ("a woman singing alone", "female"),
        ("a soprano on her own", "female"),
        ("eine Frau singt a cappella", "female"),
        ("pop a cappella", "any"),
        ("eine Frau singt allein", "female"),
        ("une femme chante seule", "female"),
        ("nur Gesang", "any"),
        ("spoken word, no music", "any"),
        ("voice only", "any"),
        ("just vocals", "any"),
    ],
)
def test_only_the_singer_is_heard(prompt: str, voice: str) -> None:
    score = _score(prompt)
    assert (score.plan.cast, score.plan.vocals) == ((LONE_SINGER,), voice)
    assert [(track.role, track.instrument) for track in score.tracks] == [("vocal", "vocals")]
    assert stem_names(list(score.tracks)) == ["01 Vocals"]
    sung = [line.text for line in score.lyric_lines]
    assert sung == [line for line in score.lyrics.splitlines() if line and not line.startswith("[")]


@pytest.mark.parametrize(
    "prompt",
    [
        "a cappella", "a cappella choir", "barbershop quartet", "a cappella group with harmonies", "gospel a cappella",
        "doo wop a cappella", "three men sing a cappella", "kids a cappella", "a cappella, female vocals, layered",
        "a man and a woman sing a cappella",
    ],
)  # fmt: skip
def test_several_sing_if_the_prompt_says_so_or_groups_usually_do(prompt: str) -> None:
    assert {"choir", "vocal choir"} & set(plan(Request(prompt, seed=1)).cast)


@pytest.mark.parametrize(
    "prompt",
    [
        "pop, solo female vocals", "choral piece with soprano solo", "a folk song with a lone female voice",
        "opera, soprano solo", "jazz scat solo", "solo piano with female vocals", "rock song with a vocal solo",
        "starts with a solo voice, then the band comes in",
    ],
)  # fmt: skip
def test_a_singers_solo_within_a_song_has_players(prompt: str) -> None:
    assert LONE_SINGER not in plan(Request(prompt, seed=1)).cast


@pytest.mark.parametrize(
    "prompt", ["female vocals, guitar solo", "soprano, piano solo", "male voice, violin solo at the end"]
)
def test_an_instruments_solo_is_not_the_singers(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.cast, made.structure[0].split()[-1]) == ((), "solo")


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("solo singer with guitar", ("acoustic guitar",)),
        ("a lone voice with piano", ("piano",)),
        ("fingerpicked acoustic guitar, one guy singing softly, folk song", ("acoustic guitar",)),
        ("jazz ballad, one female singer, piano", ("piano",)),
        ("one female vocalist, country, pedal steel guitar", ()),
        ("rock ballad, piano, one singer", ()),
        ("solo female vocals and drums", ()),
        ("solo singer with guitar and drums", ()),
    ],
)
def test_one_instrument_accompanies_a_solo_singer(prompt: str, players: tuple[str, ...]) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.cast, made.vocals != "none") == (players, True)


def test_without_words_a_choir_takes_the_singers_place() -> None:
    made = plan(Request("unaccompanied soprano", instrumental=True))
    assert (made.cast, made.vocals) == (("choir",), "none")


@pytest.mark.parametrize(
    "prompt", ["unaccompanied soprano", "rap a cappella", "techno, voice only", "blues, voice only"]
)
@pytest.mark.parametrize("seed", range(1, 6))
def test_no_part_of_the_song_is_silent_and_it_is_about_as_long_as_asked(prompt: str, seed: int) -> None:
    score = _score(prompt, seed)
    assert max(_rests_s(score)) < 3.0
    assert score.duration_s == pytest.approx(60, rel=0.2)
    assert not {section.kind for section in score.sections} & {"intro", "solo", "breakdown"}


@pytest.mark.parametrize("length_s", [8.0, 20.0, 200.0])
def test_short_and_long_songs_are_not_silent_either(length_s: float) -> None:
    score = _score("slow unaccompanied tenor, with a long intro and a solo", 2, length_s)
    assert max(_rests_s(score)) < 3.0
    assert score.duration_s == pytest.approx(length_s, rel=0.2)


@pytest.mark.parametrize("length_s", [None, 60.0])
@pytest.mark.parametrize("seed", range(1, 4))
def test_given_lyrics_are_all_sung_without_silent_parts(length_s: float | None, seed: int) -> None:
    request = Request("a woman sings a cappella, folk", seed=seed, lyrics=_LYRICS, length_s=length_s)
    score = compose(plan(request), lyrics=_LYRICS)
    wanted = [line for line in _LYRICS.splitlines() if line and not line.startswith("[")]
    assert set(wanted) == {line.text for line in score.lyric_lines}
    assert max(_rests_s(score)) < 3.0


@pytest.mark.parametrize("prompt", ["plainchant, 30 seconds", "techno, voice only"])
def test_ignored_lyrics_change_nothing(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert compose(made, lyrics=_LYRICS, lyrics_strength=0.0) == compose(made)


def test_a_lone_singer_can_be_locked_and_edited() -> None:
    request = Request("unaccompanied soprano", seed=1, length_s=45.0)
    score = score_of(request)
    assert score.band == "only=vocals, vocal=female"
    again = score_of(replace(request, locks=Locks(like=request.prompt, form=score.form, band=score.band)))
    assert (again.tracks, again.beats, again.form) == (score.tracks, score.beats, score.form)
    edit = SongEdit("replace", section=score.sections[1].name, prompt="add a piano", seed=5)
    edited = score_of(replace(request, edits=(edit,)))
    assert {track.instrument for track in edited.tracks} == {"vocals", "piano"}


def test_the_last_note_of_a_song_is_held_and_that_of_a_rap_is_not() -> None:
    sung, rapped = (_score(prompt).tracks[0].notes[-1] for prompt in ("unaccompanied soprano", "rap a cappella"))
    assert sung.length > 2 > 1 > rapped.length


def test_a_lone_singer_is_as_loud_as_other_songs_and_has_room(tmp_path: Path) -> None:
    score = _score("unaccompanied soprano", length_s=20.0)
    alone, usual = mixing_for(score.plan), mixing_for(plan(Request(score.plan.genre)))
    assert alone.room > usual.room
    assert alone.wet_by["vocal"] * alone.wet > usual.wet_by["vocal"] * usual.wet
    SketchEngine("synthesized", draws_cover=False).render(
        score, tmp_path / "song.wav", "wav", lambda *_: None, lambda: False
    )
    sound = listening.read(tmp_path / "song.wav")
    assert listening.loudness(sound) == pytest.approx(alone.loudness, abs=0.5)
    half = listening.RATE // 2
    levels = [listening.rms_db(sound[at : at + half]) for at in range(0, len(sound) - 2 * listening.RATE, half)]
    assert not any(max(four) < -45 for four in zip(levels, levels[1:], levels[2:], levels[3:], strict=False))


def test_a_song_in_which_nothing_sounds_is_refused(tmp_path: Path) -> None:
    made = tmp_path / "silent.wav"
    request = Request("she accompanies herself", seed=1, length_s=5.0)
    with pytest.raises(EngineError, match="Nothing would be heard"):
        SketchEngine().make(request, made, "wav", lambda share, what: None, lambda: False)
    assert not made.exists()


def test_lyrics_without_words_are_replaced(tmp_path: Path) -> None:
    request = Request("unaccompanied tenor", seed=1, length_s=20.0, lyrics="[Verse]\n...\n!!!")
    song = SketchEngine().make(request, tmp_path / "song.mid", "midi", lambda share, what: None, lambda: False)
    assert song.timed_lyrics
