from __future__ import annotations

import numpy as np
import pytest

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED
from tests.studio.engine import handmade


def test_every_kit_of_a_mix_exists() -> None:
    kits = {mixing_for(handmade.plan(genre=genre)).kit for genre in genre_files.genres()}
    for era in read_data("mixing.toml")["era"].values():
        kits |= {era[key] for key in ("kit", "machine") if key in era} | set(era.get("instead_of", ()))
    assert kits <= read_data("drums.toml").keys()


def test_a_decade_changes_the_mix_of_a_band() -> None:
    plain, eighties, later = (mixing_for(handmade.plan(genre="pop", era=era)) for era in (None, "1980s", "2000s"))
    assert later == plain
    assert eighties.kit == "rock" != plain.kit
    assert eighties.levels["drums"] == plain.levels["drums"] + 3
    assert eighties.levels["bass"] == plain.levels["bass"]
    assert eighties.tone[3] == plain.tone[3] + 2
    assert mixing_for(handmade.plan(genre="house", era="1980s")).kit == "909"
    assert mixing_for(handmade.plan(cast=("flute",), era="1980s")) == mixing_for(handmade.plan(cast=("flute",)))


@pytest.mark.parametrize("era", ["1960s", "1970s"])
def test_a_record_of_the_sixties_or_seventies_is_softer_and_has_fewer_highs(era: str) -> None:
    plain, old = (mixing_for(handmade.plan(genre="rock", era=one)) for one in (None, era))
    assert old.loudness == -18 < plain.loudness
    assert old.tone[4] < plain.tone[4]
    assert (old.kit, old.machine) == (plain.kit, plain.machine)


def test_a_record_of_the_sixties_is_narrow_and_has_an_echo_chamber_thin_lows_and_soft_drums() -> None:
    plain, sixties, seventies = (mixing_for(handmade.plan(era=era)) for era in (None, "1960s", "1970s"))
    assert sixties.width == 0.5 < plain.width == seventies.width
    assert (sixties.levels["drums"], seventies.levels) == (plain.levels["drums"] - 2, plain.levels)
    assert sixties.tone[0] < plain.tone[0] == seventies.tone[0]
    assert sixties.wet_by["vocal"] > 2 * plain.wet_by["vocal"]
    assert sixties.room > plain.room
    assert sixties.wet_by["bass"] == plain.wet_by["bass"]


def test_a_decade_leaves_a_mix_that_has_more_reverb() -> None:
    plain, sixties = (mixing_for(handmade.plan(genre="surf rock", era=era)) for era in (None, "1960s"))
    assert (plain.wet_by["lead"], plain.width, plain.room) == (0.7, 0.5, 2.0)
    assert (sixties.wet_by["lead"], sixties.width, sixties.room) == (0.7, 0.5, 2.0)


@pytest.mark.parametrize("genre", ["pop", "r&b"])
def test_programmed_drums_are_recorded_ones_in_the_sixties_and_seventies(genre: str) -> None:
    kits = {era: mixing_for(handmade.plan(genre=genre, era=era)).kit for era in (None, "1960s", "1970s", "1990s")}
    assert kits == {None: "pop", "1960s": "studio", "1970s": "studio", "1990s": "pop"}


def test_music_of_earlier_decades_is_softer() -> None:
    levels = {genre: mixing_for(handmade.plan(genre=genre)).loudness for genre in genre_files.genres()}
    assert levels["pop"] == levels["rock"] == levels["house"] == -14
    assert {name: levels[name] for name in ("rock and roll", "doo-wop", "surf rock", "motown", "progressive rock")} == {
        "rock and roll": -17, "doo-wop": -17, "surf rock": -17, "motown": -17, "progressive rock": -16
    }  # fmt: skip
    assert mixing_for(handmade.plan(genre="pop", era="1980s")).loudness == -16
    assert mixing_for(handmade.plan(genre="pop", era="1990s")).loudness == -16
    assert mixing_for(handmade.plan(genre="motown", era="1980s")).loudness == -17


@pytest.mark.parametrize(("era", "kit"), [(None, "808"), ("1980s", "rock")])
def test_drum_machines_of_the_eighties_play_recorded_drums(era: str | None, kit: str) -> None:
    drums = (Track("Drums", "drums", "drum machine", 0, (Note(0.0, 0.5, 38, 0.8),)),)
    voice = Performance(handmade.song(drums, genre="rock", era=era), SYNTHESIZED).parts[0].voice
    assert getattr(voice, "name", "") == f"kit {kit}"


@pytest.mark.parametrize(("genre", "recorded"), [("thrash metal", "kit 0"), ("hard rock", "kit 8")])
def test_metal_is_played_on_the_standard_kit(genre: str, recorded: str) -> None:
    drums = (Track("Drums", "drums", "drums", 0, (Note(0.0, 0.5, 38, 0.8),)),)
    voice = Performance(handmade.song(drums, genre=genre), None).parts[0].voice
    name = getattr(voice, "name", "")
    assert name.endswith(recorded) or name in ("kit metal", "kit rock")


def _ring_db(genre: str) -> float:
    """dB of the second after a damped chord of an electric guitar, against the chord."""
    chord = tuple(Note(0.0, 1.0, pitch, 0.8) for pitch in (52, 59, 64))
    guitar = Track("Guitar", "chords", "electric guitar", 27, chord)
    session = Performance(handmade.song((guitar,), genre=genre), SYNTHESIZED)
    power = np.square(np.concatenate(list(session.mixer()), axis=1)).sum(axis=0)
    end = round(60 / session.score.plan.bpm * session.rate)
    damped = end + round(0.15 * session.rate)
    return float(10 * np.log10(power[damped : damped + session.rate].mean() / power[:end].mean()))


@pytest.mark.parametrize("genre", ["rock", "indie rock", "alternative rock"])
def test_rock_guitars_are_heard_in_a_room(genre: str) -> None:
    assert _ring_db(genre) > _ring_db("country") + 3
