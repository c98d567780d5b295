"""Collects the meanings that a prompt mentions; nothing is chosen here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from riffusion_tui.clean import clean_text
from riffusion_tui.lyric_sheets.lyrics_in_prompt import divided
from riffusion_tui.studio.engine.instrument_groups import CHOIRS
from riffusion_tui.studio.engine.understand.figures.length_figures import implied_length
from riffusion_tui.studio.engine.understand.figures.moments import times_of_day
from riffusion_tui.studio.engine.understand.figures.read_stated import read_stated
from riffusion_tui.studio.engine.understand.figures.stated import BARS, FORM_BARS, TITLE, Stated
from riffusion_tui.studio.engine.understand.reading.about import subject_places
from riffusion_tui.studio.engine.understand.reading.corrections.groups_of_singers import with_groups_of_singers
from riffusion_tui.studio.engine.understand.reading.corrections.other_genres import (
    with_played_genres,
    without_lesser_genres,
)
from riffusion_tui.studio.engine.understand.reading.corrections.other_players import (
    with_listed_names,
    with_nature_for_hours,
    with_shared_nouns,
    without_parts,
    without_played_parts,
    without_repeated_leaders,
)
from riffusion_tui.studio.engine.understand.reading.corrections.sampled_voices import with_sampled_voices
from riffusion_tui.studio.engine.understand.reading.corrections.story_sounds import (
    without_lonely_people,
    without_subject_sounds,
)
from riffusion_tui.studio.engine.understand.reading.corrections.taken_back import (
    corrections_in,
    without_corrected_figures,
    without_corrected_mentions,
)
from riffusion_tui.studio.engine.understand.reading.mentions import SUBJECT_GENRE, Reading
from riffusion_tui.studio.engine.understand.reading.names.artist_names import artist_names, without_models
from riffusion_tui.studio.engine.understand.reading.names.names_of_people import may_name, names_in, signs_a_message
from riffusion_tui.studio.engine.understand.reading.names.titles import title_words
from riffusion_tui.studio.engine.understand.reading.negations.exceptions import with_exceptions, with_the_rest_excluded
from riffusion_tui.studio.engine.understand.reading.negations.excluded_players import (
    without_excluded_players,
    without_excluded_sections,
)
from riffusion_tui.studio.engine.understand.reading.negations.negation import (
    NegationScope,
    negated_qualities,
    negated_qualities_apart,
)
from riffusion_tui.studio.engine.understand.reading.negations.refused import refused_in
from riffusion_tui.studio.engine.understand.reading.negations.silenced import Silenced
from riffusion_tui.studio.engine.understand.reading.negations.softer import LOUDER, SOFTER, levels, name_of
from riffusion_tui.studio.engine.understand.reading.negations.story_negations import without_story_negations
from riffusion_tui.studio.engine.understand.reading.places.placed_mentions import (
    BAND,
    placed_in,
    places_of,
    whole_song,
    with_instrumental_sections,
)
from riffusion_tui.studio.engine.understand.reading.prompt_language import language_of_prompt
from riffusion_tui.studio.engine.understand.reading.senses.disambiguation import senses_of
from riffusion_tui.studio.engine.understand.reading.senses.prompt_context import context_of
from riffusion_tui.studio.engine.understand.words.languages import codes, implied_language
from riffusion_tui.studio.engine.understand.words.lexicon import ABSENT, context_words
from riffusion_tui.studio.engine.understand.words.matching import Match, match
from riffusion_tui.studio.engine.understand.words.mention import Mention, positions
from riffusion_tui.studio.engine.understand.words.neighbors import stands_alone
from riffusion_tui.studio.engine.understand.words.tokens import MAX_CHARACTERS, Token, tokenize


@lru_cache(maxsize=32)  # each take of a prompt is planned, and a locked song reads its first prompt again
def read(prompt: str) -> Reading:
    """Read a prompt. Words that mean nothing are listed as ignored. Do not change the result: it is shared."""
    text = clean_text(divided(prompt)[0], MAX_CHARACTERS)
    tokens = tokenize(text)
    stated = read_stated(text)
    title = _covered(tokens, [one for one in stated if one.kind == TITLE])
    names = names_in(tokens, match(tokens, title), title) if may_name(tokens) else ()
    named = frozenset(at for name in names for at in name)
    stated = _without(stated, tokens, named)
    languages = _covered(tokens, [one for one in stated if one.kind == "language"])
    taken = _covered(tokens, [one for one in stated if one.kind != "language"]) | corrections_in(tokens)
    stated = without_corrected_figures(tokens, stated)
    matches = with_the_rest_excluded(tokens, negated_qualities_apart(tokens, match(tokens, taken | named)))
    artists = (run for run in artist_names(tokens, matches) if not signs_a_message(tokens, run.start))
    models = tuple(run for run in artists if named.isdisjoint(run))
    matches = without_models(matches, models)
    stated, refused, spent = refused_in(tokens, stated, matches)
    matches, in_story = without_story_negations(tokens, tuple(one for one in matches if one.first not in spent))
    taken |= spent | in_story
    reading = Reading(
        text,
        tokens,
        stated,
        names=names,
        models=models,
        language=language_of_prompt(_without_keys(text, stated)),
        refused=refused,
    )
    subject = reading.subject_places = subject_places(text, tokens)
    found = with_instrumental_sections(tokens, _mentions(text, tokens, matches, taken, languages))
    reading.placed = tuple(placed_in(tokens, found))
    mentions = without_parts(tokens, without_excluded_sections(whole_song(tokens, found, reading.placed)))
    titled = title_words(tokens, mentions)
    matches = tuple(one for one in matches if one.first not in titled)
    reading.mentions = _corrected(tokens, [one for one in mentions if one.at not in titled], subject)
    implied = None if reading.first("language") else _implied_language(reading)
    if implied is not None:
        token = tokens[implied]
        reading.stated = (*stated, Stated("language", codes()[token.norm], token.start, token.end))
        languages |= {implied}
    length = _implied_length(reading)
    if length is not None:
        taken |= length[1]
        stated_otherwise = any(reading.first(kind) for kind in ("length", BARS, FORM_BARS))  # `a short tune, 8 bars`
        reading.stated = reading.stated if stated_otherwise else (*reading.stated, length[0])
    said = _said(reading, matches)
    reading.ignored = _ignored(tokens, matches, taken | languages | said | _understood(reading))
    return reading


def _said(reading: Reading, matches: tuple[Match, ...]) -> frozenset[int]:
    """Return the words that say something about others, or when something was written."""
    tokens = reading.tokens
    times = [range(*span) for span in times_of_day(reading.text)]
    return (
        levels(tokens, matches).cues
        | Silenced(tokens, matches).said
        | negated_qualities(tokens, matches)
        | places_of(reading.placed)
        | {one.at for one in reading.placed if one.kind == BAND}
        | {at for at, token in enumerate(tokens) if any(token.start in time for time in times)}
    )


def _without(stated: tuple[Stated, ...], tokens: tuple[Token, ...], named: frozenset[int]) -> tuple[Stated, ...]:
    """Return what is stated, without what is part of a name: `Dorian` is no mode then."""
    return tuple(one for one in stated if not named & _covered(tokens, [one])) if named else stated


def _without_keys(text: str, stated: tuple[Stated, ...]) -> str:
    """Return a prompt without letters for keys, which are no words of a language: `blues in e`."""
    spans = {(one.start, one.end) for one in stated if one.kind in ("key", "new key")}
    for start, end in sorted(spans, reverse=True):
        if not text[start + 1 : start + 2].isalpha():  # `sol maggiore` is Italian
            text = f"{text[:start]} {text[end:]}"
    return text


def _corrected(tokens: tuple[Token, ...], mentions: list[Mention], subject: frozenset[int]) -> list[Mention]:
    """Return the mentions, corrected by what the song is about and by the words around them."""
    mentions = without_subject_sounds(tokens, without_corrected_mentions(tokens, mentions), subject)
    mentions = without_repeated_leaders(tokens, mentions)
    mentions = [one for one in with_listed_names(tokens, mentions) if one.kind != "production" or one.at not in subject]
    mentions = [replace(one, kind=SUBJECT_GENRE) if _is_a_genre(one) and one.at in subject else one for one in mentions]
    mentions = with_sampled_voices(tokens, without_excluded_players(tokens, mentions, subject))
    mentions = without_played_parts(tokens, with_shared_nouns(tokens, mentions))
    mentions = without_lesser_genres(tokens, mentions)
    mentions = without_lonely_people(tokens, with_nature_for_hours(tokens, mentions))
    return with_played_genres(with_exceptions(tokens, with_groups_of_singers(tokens, mentions)))


def _is_a_genre(mention: Mention) -> bool:
    return mention.kind in ("genre", "flavour") and not mention.negated


def _implied_length(reading: Reading) -> tuple[Stated, frozenset[int]] | None:
    genres = {one.at: one.last for one in reading.positive("genre")}
    return implied_length(reading.tokens, genres, _understood(reading))


def _understood(reading: Reading) -> frozenset[int]:
    return frozenset(positions(reading.mentions))


def _implied_language(reading: Reading) -> int | None:
    sung = reading.voices()
    choirs = [one for one in (*sung, *reading.positive("instrument")) if one.meaning in CHOIRS]
    return implied_language(
        reading.tokens,
        frozenset(one.at for one in reading.positive("genre")),
        frozenset(one.at for one in (*sung, *choirs)),
        frozenset(one.at for one in choirs),
        _understood(reading),
    )


def _covered(tokens: tuple[Token, ...], stated: Iterable[Stated]) -> frozenset[int]:
    inside = {at for one in stated for at in range(one.start, one.end)}
    return frozenset(at for at, token in enumerate(tokens) if not inside.isdisjoint(range(token.start, token.end)))


def _mentions(
    text: str,
    tokens: tuple[Token, ...],
    matches: tuple[Match, ...],
    taken: frozenset[int],
    languages: frozenset[int],
) -> list[Mention]:
    level = levels(tokens, matches)
    scope = NegationScope(tokens, matches, level.cues)
    context = context_of(tokens, matches, taken, languages)
    sentences = _sentences(tokens)
    uses = {sentences[one.first]: one.last for one in reversed(matches) if one.has("use")}
    found: list[Mention] = []
    for position, one in enumerate(matches):
        if {*one.span} <= level.cues:
            continue
        word = text[tokens[one.first].start : tokens[one.last].end]
        sentence = sentences[one.first]
        use = uses.get(sentence, len(tokens)) < one.first
        for kind, matched in ((SOFTER, level.less | level.softer), (LOUDER, level.louder)):
            if position in matched:
                there = level.places.get(position)
                found.append(Mention(kind, name_of(tokens, one), word, one.first, one.last, sentence, place=there))
        if position in level.less:
            continue
        found_place = scope.places.get(position)
        negated = position in scope.negated or found_place is not None
        for kind, meaning in senses_of(context, one):
            of_sections = kind == "structure" and found_place is not None and found_place.last < one.first
            place = None if of_sections else found_place  # `verses without a chorus`
            missing = kind.startswith(ABSENT)
            if negated or not missing:
                force = _force(tokens, one.first)
                kind = kind.removeprefix(ABSENT)
                off = negated and not missing
                found.append(Mention(kind, meaning, word, one.first, one.last, sentence, off, use, force, place))
                if position in scope.named:
                    found.append(replace(found[-1], negated=False, place=None))
    return found


def _sentences(tokens: tuple[Token, ...]) -> list[int]:
    numbers: list[int] = []
    number = 0
    for token in tokens:
        number += token.gap == "hard"
        numbers.append(number)
    return numbers


def _force(tokens: tuple[Token, ...], at: int) -> float:
    before = tokens[at - 1].norm if at and tokens[at].gap == "" else ""
    return 1.4 if before in context_words("stronger") else 0.5 if before in context_words("weaker") else 1.0


def _ignored(tokens: tuple[Token, ...], matches: tuple[Match, ...], taken: frozenset[int]) -> tuple[str, ...]:
    used = set(taken)
    for one in matches:
        used.update(one.span)
    stop = context_words("stop") | context_words("courtesies")
    alone = {at for at, token in enumerate(tokens) if token.typed in ("A", "E") and stands_alone(tokens, at)}  # notes
    words = (
        token.typed for at, token in enumerate(tokens) if at not in used and (token.norm not in stop or at in alone)
    )
    return tuple(dict.fromkeys(words))
