"""Whether a word means the tempo: `medium` does in `medium swing` and `a medium tempo`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.senses.prompt_context import PromptContext
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.neighbors import follows
from riffusion_tui.studio.engine.understand.words.tokens import stem


def means_the_tempo(context: PromptContext, match: Match) -> bool:
    """Whether a match with a tempo's sense means it here."""
    word = context.tokens[match.first].norm
    if not match.has("energy") and _before_a_song(context, match.last + 1):
        return True
    if word in context_words("tempo before a genre") and _before_a_lone_genre(context, match.last + 1):
        return True
    if _before_a_noun(context, match) or _tempo_is(context, match.first):
        return True
    return word in context_words("tempo tags") and _stands_alone(context, match)


def is_a_tomb(context: PromptContext, match: Match) -> bool:
    """Whether `grave` is no tempo but where somebody lies: `my grandfather's grave`."""
    at = match.first
    if context.words(match) != ("grave",) or not at or context.tokens[at].gap:
        return False
    before = context.tokens[at - 1]
    owned = before.typed.lower().endswith(("'s", "’s", "s'", "s’"))
    return owned or before.norm in context_words("determiners") | context_words("place prepositions")


def _before_a_song(context: PromptContext, at: int) -> bool:
    """Whether a song noun follows, at most with genres between: `an upbeat bluegrass number`."""
    there = context.starts.get(at)
    while there is not None and there.has("genre") and not context.tokens[at].gap:
        at = there.last + 1
        there = context.starts.get(at)
    return follows(context.tokens, at, context_words("song nouns"))


def _before_a_lone_genre(context: PromptContext, at: int) -> bool:
    """Whether a genre follows, and then nothing: `medium swing, no vocals`."""
    there = context.starts.get(at)
    if there is None or not there.has("genre") or context.tokens[at].gap:
        return False
    return context.following(there.last) is None


def _before_a_noun(context: PromptContext, match: Match) -> bool:
    """Whether a noun for tempo follows, or right after it a song noun: `a medium pace`, `a brisk/lively tune`."""
    for offset, token in enumerate(context.tokens[match.last + 1 : match.last + 3]):
        if token.gap not in ("", "slash"):
            return False
        a_song = offset == 0 and not match.has("energy") and token.norm in context_words("song nouns")
        if a_song or token.norm in context_words("tempo nouns"):
            return True
        if token.norm not in context_words("joined tempos"):
            return False
    return False


def _tempo_is(context: PromptContext, first: int) -> bool:
    """Whether a noun for tempo comes before it: `the tempo is medium`, `the tempo's medium`."""
    before = context.tokens[max(0, first - 6) : first]
    start = next((at for at, token in enumerate(before) if stem(token.norm) in context_words("speeds")), len(before))
    between = context_words("tempo is") | context_words("song nouns")
    return start < len(before) and all(token.norm in between for token in before[start + 1 :])


def _stands_alone(context: PromptContext, match: Match) -> bool:
    """Whether the word stands alone between commas: `..., medium, ...`."""
    begins = match.first == 0 or context.tokens[match.first].gap != ""
    return begins and context.following(match.last) is None
