"""The genre of a prompt that names none: one that its words suggest."""

from __future__ import annotations

from random import Random

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.instrument_groups import KITS, MACHINES
from riffusion_tui.studio.engine.song_plan import KEYLESS
from riffusion_tui.studio.engine.understand.casts.counted import counts
from riffusion_tui.studio.engine.understand.casts.player_list import names_only_instruments
from riffusion_tui.studio.engine.understand.casts.quiet_cast import is_quiet
from riffusion_tui.studio.engine.understand.casts.singer_casts import accompanying_cast
from riffusion_tui.studio.engine.understand.genres.genres_of_players import (
    TOGETHER,
    genres_of_a_size,
    genres_of_voices,
    hints,
    named_players,
    of_these_together,
    vote,
)
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.instruments.named_instruments import is_a_way_of_playing, is_acoustic
from riffusion_tui.studio.engine.understand.reading.mentions import SUBJECT_GENRE, Reading
from riffusion_tui.studio.engine.understand.singers.singer import sings_elsewhere
from riffusion_tui.studio.engine.understand.singers.unsung_music import asks_for_a_beat
from riffusion_tui.studio.engine.understand.singers.young_singer import young_singer
from riffusion_tui.studio.engine.understand.stated_subject import is_a_line, is_about_another_work, states_a_subject
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.tokens import phrase

_QUIET = ("slow", "very slow", "calm", "calm energy", "sad", "melancholic")
_COLORS = ("scene", "place", "activity", "mood", "energy")
_LOUD = frozenset({"heavy", "aggressive"})
_EVERYWHERE = ("drums", "percussion", "bass", "fx", "claps", "shaker", "tambourine")
"""Instruments that say little about the genre."""
_MAX_QUIET_ENERGY = 0.5
"""Most energy of a genre that a quiet prompt suggests; a loud one suggests those with more."""
_MIN_DIFFERENCE = 0.04
"""Differences in energy below this are ignored."""


def suggested(reading: Reading, energy: float, draw: Random) -> str:
    """Return a genre for a prompt that names none: one that its words suggest, or a common one.

    Args:
        reading: the prompt's.
        energy: the prompt's, 0.5 if it does not say: a sad piano suggests a nocturne rather than a pop song.
        draw: the plan's randomness for this field.
    """
    excluded = {mention.meaning for mention in reading.negative("genre", "flavour")}
    votes = _votes(reading, energy)
    excluded |= {name for name in tables.genres() if not excluded.isdisjoint(phrase(name))}
    names = [name for name in votes if name not in excluded] or _usual(reading, excluded)
    names = [name for name in names if name not in _of_later_eras(reading)] or names
    if reading.first("mode") == KEYLESS:
        names = [name for name in names if KEYLESS in tables.genres()[name].modes] or names
    colored = {one.meaning for one in reading.positive("flavour")}
    if is_quiet(reading):
        names = [name for name in names if tables.genres()[name].energy <= _MAX_QUIET_ENERGY] or names
    elif _is_loud(reading):
        names = [name for name in names if tables.genres()[name].energy > _MAX_QUIET_ENERGY or name in colored] or names
    weights = [(max(votes.get(name, 0.0), 0.1) * _fits(name, reading, energy)) ** 6 for name in names]
    return draw.choices(names, weights)[0]


def _votes(reading: Reading, energy: float) -> dict[str, float]:
    beats = {(one.at, one.last) for one in reading.positive("instrument") if one.meaning in KITS}
    votes = {
        one.meaning: (_weight("beat") if (one.at, one.last) in beats else _weight("color")) * (0.6 if one.use else 1.0)
        for one in reading.positive("flavour")
    }
    votes |= {one.meaning: _weight("subject") for one in reading.positive(SUBJECT_GENRE)}
    hinted = hints()
    requested = _vote_by_instruments(votes, reading)
    colored = [tables.genres()[one.meaning] for one in reading.positive("flavour")]
    composed = any(set(genre.instruments).isdisjoint(requested) for genre in colored)
    if not colored or (composed and {genre.family for genre in colored} == {"classical"}):
        vote(votes, of_these_together(reading), TOGETHER)  # `harp, flute, viola, like Debussy`
    _vote_by_voices(votes, reading)
    vote(votes, split_words(hinted["modes"].get(reading.first("mode") or "", "")), 1.6)
    for word in _lyric_languages(reading):
        vote(votes, split_words(hinted["languages"][word]), 1.5)
    for mention in reading.positive("tempo"):
        vote(votes, split_words(hinted["tempos"].get(" ".join(phrase(mention.word)), "")), 1.2)
    for era in _eras(reading):
        vote(votes, tables.colors()[("era", era)].genres, _weight("era"))
    _vote_by_colors(votes, reading, energy)
    vote(votes, split_words(genres_of_a_size(reading)), _weight("size"))
    vote(votes, split_words(hinted["else"]["beat"] if _is_a_plain_beat(reading) else ""), _weight("lone beat"))
    vote(votes, split_words(hinted["productions"]["acoustic"] if is_acoustic(reading) else ""), _weight("acoustic"))
    for name in tuple(votes):
        votes[name] += 0.3 * len(requested & set(tables.genres()[name].instruments))
    return votes


def _vote_by_instruments(votes: dict[str, float], reading: Reading) -> set[str]:
    """Add the votes of instruments; return these, without ways of playing."""
    quiet = _is_quiet(reading) or _is_played_softly(reading)
    requested: set[str] = set()
    played = reading.positive("instrument")
    for mention in played:
        word = hints()["words"].get(" ".join(phrase(mention.word)))
        new = mention.meaning not in requested or word is not None
        if new and not is_a_way_of_playing(mention, played):
            requested.add(mention.meaning)
            guitar = "distorted guitar" if _is_loud(reading) else "acoustic guitar" if quiet else mention.meaning
            kind = guitar if is_plain_guitar(mention) else mention.meaning
            names = split_words(word or hints()["instruments"].get(kind, ""))
            weight = 0.3 if mention.meaning in _EVERYWHERE and not word else 1.6 if len(names) == 1 or word else 1.0
            vote(votes, names, weight / (1 + 0.1 * mention.sentence))
    return requested


def _vote_by_voices(votes: dict[str, float], reading: Reading) -> None:
    """Add the votes of singers."""
    vote(votes, tuple(dict.fromkeys(genres_of_voices(reading))), _weight("concert voice"))
    for mention in reading.positive("vocal"):
        word = hints()["words"].get(" ".join(phrase(mention.word)))
        vote(votes, split_words(word or hints()["voices"].get(mention.meaning, "")), _weight("singer") if word else 0.9)
    if young := young_singer(reading, reading.positive("vocal")):
        vote(votes, split_words(hints()["voices"][young]), _weight("young"))


def _vote_by_colors(votes: dict[str, float], reading: Reading, energy: float) -> None:
    """Add the votes of scenes, places and activities; those of moods and energies, unless an adjective says more."""
    felt = reading.felt(*_COLORS)
    kinds = _COLORS[:3] if reading.positive("flavour") else _COLORS  # `angry lofi`
    for mention in reading.positive(*kinds):
        word = hints()["moods"].get(" ".join(phrase(mention.word)), "")
        names = split_words(word) or tables.colors()[(mention.kind, mention.meaning)].genres
        if mention.at in reading.subject_places:
            names = tuple(name for name in names if _suits(name, reading, energy, sung=mention not in felt))
        vote(votes, names, 1.2 if mention.kind == "mood" or word else 0.8)


def _suits(name: str, reading: Reading, energy: float, *, sung: bool) -> bool:
    """Whether a genre that the song's subject suggests is neither calm nor wild against what the prompt says.

    Args:
        name: the genre's.
        reading: the prompt's.
        energy: the prompt's.
        sung: whether only sung genres suit.
    """
    genre = tables.genres()[name]
    contrary = abs(energy - 0.5) >= _MIN_DIFFERENCE and (genre.energy - 0.5) * (energy - 0.5) <= 0
    return not contrary and not (sung and genre.vocals == "none") and _is_of_its_tempo(name, reading)


def _is_a_plain_beat(reading: Reading) -> bool:
    return asks_for_a_beat(reading) and not reading.positive("flavour")


def _is_played_softly(reading: Reading) -> bool:
    """Whether a plain guitar is acoustic: beside a singer only, or in an acoustic version."""
    return is_acoustic(reading) or bool(accompanying_cast(reading, ("electric guitar",)))


def _eras(reading: Reading) -> list[str]:
    """Return the decades that the prompt names, in words or as a year."""
    typed = [mention.meaning for mention in reading.positive("era")]
    years = [stated.value for stated in reading.stated if stated.kind == "era"]
    return [era for era in dict.fromkeys((*years, *typed)) if ("era", era) in tables.colors()]


def _of_later_eras(reading: Reading) -> set[str]:
    """Return the genres that did not exist in the decades that the prompt names."""
    rows = read_data("lexicon/eras.toml").items()
    found: set[str] = set()
    for era in _eras(reading):
        # Words such as `retro` come after all decades in this order.
        later = {name for other, row in rows if other > era for name in split_words(row.get("new", ""))}
        newer = {name for name, one in tables.genres().items() if one.family in later or name in later}
        found |= newer - set(tables.colors()[("era", era)].genres)
    return found


def _lyric_languages(reading: Reading) -> list[str]:
    """Return the languages of the lyrics: `in Swahili`, `Hindi lyrics`."""
    sung = {stated.start for stated in reading.stated if stated.kind == "language"}
    words = [*reading.tokens, None]
    return [
        token.norm
        for token, after in zip(reading.tokens, words[1:], strict=True)
        if token.norm in hints()["languages"]
        and (token.start in sung or (after is not None and after.norm in context_words("sung words")))
    ]


def _fits(name: str, reading: Reading, energy: float) -> float:
    """Return how well a genre's energy, tempo and vocals fit the prompt."""
    genre = tables.genres()[name]
    fit = 1.0 if abs(energy - 0.5) < _MIN_DIFFERENCE else 1.0 - abs(genre.energy - energy)
    sung = bool(reading.voices())
    silent = any(one.meaning == "voice" for one in reading.negative("vocal"))
    silent = silent or any(one.meaning == "none" for one in reading.positive("vocal"))
    silent = silent or is_about_another_work(reading)
    several = len(named_players(reading)) > 1 or bool(counts(reading))
    machines = any(tables.instruments()[name].family == "synth" or name in MACHINES for name in named_players(reading))
    silent = silent or (several and not machines and names_only_instruments(reading))
    fit *= 0.7 if (sung and genre.vocals == "none") or (silent and not sung and genre.vocals != "none") else 1.0
    fit *= _weight("unsung") if genre.vocals == "none" and not (sung or silent) and _is_a_song(reading) else 1.0
    return fit * (1.0 if _is_of_its_tempo(name, reading) else 0.6)


def _is_of_its_tempo(name: str, reading: Reading) -> bool:
    """Whether a genre is as fast or slow as the prompt says, if it does."""
    slowest, fastest = tables.genres()[name].bpm
    ranges = [tables.paces()[one.meaning].range for one in reading.felt("tempo") if not one.use]
    stated = round(float(reading.first("tempo") or 0))
    ranges += [(stated, stated)] if stated else []
    return not ranges or any(low <= fastest and slowest <= high for low, high in ranges)


def _is_a_song(reading: Reading) -> bool:
    """Whether the prompt wants a song, or music about something, which has words, or silences singers in a part."""
    called = any(token.norm in context_words("songs") for token in reading.tokens)
    return called or states_a_subject(reading) or sings_elsewhere(reading) or is_a_line(reading)


def _is_quiet(reading: Reading) -> bool:
    return not _is_loud(reading) and any(
        mention.meaning in _QUIET for mention in reading.felt("tempo", "mood", "energy")
    )


def _is_loud(reading: Reading) -> bool:
    """Whether it is heavy or aggressive, even if it is slow."""
    return any(one.meaning in _LOUD for one in reading.positive("energy"))


def _usual(reading: Reading, excluded: set[str]) -> list[str]:
    voices = {mention.meaning for mention in reading.positive("vocal")}
    sung = "none" not in voices and bool(voices or _is_a_song(reading))
    quiet = _is_quiet(reading)
    calm = quiet and not sung and any(token.norm in context_words("calm music") for token in reading.tokens)
    names = split_words(hints()["else"]["calm" if calm else "quiet" if quiet else "sung" if sung else "any"])
    return [name for name in names if name not in excluded] or ["pop"]


def _weight(name: str) -> float:
    return float(read_data("lexicon/votes.toml")[name])
