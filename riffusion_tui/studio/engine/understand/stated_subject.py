"""Reads what a song is about, in the prompt's own words."""

from __future__ import annotations

import re
from dataclasses import replace

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.understand.figures.stated import TITLE
from riffusion_tui.studio.engine.understand.reading.about import ABOUT, FOREIGN_ABOUT
from riffusion_tui.studio.engine.understand.reading.mentions import Reading, derived_once
from riffusion_tui.studio.engine.understand.reading.names.names_of_people import greeted
from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words, name_words
from riffusion_tui.studio.engine.understand.words.neighbors import precedes
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.tokens import POSSESSIVE, Token

_CUT = re.compile(
    r"\s+(?:in (?:the style|a \w+ style|[A-G][#b]?\b|\d)|(?:at|on) \d|featuring|sung by|\d+ ?bpm|for a\b|"
    r"(?:but )?make it\b|(?:lol|lmao|haha|pls|plz|please)\b|"
    r"and (?:a|the) \w+ (?:beat|melody|bassline)|and (?:an? |the )?(?:\w+ ){1,2}solo\b|plus\b|\+).*$",
    re.IGNORECASE,
)


_WORK = re.compile(
    r"\b(?:documentar(?:y|ies)|podcast|film|movie|series|show|video|vlog|game|trailer|novel|book|guide|ad|commercial)\s+$",
    re.IGNORECASE,
)
_NAMES = re.compile(r",\s+[A-Z][\w'’-]*(?:(?:,?\s+and|,|)\s+[A-Z][\w'’-]*){0,4}(?=\s*(?:[,.;!\n)]|$))")
"""The names of what a prompt is about, after it: `my three cats, Milo, Otis and Pixel`."""
_ARTICLES = frozenset({"a", "an", "the"})
_BEFORE_KIN = 2
"""Words between `my` and somebody: `my dear old friend`."""


@derived_once
def subject(reading: Reading) -> str:
    """Return the words after "about" and similar words, without those on the sound; empty if there are none.

    Else it is about those whom it names or is for, else about what its title says.
    """
    return _stated(reading) or _named(reading) or _of_kin(reading) or title(reading)


def title(reading: Reading) -> str:
    """Return the title that the prompt gives the song; empty if it gives none."""
    return reading.first(TITLE) or ""


def people(reading: Reading) -> bool:
    """Whether the song is for somebody, whom it can address; not only about them."""
    found = subject(reading)
    about = re.search(rf"\babout\s+{re.escape(found)}", reading.text) is not None
    persons = filter(None, (_named(reading), _of_kin(reading)))
    return not about and any(found == one or found.startswith(f"{one} who ") for one in persons)


def states_a_subject(reading: Reading) -> bool:
    """Whether the prompt says what the song is about, so that it has words; a piece for somebody may have none."""
    stated = bool(_stated(reading)) and not is_about_another_work(reading)
    stated = stated or FOREIGN_ABOUT.search(reading.text) is not None
    return stated or (_is_called_a_song(reading) and bool(reading.names))


def is_a_song_about_something(reading: Reading) -> bool:
    """Whether the prompt asks for a song and says what about: `song about school`, not `music about school`."""
    return states_a_subject(reading) and _is_called_a_song(reading)


def scene(reading: Reading) -> str:
    """Return who or what a prompt that only describes a scene begins with: `two mules` of `two mules on a canal`.

    Empty if it says anything of music.
    """
    tokens, begun = reading.tokens, reading.tokens[:1]
    if _describes_music(reading) or not begun or begun[0].norm not in _ARTICLES | numbers().keys():
        return ""
    ends = (at for at in range(2, len(tokens)) if _ends_a_noun(tokens, at))
    last = tokens[next(ends, len(tokens)) - 1]
    return reading.text[begun[0].start : last.end]


def _ends_a_noun(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a noun ends before a token: a preposition, a verb (`a keeper climbs`), or another phrase."""
    token = tokens[at]
    verb = tokens[0].norm in ("a", "an") and token.norm.endswith("s") and not token.norm.endswith("ss")
    small = token.norm in context_words("stop") and token.norm not in ("of", "the")
    gerund = token.norm.endswith("ing") and token.norm not in split_words(
        read_data("lyrics/choice.toml")["subject"]["no_gerund"]
    )
    return bool(token.gap) or verb or small or gerund


def is_a_line(reading: Reading) -> bool:
    """Whether the prompt is what somebody sings or a title, no description of music: `no one dances like you`."""
    return not _describes_music(reading) and not context_words("sung pronouns").isdisjoint(reading.norms)


def _describes_music(reading: Reading) -> bool:
    described = reading.positive("genre", "flavour", "instrument", "vocal", "production", "structure")
    described += reading.negative("genre", "flavour", "instrument", "vocal")
    asking = context_words("requests") | context_words("music nouns")
    return bool(described or reading.stated) or not asking.isdisjoint(reading.norms)


def _is_called_a_song(reading: Reading) -> bool:
    return any(token.norm in context_words("songs") for token in reading.tokens)


def _stated(reading: Reading) -> str:
    found = ABOUT.search(reading.text)
    if not found:
        return ""
    words = found[1]
    for mention in reading.positive("instrument", "vocal"):
        at = reading.tokens[mention.at].start - found.start(1)
        if 0 < at < len(words) and " with " in words[:at]:
            words = words[: words.rindex(" with ", 0, at)]
    words = _CUT.sub("", words).strip(" '\"-")
    kin = words == found[1] and words.lower().startswith(("my ", "our "))
    return words + (_names_of(reading, found.end(1)) if kin else "")


def _names_of(reading: Reading, end: int) -> str:
    """Return the names after a comma of what is mine: `, Milo and Otis`; empty if they may be words of music."""
    found = _NAMES.match(reading.text, end)
    names = re.findall(r"[A-Z][\w'’-]*", found[0]) if found else []
    return found[0] if found and set(names) <= set(reading.ignored) else ""


def is_about_another_work(reading: Reading) -> bool:
    """Whether "about" tells what a film, a game or the like is about, for which the music is."""
    found = ABOUT.search(reading.text)
    return found is not None and _WORK.search(reading.text[: found.start()]) is not None


def _named(reading: Reading) -> str:
    """Return the first names, with the words that say who they are: `my dog Rex`, `baby Emma`."""
    tokens = reading.tokens
    others = (one for one in reading.names if not _is_a_players(reading, one))
    name = next((one for one in others if tokens[max(0, one.start - 1)].norm != "from"), None)
    if name is None:
        return ""
    first, end = name.start, tokens[_last_of_a_brand(tokens, name[-1])].end
    if first and _is_kin(tokens[first - 1]) and not tokens[first].gap:
        first -= 1
        first -= precedes(tokens, first, ("my", "our"))
    return POSSESSIVE.sub("", reading.text[tokens[first].start : end])


def _is_a_players(reading: Reading, name: range) -> bool:
    """Whether a name is that of somebody who plays: `Tom on drums`, `Viola (bass)`."""
    after = reading.tokens[name.stop : name.stop + 1]
    leads = any(one.bracket or one.colon or one.norm in name_words("playing") for one in after)
    played = {one.at for one in reading.positive("instrument", "vocal")}
    return leads and not played.isdisjoint(range(name.stop, name.stop + _BEFORE_KIN + 1))


def _last_of_a_brand(tokens: tuple[Token, ...], at: int) -> int:
    """Return the position of what a name at `at` owns that has a capital too: of `Pizza` in `Joe's Pizza`."""
    last = at
    while POSSESSIVE.search(tokens[at].typed) and last + 1 < len(tokens):
        if tokens[last + 1].gap or not tokens[last + 1].typed.istitle():
            break
        last += 1
    return last


def _of_kin(reading: Reading) -> str:
    """Return a relative whom it is for, or whose occasion it is: `my sister's 40th birthday`, `happy birthday, mom`."""
    for at, token in enumerate(reading.tokens):
        given = at > 0 and reading.tokens[at - 1].norm in ("for", "to") and token.norm in _words("parents")
        if _is_kin(token) and (given or greeted(reading.tokens, at)):
            return reading.text[token.start : reading.tokens[_last_of_pair(reading.tokens, at)].end]
        last = _our_relative(reading.tokens, at) if token.norm in ("my", "our") else None
        if last is not None:
            return POSSESSIVE.sub("", reading.text[token.start : last.end])
    return ""


def _last_of_pair(tokens: tuple[Token, ...], at: int) -> int:
    """Return the position of the last of two relatives: of `dad` in `mom and dad`."""
    two = len(tokens) > at + 2 and tokens[at + 1].norm == "and" and _is_kin(tokens[at + 2])
    return at + 2 if two else at


def _our_relative(tokens: tuple[Token, ...], at: int) -> Token | None:
    """Return the relative after the `my` at `at`, if the song is for them, or if something is theirs."""
    given = precedes(tokens, at, ("for", "to"))
    given = given and not (at > 1 and tokens[at - 2].norm in context_words("left for"))
    for token in tokens[at + 1 : at + 2 + _BEFORE_KIN]:
        if token.gap:
            return None
        if _is_kin(token) and (given or POSSESSIVE.search(token.typed)):
            return token
    return None


def _is_kin(token: Token) -> bool:
    return POSSESSIVE.sub("", token.typed.lower()) in _words("kin")


def _words(name: str) -> tuple[str, ...]:
    return tables.word_lists("names")[name]


def about_as(plan: Plan, prompt: str) -> Plan:
    """Return a plan with the subject, the moods and the scenes of another prompt: what its lyrics are about."""
    reading = read(prompt)
    moods, scenes = reading.meanings("mood"), reading.meanings("scene", "place", "activity")
    named = people(reading)
    return replace(plan, subject=subject(reading), title=title(reading), named=named, moods=moods, scenes=scenes)
