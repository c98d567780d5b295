"""Track levels: each track is measured where it is fullest and set to the level of its role in the genre.

So a track has the intended level there whether a computed voice or a soundfont plays it, and keeps its dynamics
elsewhere.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riffusion_tui.studio.engine.compose.casting.choir_kinds import sings_in_parts
from riffusion_tui.studio.engine.compose.casting.player_hints import prompted_db
from riffusion_tui.studio.engine.instrument_groups import SINGERS
from riffusion_tui.studio.engine.loudness import mean_loudness
from riffusion_tui.studio.engine.mix.mixing import Mixing
from riffusion_tui.studio.engine.mix.player import SPAN, PlayedTrack, Player
from riffusion_tui.studio.engine.mix.prominence import changes
from riffusion_tui.studio.engine.mix.rides import ridden
from riffusion_tui.studio.engine.mix.spectral_balance import narrow_powers, silent_powers, toned, wide
from riffusion_tui.studio.engine.score import Note, Score
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, Floats

_PIECE, _PIECES = 1 << 15, 4
"""A track is measured over this many pieces, each with this many frames."""
_REFERENCE_DB = -20.0
_FX_DB = -7.0
"""Effects are not measured: they swell or last the whole song, and their voices have a fixed level."""
_MAX_DB = 24.0
_SPEECH = slice(3, 4)
"""The bands of `EDGES` that words are understood by."""
_MAX_RAISED_DB = 5.0


def balanced(score: Score, parts: list[PlayedTrack], mixing: Mixing) -> tuple[list[PlayedTrack], Mixing]:
    """Return the tracks with their gains, and the mix with its tone (see `toned`)."""
    spb = 60.0 / score.plan.bpm
    gained, narrow, fullest = [], [], []
    for i, part in enumerate(parts):
        in_parts = sings_in_parts(score.plan) and part.track.role == "pad" and part.track.instrument in SINGERS
        level_db = mixing.levels.get("choir" if in_parts else part.track.role, -8.0)
        gain_db, power = _measured(part, spb, level_db, i)
        gained.append(replace(part, gain_db=gain_db))
        fullest.append(power * 10 ** (gain_db / 10))
        # Weighted by how much it plays: a track of the last chorus alone says little about the song.
        narrow.append(fullest[-1] * min(1.0, sum(n.length for n in part.track.notes) / score.beats))
    # What the prompt makes louder or softer doesn't count for the others and the tone: they would else undo it.
    prompted = [prompted_db(score.plan, part.track.role, part.track.instrument) for part in parts]
    usual = [power * 10 ** (-db / 10) for power, db in zip(narrow, prompted, strict=True)]
    more = changes(score.plan, [part.track for part in parts], usual)
    gained = [replace(part, gain_db=part.gain_db + db) for part, db in zip(gained, more, strict=True)]
    powers = [wide(power) * 10 ** (db / 10) for power, db in zip(narrow, more, strict=True)]
    if not score.plan.cast:
        gained = ridden(gained, [p * 10 ** (db / 10) for p, db in zip(fullest, more, strict=True)], mixing.ridden)
    gained, powers = _voice_forward(gained, powers, mixing.forward + prompted_db(score.plan, "vocal", "vocals"))
    return gained, toned(mixing, [power * 10 ** (-db / 10) for power, db in zip(powers, prompted, strict=True)])


def _voice_forward(
    parts: list[PlayedTrack], powers: list[Floats], clear_db: float
) -> tuple[list[PlayedTrack], list[Floats]]:
    """Raise the vocal where the band is dense, until it is `clear_db` above the band at the frequencies of words."""
    sung = [part.track.role == "vocal" for part in parts]
    speech = [float(power[_SPEECH].sum()) for power in powers]
    voice = sum(p for p, yes in zip(speech, sung, strict=True) if yes)
    band = sum(p for p, yes in zip(speech, sung, strict=True) if not yes)
    if not voice or not band:
        return parts, powers
    raised = round(float(np.clip(clear_db - 10 * np.log10(voice / band), 0, _MAX_RAISED_DB)), 1)
    return (
        [replace(p, gain_db=p.gain_db + raised) if yes else p for p, yes in zip(parts, sung, strict=True)],
        [p * 10 ** (raised / 10) if yes else p for p, yes in zip(powers, sung, strict=True)],
    )


def _measured(part: PlayedTrack, spb: float, level_db: float, seed: int) -> tuple[float, Floats]:
    """Return a track's gain in dB, and its power in each narrow band where it is fullest."""
    wanted = part.track.gain_db + level_db
    if part.track.role == "fx":
        return wanted + _FX_DB, silent_powers()
    notes = _fullest(part.track.notes, spb)
    player = Player(replace(part, track=replace(part.track, notes=notes)), spb, seed)
    silence = np.zeros((2, SPAN), dtype=np.float32)
    spans = [player.span(i) for i in range(_PIECE * _PIECES // SPAN)]
    sound = np.concatenate([silence if b is None else np.broadcast_to(b, (2, SPAN)) for b in spans], axis=1)
    measured = mean_loudness(sound)
    # Rounded to tenths: the last bits of a sum differ between machines, and songs should not.
    gain_db = wanted + round(float(np.clip(_REFERENCE_DB - measured, -_MAX_DB, _MAX_DB)), 1)
    return gain_db, narrow_powers(sound)


def _fullest(notes: tuple[Note, ...], spb: float) -> tuple[Note, ...]:
    """Return the notes of the few fullest seconds, moved to the start."""
    piece = _PIECE / SAMPLE_RATE / spb
    last = int(max(n.start for n in notes) / piece) + 1
    weight = np.zeros(last + _PIECES)
    for note in notes:
        weight[int(note.start / piece)] += note.velocity**2 * min(note.length, 2 * piece)
    at = int(np.argmax(np.convolve(weight, np.ones(_PIECES), "valid"))) * piece
    inside = [n for n in notes if at <= n.start < at + _PIECES * piece]
    # From the first of them on: at the end of the window, only the attack of a chord would be measured.

    first = min(n.start for n in inside)
    return tuple(replace(n, start=n.start - first) for n in inside)
