"""What the plan does not keep of a prompt is said in its limits."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_MOMENT = "The studio can't start sections at a given time."


def _limits(prompt: str, length_s: float | None = None) -> tuple[str, ...]:
    return plan(Request(prompt, seed=1, length_s=length_s)).limits


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        (
            "12-bar blues, 4/4, 90 bpm, 15 seconds",
            "12 bars at 90 bpm last 0:34; a song of 0:15 has 5 bars.",
        ),
        ("rock, 4/4, 120 bpm, 32 bars, 20 seconds", "32 bars at 120 bpm last 1:06; a song of 0:20 has 9 bars."),
        ("rock, 4/4, 120 bpm, 4 bars, 2 minutes", "The song has 59 bars, not 4, to last 2:00."),
        ("pop, verse chorus verse chorus bridge chorus, 8 seconds", "0:08 is too short for all 6 sections."),
        ("techno at 350 bpm", "The tempo is 30 to 300 bpm."),
        ("drone at 25 bpm", "The tempo is 30 to 300 bpm."),
        ("song 1000 bpm", "The tempo is 30 to 300 bpm."),
        ("5 bpm ambient", "The tempo is 30 to 300 bpm."),
        ("999 bpm", "The tempo is 30 to 300 bpm."),
        ("drone at 25 bpm in 12/8", "The tempo is 30 to 200 bpm."),
        ("rock in 4/4 with a bridge in 7/8", "The studio keeps one meter throughout a song."),
        ("rock with a bridge in 7/8", "The studio keeps one meter throughout a song."),
        ("pop, 3/4 in the chorus", "The studio keeps one meter throughout a song."),
        ("trap, 90 bpm, then 140 bpm", "The studio keeps one tempo throughout a song."),
        ("rock, the drums stop before the last chorus", "Players can only rest for whole sections."),
        ("trap, tempo 90 then 120 in the chorus", "The studio keeps one tempo throughout a song."),
        ("pop song that starts slow and ends fast", "The studio keeps one tempo throughout a song."),
        ("pop with a sax solo after the first verse", "The studio chooses after which section a solo comes."),
        ("jazz, trumpet solo before the last chorus", "The studio chooses after which section a solo comes."),
        ("rock, the tempo increases", "The studio keeps one tempo throughout a song."),
        ("rock with a slow intro", "The studio keeps one tempo throughout a song."),
        ("waltz for solo accordion, with a fast middle part", "The studio keeps one tempo throughout a song."),
        ("punk, double time in the bridge", "The studio keeps one tempo throughout a song."),
        ("rock, half-time drums in the chorus", "The drums play half-time throughout a song."),
        ("rock with a half time feel chorus", "The drums play half-time throughout a song."),
        ("techno, the drop comes at 0:45", _MOMENT),
        ("techno\n0:00 intro\n0:30 drop\n1:00 breakdown", _MOMENT),
        ("pop, intro (0:00), verse (0:20), chorus (0:50)", _MOMENT),
        ("[0:00-0:15] piano, [0:15-0:45] drums enter", _MOMENT),
        ("house, the drop comes after 16 bars", _MOMENT),
        ("game over jingle, 3 seconds", "A song lasts at least 5 seconds."),
        ("3 seconds of techno", "A song lasts at least 5 seconds."),
        ("two seconds of applause, techno", "A song lasts at least 5 seconds."),
        ("a one-second jingle", "A song lasts at least 5 seconds."),
        ("sleep music, 8 hours", "A song lasts at most 10 minutes."),
        ("ten hours of rain", "A song lasts at most 10 minutes."),
        ("10 hours of rain sounds", "A song lasts at most 10 minutes."),
        ("half an hour of ambient", "A song lasts at most 10 minutes."),
        ("jazz, one hour", "A song lasts at most 10 minutes."),
        ("an hour and a half of drone", "A song lasts at most 10 minutes."),
        ("1 hour 20 minutes of techno", "A song lasts at most 10 minutes."),
        ("an hour-long ambient piece", "A song lasts at most 10 minutes."),
        ("a quarter of an hour of jazz", "A song lasts at most 10 minutes."),
        ("two hours and ten minutes of jazz", "A song lasts at most 10 minutes."),
        ("techno set, 2h", "A song lasts at most 10 minutes."),
        ("no drums but loud drums", "The prompt both asks for drums and excludes it; the song has drums."),
        ("pop, no piano, with piano", "The prompt both asks for piano and excludes it; the song has piano."),
        ("a 3 hour ambient piece", "A song lasts at most 10 minutes."),
        ("a 3-hour ambient piece", "A song lasts at most 10 minutes."),
        ("a two hour deep sleep playlist", "A song lasts at most 10 minutes."),
        ("two hour techno", "A song lasts at most 10 minutes."),
        ("1-hour lo-fi", "A song lasts at most 10 minutes."),
        ("4 hour lofi", "A song lasts at most 10 minutes."),
        ("nine-hour drone", "A song lasts at most 10 minutes."),
        ("an hour lofi mix", "A song lasts at most 10 minutes."),
        ("10 hours rain sounds, piano", "A song lasts at most 10 minutes."),
        ("Musik zum Einschlafen, zwei Stunden", "A song lasts at most 10 minutes."),
        ("música para dormir, 2 horas", "A song lasts at most 10 minutes."),
        ("12 violins and 8 cellos", "A song has at most 14 players."),
    ],
)
def test_what_is_not_kept_is_said(prompt: str, limit: str) -> None:
    assert limit in _limits(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "rock with a fast guitar solo",
        "slow rock with a chorus",
        "half-time trap",
        "slow solo piano",
        "The tempo starts slowly",
    ],
)
def test_a_tempo_of_the_whole_song_is_kept(prompt: str) -> None:
    assert not _limits(prompt)


@pytest.mark.parametrize("prompt", ["pop, slows down at the end", "pop with a slow bridge"])
def test_a_tempo_of_a_part_is_not_the_songs(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.bpm > 95
    assert not made.moods


@pytest.mark.parametrize(
    "prompt",
    [
        "12-bar blues",
        "12-bar blues, 4/4, 90 bpm, 40 seconds",
        "rock, 32 bars",
        "rock in 6/8 at 250 bpm",
        "techno at 300 bpm",
        "pop, verse chorus verse chorus bridge chorus",
        "lofi for 30 seconds",
        "ambient, lasting for two minutes",
        "120 bpm techno, 4/4",
        "twelve cellos",
        "pop with a 3 second delay",
        "pop, 2 seconds of silence at the end",
        "a song about two hours of sleep",
        "house, an hour before midnight",
        "salsa, espera un segundo de silencio",
        "rock, in half an hour of rain the world ends",
        "ambient for the small hours",
        "my 24 hour shift blues",
        "rock, no heavy drums, just light drums",
        "ambient, no drums at first, then drums",
        "pop, no piano. piano only in the bridge",
        "pop, no acoustic guitar, electric guitar",
        "driving rock for a 3 hour drive",
        "song for a two hour drive to techno",
        "golden hour indie",
        "ambient for a one hour workout, with a synth",
    ],
)
def test_nothing_is_said_of_what_is_kept(prompt: str) -> None:
    assert _limits(prompt) == ()


def test_a_requested_length_counts() -> None:
    assert _limits("12-bar blues, 4/4, 90 bpm", 15.0) == ("12 bars at 90 bpm last 0:34; a song of 0:15 has 5 bars.",)


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("a song that lasts 2 minutes", 120),
        ("it should last 45 seconds", 45),
        ("techno, must last only 20 seconds", 20),
    ],
)
def test_how_long_a_song_lasts_is_its_length(prompt: str, seconds: float) -> None:
    assert plan(Request(prompt, seed=1)).length_s == seconds


def test_sections_with_build_ups_and_hooks_are_an_order() -> None:
    made = plan(Request("edm: intro, build up, drop, breakdown, build up, drop, outro", seed=1))
    assert "in order: intro drop breakdown drop ending" in made.structure
    made = plan(Request("rap: verse, hook, verse, hook, bridge, hook", seed=1))
    assert "in order: verse chorus verse chorus bridge chorus" in made.structure
    made = plan(Request("rock: intro verse prechorus chorus verse chorus", seed=1))
    assert "in order: intro verse prechorus chorus verse chorus" in made.structure


def test_a_band_that_joins_a_lone_beginner_plays() -> None:
    made = plan(Request("rock, just a piano, then the full band", seed=1))
    assert (made.cast, made.instruments) == ((), ("piano",))
    assert "solo piano intro" in made.structure
    assert plan(Request("rock, just a piano", seed=1)).cast == ("piano",)
