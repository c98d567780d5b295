"""Whether a word means a voice: `a wailing guitar` does not, `just vocals and guitar` has more than voices."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.senses.prompt_context import PromptContext
from riffusion_tui.studio.engine.understand.words.lexicon import context_words, weak_words
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.neighbors import follows, precedes
from riffusion_tui.studio.engine.understand.words.tables import instruments, sections


def means_a_voice(context: PromptContext, match: Match, meaning: str) -> bool:
    """Whether a match with a vocal sense means the vocals here, or that there are none."""
    if _describes_an_instrument(context, match) or (meaning == "a cappella" and _is_said_of_life(context, match)):
        return False
    if is_of_instruments(context, match):
        return False
    following = context.following(match.last)
    return meaning != "none" or following is None or following.norm not in context_words("parts")


def sings_with_an_instrument(context: PromptContext, match: Match) -> bool:
    """Whether `only` covers an instrument too: `piano and voice only`, `just vocals and guitar`."""
    if context_words("nobody but").isdisjoint(context.words(match)):
        return False
    following = context.following(match.last)
    if following is not None and following.norm == "and":
        beside = context.starts.get(match.last + 2)
    else:
        before = match.first > 0 and context.tokens[match.first - 1].norm == "and"
        beside = context.ends.get(match.first - 2) if before else None
    return beside is not None and beside.has("instrument")


def _describes_an_instrument(context: PromptContext, match: Match) -> bool:
    """Whether the word describes an instrument, not a voice: `the didgeridoo hums`, `a wailing guitar`."""
    word = context.words(match)[-1]
    if word in context_words("duos") | context_words("sung works") and _is_of_players(context, match):
        return True
    if word in context_words("conversations") and _is_between_instruments(context, match):
        return True
    after = context.after(match)
    if after is not None and context.tokens[match.last].norm in context_words("sounding adjectives"):
        return after.has("instrument") and not context.tokens[after.first].gap
    before = context.before(match)
    played = before.meaning("instrument") if before is not None else None
    verb = context.tokens[match.first]
    if played is None or verb.gap or verb.norm not in context_words("sounding verbs"):
        return False
    return instruments()[played].family != "voice"


def is_of_instruments(context: PromptContext, match: Match) -> bool:
    """Whether it is said of the parts or the soloist of an instrumental work.

    Examples: `a fugue in three voices for harpsichord`, `violin concerto, the soloist sings`.
    """
    words, norms = set(context.words(match)), {token.norm for token in context.tokens}
    if "soloist" in words:
        return not norms.isdisjoint(context_words("soloists' works"))
    others = [one for one in context.starts.values() if not _is_a_part(context, one)]
    sung = any(one.meaning("vocal") or "voice" in _families(one) for one in others)
    played = any("voice" not in _families(one) for one in others if one.meaning("instrument"))
    return _is_a_part(context, match) and played and not sung and not norms.isdisjoint(context_words("works in parts"))


def _is_a_part(context: PromptContext, match: Match) -> bool:
    """Whether it can mean a part of a fugue: `voices`, `dialogue`."""
    return set(context.words(match)) <= context_words("parts of a fugue")


def _families(match: Match) -> set[str]:
    name = match.meaning("instrument")
    return {instruments()[name].family} if name is not None else set()


def _is_of_players(context: PromptContext, match: Match) -> bool:
    """Whether a duet or a work is that of instruments: `duet for two flutes`; not `duet for voice and guitar`."""
    near = [one for at in range(match.last + 1, match.last + 7) if (one := context.starts.get(at)) is not None]
    if any(one.meaning(kind) for one in near for kind in ("vocal", "gender")):
        return False
    before = context.before(match) if not context.tokens[match.first].gap else None
    if before is not None and before.has("instrument"):
        return True
    following = context.following(match.last)
    joined = following is not None and following.norm in context_words("of a duet")
    return joined and any(one.has("instrument") for one in near)


def _is_between_instruments(context: PromptContext, match: Match) -> bool:
    """Whether instruments or actors talk: `a conversation between a violin and a cello`, `tension under dialogue`."""
    before = context.tokens[match.first - 1].norm if match.first and not context.tokens[match.first].gap else ""
    player = context.ends.get(match.first - 2) if before == "in" else None  # `tabla and sitar in conversation`
    if (player is not None and player.meaning("instrument") is not None) or before in context_words("before pictures"):
        return True
    following = context.following(match.last)
    if following is None or following.norm not in ("between", "of"):
        return False
    near = (context.starts.get(at) for at in range(match.last + 2, match.last + 5))
    return any(one is not None and one.has("instrument") for one in near)


def _is_said_of_life(context: PromptContext, match: Match) -> bool:
    """Whether the noun before `without music` is not of music: `life without music`, `a world without music`."""
    at = match.first - 1
    words = context.words(match)
    if at < 0 or context.tokens[match.first].gap or words[-1] != "music" or "without" not in words:
        return False
    before = context.ends.get(at)
    if context.tokens[at].norm in context_words("stop") | context_words("music nouns") | context_words("playing"):
        return False
    if before is None:
        return True
    noun = at > 0 and context.tokens[at - 1].norm in context_words("determiners")
    named = before.has("genre") and not (noun and context.tokens[at].norm in weak_words())
    return not named and not before.has("vocal", "gender", "instrument")


def sings_in_a_part(context: PromptContext, match: Match) -> bool:
    """Whether it says in which part of the song somebody sings so: `vocals only in the chorus`, `starts a cappella`."""
    if precedes(context.tokens, match.first, context_words("beginning")):
        return True
    if follows(context.tokens, match.last + 1, sections()):
        return True  # `an a cappella chorus`
    limited = follows(context.tokens, match.last + 1, ("in", "during", "at", "on", "for"))
    return limited and context.tokens[match.last].norm in ("only", "just")
