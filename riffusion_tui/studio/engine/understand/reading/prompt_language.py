"""The language in which a prompt is written: a user who writes Spanish expects Spanish lyrics."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.words.languages import WRITTEN

_FEWEST = 2
"""Words of a language in a prompt that is written in it, at least."""
_SHARE = 0.34
"""Their share of all words, at least: names of genres and instruments are international."""
_ELIDED = re.compile(r"(?:\b[dlmnst]|\bqu|dell|all|dall|nell|sull)['’](?=\w)", re.IGNORECASE)


def language_of_prompt(text: str) -> str:
    """Return the ISO 639-1 code of the language of a prompt; that of the engine's lyrics if no other is certain."""
    scripts = read_data("lexicon/prompt_languages.toml")["scripts"]
    letters = [letter for letter in text.lower() if letter.isalpha()]
    foreign = [letter for letter in letters if letter > "\u036f"]
    if 2 * len(foreign) > len(letters):
        names = [re.split("[ -]", unicodedata.name(letter, ""))[0] for letter in foreign]
        found = next((code for script, code in scripts.items() if script in names), WRITTEN)
        own = read_data("lexicon/prompt_languages.toml")["letters"].items()
        return next((code for code, marks in own if set(marks) & set(foreign)), found)
    typed = re.findall(r"[^\W\d_]+", _ELIDED.sub("", text))
    words = [_plain(word) for word in typed if not (len(word) == 1 and word.isupper())]  # `blues in E` has a key
    counts = {code: sum(word in row for word in words) for code, row in _words().items()}
    best = max(counts, key=lambda code: counts[code])
    certain = counts[best] >= max(_FEWEST, _SHARE * len(words)) and counts[best] > counts[WRITTEN]
    return best if certain else WRITTEN


@cache
def _words() -> dict[str, frozenset[str]]:
    rows = {code: row for code, row in read_data("lexicon/prompt_languages.toml").items() if "words" in row}
    return {code: frozenset(map(_plain, split_words(row["words"]))) for code, row in rows.items()}


def _plain(word: str) -> str:
    """Return a word in small letters, without accents."""
    marked = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in marked if not unicodedata.combining(letter))
