"""Whether a word names a genre: `a house by the lake` is none, `a house track` is one."""

from __future__ import annotations

from riffusion_tui.studio.engine.instrument_groups import CHOIRS
from riffusion_tui.studio.engine.understand.figures.structure_figures import LETTERS
from riffusion_tui.studio.engine.understand.reading.senses.prompt_context import PromptContext
from riffusion_tui.studio.engine.understand.words import lexicon
from riffusion_tui.studio.engine.understand.words.languages import codes, is_sung_latin
from riffusion_tui.studio.engine.understand.words.lexicon import context_words, lone_names, weak_words
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR, follows, precedes
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.spelling import correct
from riffusion_tui.studio.engine.understand.words.tables import genre_families, genres, instrument_families, instruments

_HEARD = frozenset(
    {"instrument", "vocal", "gender", "genre", "flavour", "production", "structure", "energy", "tempo", "mood", "avoid"}
)
_BEFORE_GENRE = frozenset({"of", "in"})


def names_a_genre(context: PromptContext, match: Match) -> bool:
    """Whether a match with a genre's sense names it here."""
    if context.words(match) == ("lied",):
        return any(token.norm in context_words("art song voices") for token in context.tokens)
    if _is_a_verb(context, match) or _is_a_hall(context, match) or _is_admiration(context, match):
        return False
    return not _yields(context, match) and (not _is_weak(context, match) or _means_music(context, match))


def is_a_kind(context: PromptContext, match: Match) -> bool:
    """Whether the prompt names another genre of the family: beside `dub`, `one drop` has no drop."""
    family = genres()[match.meaning("genre") or ""].family
    others = (one.meaning("genre") for one in context.starts.values() if one != match)
    return any(name is not None and genres()[name].family == family for name in others)


def _yields(context: PromptContext, match: Match) -> bool:
    """Whether it names no genre beside others: `italian` in `italian disco`, `latin` that a choir sings."""
    if match.first in context.languages and _is_weak(context, match):
        return True
    if context.words(match) == ("fusion",) and _follows_a_genre(context, match):
        return True
    if context.words(match) in lexicon.context("classic") and _is_beside_a_genre(context, match):
        return True
    if _is_an_orchestra(context, match) or _is_a_language(context, match) or _is_a_way_to_record(context, match):
        return True
    if match.first == match.last and is_sung_latin(context.tokens, match.first) and _has_a_choir(context):
        return True
    if _is_a_players_dance(context, match):
        return True
    if context.words(match) in lexicon.context("also instruments") and _is_beside_a_player(context, match):
        return True
    yields = _is_lone(context, match) or _is_described(context, match)
    others = (one for one in context.starts.values() if one != match and not _covers(one, match))
    return yields and any(_is_clearly_a_genre(context, one) for one in others)


def _follows_a_genre(context: PromptContext, match: Match) -> bool:
    """Whether a genre comes right before it: `metal fusion` is metal."""
    before = (one for one in context.starts.values() if one.last == match.first - 1)
    return not context.tokens[match.first].gap and any(one.has("genre") for one in before)


def _is_beside_a_genre(context: PromptContext, match: Match) -> bool:
    after = context.after(match)
    joined = after is not None and not context.tokens[after.first].gap
    return _follows_a_genre(context, match) or (joined and after is not None and after.has("genre"))


def _is_an_orchestra(context: PromptContext, match: Match) -> bool:
    """Whether a string band is that of a concerto."""
    concerto = any(token.norm in context_words("soloists' works") for token in context.tokens)
    return concerto and context.words(match) == ("string", "band")


def _is_a_players_dance(context: PromptContext, match: Match) -> bool:
    """Whether an instrument plays a dance: `a hurdy-gurdy dance`; not one of a club, `synth dance`."""
    before = context.before(match)
    player = before.meaning("instrument") if before is not None and not context.tokens[match.first].gap else None
    return (
        player is not None
        and context.words(match) == ("dance",)
        and instruments()[player].family not in instrument_families("in clubs")
    )


def _is_a_language(context: PromptContext, match: Match) -> bool:
    """Whether a nationality is the language of a singer: `female singer japanese`, `english and korean`."""
    tokens, at = context.tokens, match.first
    if match.first < match.last or tokens[at].norm not in codes() or tokens[at].gap == "hard":
        return False
    if not any(one != match and one.has("genre") for one in context.starts.values()):
        return False
    if precedes(tokens, at, context_words("sung words")):
        return True
    before = [token.norm for token in tokens[max(0, at - 2) : at]]
    after = [token.norm for token in tokens[at + 1 : at + 3]]
    pairs = (before[::-1], after)
    return any(pair[:1] == ["and"] and pair[1:] and pair[1] in codes() for pair in pairs)


def _is_a_way_to_record(context: PromptContext, match: Match) -> bool:
    """Whether `lo-fi` says how another genre is recorded: `black metal, lofi production`, `lo fi tape`."""
    sound = follows(context.tokens, match.last + 1, context_words("recording nouns"))
    names = [one.meaning("genre") for one in context.starts.values() if one != match]
    others = [genres()[name].family for name in names if name is not None]
    alone = context.following(match.last) is None and context.tokens[match.first].begins_phrase
    sound |= alone and not genre_families("recorded lo-fi").isdisjoint(others)
    return sound and match.meaning("genre") == "lo-fi" and bool(others)


def _is_beside_a_player(context: PromptContext, match: Match) -> bool:
    """Whether the prompt names another instrument: `violin and electronics`."""
    return any(one.has("instrument") for one in context.starts.values() if one != match)


def _covers(broad: Match, narrow: Match) -> bool:
    """Whether one names the family that the other belongs to: `classical` beside a string quartet."""
    names = (broad.meaning("genre"), narrow.meaning("genre"))
    return None not in names and genres()[names[1] or ""].family in genres()[names[0] or ""].covers


def _is_described(context: PromptContext, match: Match) -> bool:
    """Whether it describes how the music sounds: `rap with a big beat`, `big beats`; not `rap, big beat`."""
    typed = tuple(token.norm for token in context.tokens[match.first : match.last + 1])
    name = (*typed[:-1], typed[-1].removesuffix("s"))
    if name not in lexicon.context("described"):
        return False
    before = context.tokens[match.first - 1].norm if match.first and not context.tokens[match.first].gap else ""
    return typed != name or before in context_words("determiners")


def _is_clearly_a_genre(context: PromptContext, match: Match) -> bool:
    named = match.has("genre") and not match.has("shadow")
    named = named and not (_is_lone(context, match) or _is_an_orchestra(context, match))
    return named and (not _is_weak(context, match) or _means_music(context, match))


def _is_lone(context: PromptContext, match: Match) -> bool:
    """Whether it names a genre only if no other does."""
    return context.words(match) in lone_names()


def _is_a_verb(context: PromptContext, match: Match) -> bool:
    """Whether it is a verb with its object at a clause's start: `rock the cradle`, `rap at the door`.

    An article that other languages have as well makes it one only beside another genre: `rock a todo volumen`.
    """
    tokens, at = context.tokens, match.first
    if match.first == match.last and tokens[at].norm in context_words("verbs of a subject"):
        return precedes(tokens, at, context_words("subjects"))
    alone = match.first == match.last and tokens[at].norm in context_words("genre verbs")
    if not alone or (at and not tokens[at].gap) or _music_follows(context, at):
        return False
    words = [token.norm for token in tokens[at + 1 : at + 3] if not token.gap]
    if words[:1] in (["a"], ["an"]):
        return any(one != match and one.has("genre") for one in context.starts.values())
    if words == ["at", "the"]:
        return True
    return len(words) > 1 and words[0] in context_words("objects of verbs") and words[1] not in ("way", "whole")


def _is_a_hall(context: PromptContext, match: Match) -> bool:
    """Whether `dance hall` is a place: `a dance hall in the 1920s`; not `a dance hall tune`."""
    at = match.first
    if context.words(match) != ("dance", "hall") or not at or context.tokens[at].gap:
        return False
    return context.tokens[at - 1].norm in context_words("determiners") and not _music_follows(context, match.last)


def _is_admiration(context: PromptContext, match: Match) -> bool:
    """Whether `worship` is that of a band, in metal: `stoner doom, Kyuss worship`."""
    names = (one.meaning("genre") for one in context.starts.values() if one != match)
    heavy = any(name is not None and genres()[name].family in genre_families("with idols") for name in names)
    joined = match.first > 0 and not context.tokens[match.first].gap and context.before(match) is None
    named = joined and context.tokens[match.first - 1].typed[0].isupper()
    return context.words(match) in lexicon.context("admiration") and heavy and named


def _is_weak(context: PromptContext, match: Match) -> bool:
    """Whether it is also an ordinary word, or the place of a nationality: `Korea`."""
    norm = context.tokens[match.first].norm
    return match.first == match.last and not weak_words().isdisjoint((norm, correct(norm)))


def _has_a_choir(context: PromptContext) -> bool:
    return any(meaning in CHOIRS for one in context.starts.values() for _, meaning in one.senses)


def _means_music(context: PromptContext, match: Match) -> bool:
    """Whether a weak genre word is a genre: before a music noun, or without an article or preposition."""
    if _means_little(context, match) or _is_a_subject(context, match):
        return False
    if _music_follows(context, match.last) or _is_a_manner_of(context, match) or _is_beside_a_figure(context, match):
        return True
    if match.first == 0 or context.tokens[match.first].begins_phrase:
        clear = match.first == 0 and context.tokens[0].norm in context_words("genres first")
        ends = context.following(match.last) is None
        return clear or ends or not (_is_plain(context, match.last + 1) or _is_furnished(context, match))
    typed = context.tokens[match.first - 1].typed.replace("’", "'")
    before = "is" if "'" in typed else context.tokens[match.first - 1].norm
    if before == "from" and match.first > 1 and context.tokens[match.first - 2].norm in context_words("music nouns"):
        return True
    if before == "some" and _has_sounds(context, match):
        return True
    if _is_described_thing(context, match) or (before in numbers() and not before.isdecimal()):
        return False
    if before in context_words("determiners"):
        work = context.tokens[match.last].norm in context_words("works")
        if match.first == 1 and work:
            return True
        return match.first > 1 and (_is_played(context, match.first - 2) or (work and _follows_music(context, match)))
    is_a_verb = context.tokens[match.first - 1].norm in context_words("before a verb")
    return before not in context_words("place prepositions") and not is_a_verb


def _is_described_thing(context: PromptContext, match: Match) -> bool:
    """Whether an article and an adjective that says nothing of music precede it: `a wireless world`, `my lost country`.

    Of the world, any adjective does.
    """
    tokens, at = context.tokens, match.first
    while at and not tokens[at].gap and tokens[at].norm not in context_words("determiners"):
        at -= 1
    between = range(at + 1, match.first)
    if tokens[at].norm not in context_words("determiners") or not between:
        return False
    adjective = len(between) == 1 and between[0] not in context.ends
    known = tokens[between[0]].norm in context_words("stop")
    return (adjective and not known) or context.words(match) == ("world",)


def _means_little(context: PromptContext, match: Match) -> bool:
    """Whether it only means little of something: `minimal percussion`, `a minimal beat`."""
    following = context.after(match)
    little = context.tokens[match.last].norm == "minimal"
    return little and following is not None and not following.has("genre")


def _is_a_subject(context: PromptContext, match: Match) -> bool:
    """Whether a verb says what it does: `no singing, kids get distracted`."""
    return follows(context.tokens, match.last + 1, context_words("verbs after subjects"))


def _music_follows(context: PromptContext, last: int) -> bool:
    for at in range(last + 1, last + 1 + NEAR):
        if at >= len(context.tokens) or context.tokens[at].begins_phrase:
            return False
        word = context.tokens[at].norm
        if word in context_words("music nouns"):
            return True
        if word in ("and", "or"):
            continue
        if at not in context.starts or context.starts[at].meaning("genre") is not None:
            return at in context.starts and at == last + 1
    return False


def _is_a_manner_of(context: PromptContext, match: Match) -> bool:
    """Whether a phrase before it announces a genre: `in the style of arabic pop`, `a kind of rock`."""
    before = [token.norm for token in context.tokens[max(0, match.first - 3) : match.first]]
    like = before[-2:] in (["like", "a"], ["like", "an"]) and before[:1] in (
        ["sounds"],
        ["sound"],
        ["sounding"],
        ["more"],
    )
    begins = before[-2:-1] in ([], ["of"], ["sounds"], ["sound"]) or context.tokens[match.first - 1].gap != ""
    like |= before[-1:] == ["like"] and begins
    like |= before[-2:] in (["something", "like"], ["more", "like"], ["kinda", "like"], ["rather", "like"])
    return like or (len(before) > 1 and before[-2] in context_words("genre announced") and before[-1] in ("of", "is"))


def _is_beside_a_figure(context: PromptContext, match: Match) -> bool:
    """Whether a figure stands beside it: `rock 15 seconds`; not `a house 2 minutes from here`."""
    before, after = match.first - 1, match.last + 1
    before -= before > 0 and context.tokens[before].norm in _BEFORE_GENRE
    after += after < len(context.tokens) and context.tokens[after].norm in context_words("before a figure")
    if before in context.figures and context.joins(before + 1, match.first):
        return True
    if after not in context.figures or not context.joins(match.last + 1, after):
        return False
    while after in context.figures:
        after += 1
    return after == len(context.tokens) or context.tokens[after].norm not in context_words("after a distance")


def _is_plain(context: PromptContext, at: int) -> bool:
    """Whether a word unknown to the lexicon continues the phrase at `at`, numbers skipped: `house 2 minutes`."""
    tokens = context.tokens
    while at < len(tokens) and tokens[at].gap == "" and tokens[at].norm.isdecimal():
        at += 1
    if at == len(tokens) or tokens[at].gap != "":
        return False
    unknown = at not in context.starts and tokens[at].norm not in context_words("stop")
    return unknown and not LETTERS.fullmatch(tokens[at].typed)


def _is_furnished(context: PromptContext, match: Match) -> bool:
    """Whether it is a place with something that is no sound: `house with a view`; not `house with a choir`.

    So is a home in or at another place, but not at a time: `house in the woods`, not `house at night`.
    """
    place = match.first == match.last and context.tokens[match.first].norm in context_words("places")
    following = context.following(match.last)
    if not place or following is None:
        return False
    if following.norm in ("in", "at"):
        there = {token.norm for token in context.tokens[match.last + 2 : match.last + 2 + NEAR]}
        music = not there.isdisjoint(context_words("music there")) or any(word[0].isdecimal() for word in there)
        return context.tokens[match.first].norm in context_words("homes") and not music
    return following.norm == "with" and not _has_sounds(context, match)


def _has_sounds(context: PromptContext, match: Match) -> bool:
    """Whether `with` and something that is heard follow, after articles and adjectives."""
    following = context.following(match.last)
    at = match.last + 2
    if following is None or following.norm != "with":
        return False
    while at <= match.last + 1 + NEAR and at < len(context.tokens) and not context.tokens[at].begins_phrase:
        there = context.starts.get(at)
        if at in context.figures or (there is not None and there.has(*_HEARD)):
            return True
        at += 1
    return False


def _follows_music(context: PromptContext, match: Match) -> bool:
    """Whether a piece and its article follow `then`: `a reel, then a jig`."""
    return context.tokens[match.first - 2].norm in context_words("one after the other")


def _is_played(context: PromptContext, at: int) -> bool:
    """Whether the word at `at` is a verb of playing: `plays a march`."""
    return context.tokens[at].norm in context_words("playing") and context.tokens[at + 1].gap == ""
