"""The tempo in beats per minute: as stated, by a tempo word, or by the genre and the moods; and those of sections.

A beat is the pulse of the meter: a dotted quarter note in 6/8, 9/8 and 12/8, else a quarter note.

"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from riffusion_tui.studio.engine.song_plan import FASTEST, SLOWEST, pulse_of
from riffusion_tui.studio.engine.understand.figures.stated import NOTE
from riffusion_tui.studio.engine.understand.mood import Mood
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR, follows, phrases_in
from riffusion_tui.studio.engine.understand.words.places import IN, place_at
from riffusion_tui.studio.engine.understand.words.tables import genre_families
from riffusion_tui.studio.engine.understand.words.tokens import phrase, stem

_WIDTH = 12
"""Width in bpm of the range drawn from if a tempo word's range is outside the genre's."""
_FAR = 12
"""Bpm between the genre's range and that of a feeling from which on the genre's is kept: an upbeat reggae song."""
_OF_FEELINGS = ("slow", "fast")
"""Tempos whose words can also say how a song feels; `medium` can't."""
_NARROWEST = 4
"""Width in bpm of a range drawn from, at least."""
_FASTEST_DOTTED = 140
"""Dotted quarter notes per minute that are drawn, at most: fast genres count quarters."""
_COMPOUND = 2 / 3
"""Factor on the tempo in a compound meter that the genre doesn't usually have: eighth notes keep their length."""
_QUICK, _SLOWER = 100, 0.25
"""Below this tempo, slow songs are slower in dotted quarters, by this share of the difference."""
_SLOWED = 0.3
"""Families whose sad songs are slower than most, and by what share at most: people don't dance to these."""
_SLOWEST_SONG = 50
"""Beats per minute of the slowest of them, if their genre isn't slower."""
_WIDE = 1.2
"""Least ratio of the fastest to the slowest tempo of music that isn't a dance."""
_SAD = frozenset({"sad", "melancholic"})
"""Moods of a whole song; a calm word may be about one player or section: `rock with soft vocals`."""
_APART, _DRAWS = 5.0, 20
"""Least difference in bpm to a tempo that the prompt refuses, and how many tempos are drawn to find it."""
_FREER = 2.0
"""How much further moods shift a free tempo."""
_FELT = 0.3
"""From this shift by the moods on, slow music is in the slower half of what `slow` means, fast in the faster one."""
_FASTEST_WORDS = frozenset({"fast", "very fast"})
_SEVERAL = 2
_FURIOUS, _DRIVEN = 0.85, 0.3
"""Least energy, and shift of the tempo, of furious music."""
_FEELS = ("half-time", "double-time")


def _range_in_meter(
    reading: Reading, genre: tables.Genre, meter: tuple[int, int], *, sadness: float
) -> tuple[int, int]:
    """Return the genre's range in beats of a meter; sad songs of bands can be slower."""
    slowest, fastest = _usual_range(genre, reading)
    if genre.family not in genre_families("of sad songs"):
        return slowest, fastest
    if sadness and any(one.meaning in _SAD for one in reading.felt("mood")):
        slowest = min(slowest, max(_SLOWEST_SONG, round(slowest * (1 + _SLOWED * sadness))))
    if pulse_of(meter) > 1 and not any(pulse_of(one) > 1 for one in genre.meters):
        return round(slowest * _COMPOUND), round(fastest * _COMPOUND)
    return slowest, fastest


def _felt_word(reading: Reading, genre: tables.Genre, feel: Mood, lean: float) -> str | None:
    """Return the tempo word that the moods and the genre stand for; None if they stand for none."""
    if lean <= -_FELT and _is_slow_if_felt(genre, reading):
        return "moderately slow"
    word = _pace_of_a_singer(reading) if genre.family == "jazz" else None
    furious = genre.family == "classical" and feel.energy >= _FURIOUS and lean >= _DRIVEN
    return word or ("fast" if furious else None)


def tempo_word(reading: Reading) -> str | None:
    """Return the tempo word for the whole song, or None; a ballad or lullaby of a genre is slow.

    The word of a section is not the song's: `a slow bridge`.
    """
    stated = [mention for mention in reading.felt("tempo") if not is_of_a_section(reading, mention)]
    words = [mention for mention in stated if not mention.use] or stated
    if not words:
        return "slow" if _is_a_slow_song_of_a_genre(reading) else None
    if _turns(reading, words):
        return words[0].meaning
    return max(words, key=lambda mention: _weight(reading, mention)).meaning


def _turns(reading: Reading, words: list[Mention]) -> bool:
    """Whether the song begins in the first of two tempos, and keeps it: `slow then fast`."""
    if len(words) < _SEVERAL:
        return False
    between = {token.norm for token in reading.tokens[words[0].last + 1 : words[1].at]}
    kinds = {word.meaning.split()[-1] for word in words[:2]}
    return kinds == {"slow", "fast"} and not between.isdisjoint(context_words("to another tempo"))


def _is_a_slow_song_of_a_genre(reading: Reading) -> bool:
    """Whether it is a slow song of a genre: `a country ballad`, `a celtic lullaby`; a folk ballad is a story.

    A ballad or a lullaby alone is a genre. A lament is slow in any.
    """
    if any(stem(reading.tokens[one.last].norm) in context_words("laments") for one in reading.felt("mood")):
        return True
    mentions = reading.positive("genre")
    kinds = {mention.meaning for mention in mentions} - {"ballad", "lullaby"}
    is_story = any(tables.genres()[kind].family == "folk" for kind in kinds)
    ballad = not is_story and any(_ends_with_a_slow_song(one) for one in mentions)
    lullaby = any(one.meaning == "lullaby" for one in mentions)
    return (ballad and bool(kinds)) or (lullaby and bool(kinds or reading.positive("flavour")))


def _ends_with_a_slow_song(genre: Mention) -> bool:
    words = phrase(genre.word)
    return any(words[-len(slow) :] == slow for slow in context("slow songs"))


def pulse(reading: Reading, genre: tables.Genre, meter: tuple[int, int], feel: Mood, draw: Random) -> float:
    """Return the tempo in beats of a meter: as stated, or drawn.

    Args:
        reading: the prompt's.
        genre: the plan's.
        meter: the plan's.
        feel: the prompt's; moods shift the tempo within the genre's range, in concert and film music further than in
            a band's, and furious concert music is fast. Sad songs of bands can be slower than the range.
        draw: the plan's randomness for this field.
    """
    stated = stated_pulse(reading, meter)
    if stated is not None:
        return stated
    stated_word = tempo_word(reading)
    lean = feel.tempo * (_FREER if genre.family in genre_families("of a free tempo") else 1.0)
    usual = _range_in_meter(reading, genre, meter, sadness=0.0 if stated_word else min(0.0, lean))
    word = stated_word or _felt_word(reading, genre, feel, lean)
    if stated_word in _OF_FEELINGS and _is_only_felt(reading, stated_word):
        requested = tables.paces()[stated_word].range
        if beyond := (usual[1] + _FAR < requested[0]) - (requested[1] + _FAR < usual[0]):
            word, lean = None, float(beyond)
    refused = [float(figure) for figure in reading.refused_values("tempo")]
    for _ in range(_DRAWS):
        bpm = _draw_bpm(usual, word, lean, draw, meter)
        if all(abs(bpm - figure) >= _APART for figure in refused):
            return bpm
    return max(refused) + _APART


def _is_only_felt(reading: Reading, word: str) -> bool:
    """Whether all words for this tempo also say how a song feels: `upbeat`, `relaxed`; not `fast`, `tempo: lively`."""
    found = [one for one in reading.felt("tempo") if one.meaning == word]
    before = {token.norm for one in found for token in reading.tokens[max(0, one.at - NEAR) : one.at]}
    typed = [phrase(one.word) for one in found]
    feelings = {*map(phrase, tables.paces()[word].soft)}
    return bool(typed) and feelings.issuperset(typed) and before.isdisjoint(context_words("speeds"))


def _pace_of_a_singer(reading: Reading) -> str | None:
    """Return the tempo word for how fast such a singer's songs are: a crooner's swing is slower than a big band's."""
    sung = {one.word.lower() for one in reading.positive("vocal")}
    return next((name for name, pace in tables.paces().items() if sung & {*pace.singers}), None)


def _is_slow_if_felt(genre: tables.Genre, reading: Reading) -> bool:
    """Whether moods or scenes make it slow: jazz late at night, in a smoky club; not a dance, whose range is narrow."""
    felt = (tables.colors()[one.kind, one.meaning] for one in reading.felt("mood", "scene", "place", "activity"))
    is_a_dance = genre.bpm[1] < genre.bpm[0] * _WIDE
    return genre.family == "jazz" and not is_a_dance and any(color.tempo <= -_FELT for color in felt)


def stated_pulse(reading: Reading, meter: tuple[int, int]) -> float | None:
    """Return the stated tempo in beats of a meter; None without one.

    A figure counts the note that the prompt gives (`quarter note = 90`), else beats, or eighths if it is too large for
    dotted quarters.
    """
    stated = reading.first("tempo")
    if stated is None:
        return None
    figure, beat, counted = float(stated), pulse_of(meter), reading.first(NOTE)
    if counted is not None:
        return figure * float(counted) / beat
    return figure / (2 * beat) if beat > 1 and figure * beat > FASTEST else figure


def quarters(beats: float, meter: tuple[int, int]) -> float:
    """Return a tempo, given in beats of a meter, in quarter notes per minute, within the limits of the engine."""
    beat = pulse_of(meter)
    exact = beats * beat if beat == 1 else round(beats * beat, 5)  # a `Plan.pulse` is rounded; this undoes it
    return max(SLOWEST * beat, min(FASTEST, exact))


def _usual_range(genre: tables.Genre, reading: Reading) -> tuple[int, int]:
    """Return the tempos of the genre, or of its kind that the prompt names: new jack swing is faster than other R&B.

    Those that the prompt excludes are left out, as `not slow` does; at least one bpm is left.
    """
    low, high = next((tempos for kind, tempos in genre.tempos if _is_named(reading, kind)), genre.bpm)
    for mention in reading.negative("tempo"):
        slowest, fastest = tables.paces()[mention.meaning].range
        if mention.meaning.endswith("slow"):
            low = min(max(low, fastest + 1), high)
        elif mention.meaning.endswith("fast"):
            high = max(min(high, slowest - 1), low)
    return low, high


def _is_named(reading: Reading, kind: tuple[str, ...]) -> bool:
    """Whether the prompt has the words of a kind of its genre, even beside the genre's name: `baroque sarabande`."""
    excluded = reading.negated_places()
    words = ["" if at in excluded else stem(token.norm) for at, token in enumerate(reading.tokens)]
    return any(phrases_in(words, [tuple(stem(word) for word in kind)]))


def _draw_bpm(
    usual: tuple[int, int], word: str | None, lean: float, draw: Random, meter: tuple[int, int] = (4, 4)
) -> float:
    """Draw the tempo in beats of the meter.

    Args:
        usual: the usual range, which is used as far as the tempo word allows.
        word: a key of the tempo table, or None.
        lean: shift by the moods within the genre's range, -1 to 1.
        draw: the plan's randomness for this field.
        meter: the plan's.
    """
    low, high = usual if word is None else _paced(usual, word)
    if pulse_of(meter) > 1:
        low, high = min(dotted(low), _FASTEST_DOTTED - _WIDTH), min(dotted(high), _FASTEST_DOTTED)
    if word is not None:
        half = (high - low) // 2
        if word.endswith("slow") and lean <= -_FELT:
            high -= half
        elif word.endswith("fast") and lean >= _FELT:
            low += half
        return float(draw.randint(low, high))
    middle = low + (high - low) * (0.5 + 0.35 * max(-1.0, min(1.0, lean)))
    reach = (high - low) * 0.28
    return float(round(max(low, min(high, draw.uniform(middle - reach, middle + reach)))))


def dotted(bpm: int) -> int:
    """Return a usual tempo for music in dotted quarters: slow songs are slower, ballads at 50 to 75 a minute."""
    return bpm - round(_SLOWER * max(0, _QUICK - bpm))


def _paced(usual: tuple[int, int], word: str) -> tuple[int, int]:
    """Return the tempos of a tempo word in a genre: fast drum and bass is not slower than any.

    Fast music isn't slower than most of its genre.
    """
    requested = tables.paces()[word].range
    low, high = _meet(usual, requested)
    if word in _FASTEST_WORDS and usual[1] > requested[1]:
        low, high = max(usual[0], requested[0]), usual[1]
    middle = sum(usual) // 2
    if word in _FASTEST_WORDS and high - middle >= _NARROWEST:
        low = max(low, middle)
    return low, high


def _meet(usual: tuple[int, int], requested: tuple[int, int]) -> tuple[int, int]:
    low, high = max(usual[0], requested[0]), min(usual[1], requested[1])
    if high - low >= _NARROWEST:
        return low, high
    if usual[0] >= requested[1] - 4:
        return requested[1] - _WIDTH, requested[1]
    return requested[0], requested[0] + _WIDTH


def _weight(reading: Reading, mention: Mention) -> float:
    """Return a mention's weight: `slow tempo` over `slow song` over `slow` over `fast guitar solo`."""
    words = mention.word.lower().replace("-", " ").split()
    following = [token.norm for token in reading.after(mention, 3) if not token.begins_phrase]
    before = [token.norm for token in reading.tokens[max(0, mention.at - 4) : mention.at]]
    early = -0.01 * mention.at / (1 + len(reading.tokens))
    nouns = context_words("tempo nouns")
    if "tempo" in before or not nouns.isdisjoint(words) or (following and following[0] in nouns):
        return 3 + early
    if any(word in context_words("song nouns") for word in following):
        return 2 + early
    return (1.0 if not following else 0.5) + early


def is_of_a_section(reading: Reading, mention: Mention) -> bool:
    """Whether a mention is about one kind of section: `a slow bridge`; a `fast solo` only says how somebody plays."""
    following = reading.after(mention)
    kind = tables.sections().get(following[0].norm) if following and not following[0].gap else None
    if kind is not None:
        return kind != "solo"
    if follows(reading.tokens, mention.last + 1, context_words("parts of a song")):
        return True
    place = place_at(reading.tokens, mention.last + 1)
    return place is not None and place.how == IN and bool(place.sections)


def feels_of_sections(reading: Reading) -> Iterator[str]:
    """Yield the limit for each feel of the drums that the prompt wants in some sections only."""
    for one in reading.positive("production"):
        if one.meaning in _FEELS and is_of_a_section(reading, one):
            yield f"The drums play {one.meaning} throughout a song."
