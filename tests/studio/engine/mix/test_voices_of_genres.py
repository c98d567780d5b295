"""The voices that genres choose in place of an instrument's usual one."""

from __future__ import annotations

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED
from riffusion_tui.studio.engine.synth.voice import ToneVoice
from riffusion_tui.studio.engine.synth.voice_table import voice_table
from tests.studio.engine import handmade


def test_genres_offer_only_existing_voices_and_instruments() -> None:
    instruments = read_data("instruments.toml")
    for genre in genre_files.genres():
        for instrument, offered in mixing_for(handmade.plan(genre=genre)).voices.items():
            assert instrument.removeprefix("lead ") in instruments
            assert set(offered) <= set(voice_table())


def test_seeds_choose_among_a_genres_voices() -> None:
    pad = (Track("Pad", "pad", "synth pad", 89, (Note(0.0, 8.0, 60, 0.8),)),)
    sessions = [Performance(handmade.song(pad, genre="ambient", seed=seed), SYNTHESIZED) for seed in range(12)]
    voices = [session.parts[0].voice for session in sessions]
    chosen = {voice.name for voice in voices if isinstance(voice, ToneVoice)}
    assert chosen == {"glass pad", "warm pad", "hollow pad"}


def test_a_genre_can_choose_the_voice_of_leads_alone() -> None:
    notes = (Note(0.0, 8.0, 60, 0.8),)
    guitars = [Track("Guitar", role, "electric guitar", 27, notes) for role in ("chords", "lead")]
    parts = Performance(handmade.song(tuple(guitars), genre="blues"), SYNTHESIZED).parts
    assert [part.voice.name for part in parts if isinstance(part.voice, ToneVoice)] == [
        "clean guitar",
        "overdriven guitar",
    ]
