"""How numbers and signs are sung: `1999` is `nineteen ninety nine`, by `numerals.toml` and the number rules of CLDR."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from riffusion_tui.lyric_sheets.unsung_text import EMOTICON
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.pronunciation.pronouncing_dictionary import listed

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

_LONGEST = 10
"""Digits of a number, at most; what follows is another number."""
_PHONE = 7
"""Digits from which on they are sung one by one, if the number isn't a round one."""
_YEARS = range(1010, 2100)
_CARDINALS = 10**9
"""Larger numbers are only sung as a whole if they are millions."""
_LONGEST_ABBREVIATION = 5
_VOWELS = frozenset("aeiou")
_NAMES = {"a": "ay", "w": "double u"}
"""How letters are called whose name isn't a word of one syllable in the dictionary: there, `a` is the article."""
_ABBREVIATIONS = frozenset(("www", "http", "tv", "dj", "cd", "dvd"))
"""Those that are spelled without capitals too."""
_MARKS = ",.!?;:"
FRACTIONS = "\u00bc-\u00be\u2150-\u215e"
"""Range of the characters that are fractions: `½`."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@cache
def numeral_pattern(language: str) -> str:
    """Return a pattern for numbers and signs that are sung; `emoticon` is the group of those that aren't.

    Args:
        language: a key of `letters.toml`.
    """
    row = _row(language)
    point, between = re.escape(row["decimal"]), re.escape(row["grouping"])
    most = _LONGEST
    amount = (
        rf"\d{{1,3}}(?:{between}\d{{3}}){{1,4}}(?!\d)(?:{point}\d{{1,{most}}})?"
        rf"|\d{{1,{most}}}(?:{point}\d{{1,{most}}}(?!{point}?\d))?"
    )
    money = f"[{''.join(row['money'])}]"
    ordinals = "|".join(sorted(row["ordinals"].split(), key=len, reverse=True)) or r"(?!)"
    scales = "|".join(row.get("scales", "").split()) or r"(?!)"
    several = "['’]?s" if row.get("plural") else r"(?!)"
    end = r"(?![^\W_])"
    return (
        rf"(?P<emoticon>{EMOTICON})"
        r"|(?P<phone>(?<![\d-])(?:\d{3}-)?\d{3}-\d{4}(?![\d-]))"
        r"|(?P<clock>\d{1,2}:\d\d(?![:\d]))"
        r"|(?P<part>\d{1,4}/\d{1,4}(?![\d/]))"
        rf"|(?:(?P<whole>\d{{1,4}})\s?)?(?P<fraction>[{FRACTIONS}])"
        rf"|(?P<before>{money})\s?(?P<cost>{amount})(?:\s(?P<scale>{scales}){end})?"
        rf"|\#(?P<place>\d{{1,{most}}})"
        rf"|(?P<minus>−)?(?P<amount>{amount})"
        rf"(?:(?P<ordinal>{ordinals}){end}|(?P<several>{several}){end}|\s?(?P<unit>[%°])|\s?(?P<after>{money})(?!\d))?"
        r"|(?P<and>&(?:amp\b;?)?|@)(?=\s?[^\W_])"
        r"|(?P<plus>(?:(?<=[^\W_])|(?<=[^\W_]\s))(?:[+%](?![^\w\s])|=(?=\s?[^\W_])))"
    )


@lru_cache(maxsize=4096)
def spoken(text: str, language: str) -> tuple[str, ...]:
    """Return the words as which a number, sign or abbreviation is sung, in lower case; none for others, and emoticons.

    Args:
        text: as it is written, with or without punctuation after it: `1999,`, `$5`, `3:30`, `&`.
        language: a key of `letters.toml`.
    """
    bare = text.rstrip(_MARKS)
    if not bare or bare[0].isalpha():
        return _letters(bare) if language == "en" else ()
    # Signs are only sung beside words.
    found = re.compile(rf"a ?(?:{numeral_pattern(language)}) ?a").fullmatch(f"a {bare} a")
    if found is None:
        return ()
    read = _Reading(language)
    given = {name: part for name, part in found.groupdict().items() if part}
    return tuple(word.lower() for word in _WORD.findall(read.words(given)))


def _letters(word: str) -> tuple[str, ...]:
    """Return the names of the letters of an English abbreviation that is spelled: `FBI`, `tv`; none for other words.

    The dictionary decides; one that it lacks is spelled if it has no vowels.
    """
    lower = word.lower()
    capitals = sum(map(str.isupper, word))
    if not (lower.isascii() and lower.isalpha() and 2 <= len(lower) <= _LONGEST_ABBREVIATION):
        return ()
    if 2 * capitals <= len(word) and lower not in _ABBREVIATIONS:
        return ()
    names = tuple(" ".join(_NAMES.get(letter, letter) for letter in lower).split())
    ways = listed(lower)
    if ways:
        return names if _plain(ways[0]) == [sound for name in names for sound in _plain(listed(name)[0])] else ()
    doubled = any(one == two for one, two in pairwise(lower))  # `HMM`, `SHH`
    return names if lower in _ABBREVIATIONS or (not doubled and _VOWELS.isdisjoint(lower)) else ()


def _plain(way: tuple[str, ...]) -> list[str]:
    """Return sounds without their stress."""
    return [sound.rstrip("012") for sound in way]


def _row(language: str) -> dict[str, Any]:
    row: dict[str, Any] = read_data("numerals.toml")[language]
    return row


@cache
def _rules(language: str) -> RbnfEngine:
    from unicode_rbnf import RbnfEngine  # not needed for most songs, and takes 60 ms

    return RbnfEngine.for_language(_row(language).get("numbers", language))


class _Reading:
    """Reads numbers in a language."""

    def __init__(self, language: str) -> None:
        self._row = _row(language)
        self._rules = _rules(language)

    def words(self, given: dict[str, str]) -> str:
        """Return the words of what the groups of `numeral_pattern` found."""
        if "amount" in given:
            return self._amount(given)
        if "cost" in given:
            return self._price(given["before"], given["cost"], given.get("scale", ""))
        if "clock" in given:
            return self._time(*given["clock"].split(":"))
        if "part" in given:
            return self._part(given["part"])
        if "fraction" in given:
            return self._mixed(given.get("whole", ""), unicodedata.normalize("NFKC", given["fraction"]))
        if "phone" in given:
            return self._digits(given["phone"].replace("-", ""))
        if "place" in given:
            return f"{self._sign('#')} {self._number(given['place'])}"
        return self._sign((given.get("and") or given.get("plus") or " ")[0])

    def _part(self, text: str) -> str:
        known: str = self._row.get("parts", {}).get(text, "")
        return known or " ".join(self._number(number) for number in text.split("/"))

    def _mixed(self, whole: str, fraction: str) -> str:
        """Return the words of `½`, after a whole number or alone."""
        text = fraction.replace("\u2044", "/")
        part = self._row.get("fractions", {}).get(text) or self._part(text)
        if not whole:
            return str(part)
        beside = self._row.get("mixed", {}).get(text) or f"{self._sign('&')} {part}"
        return f"{self._cardinal(int(whole))} {beside}"

    def _sign(self, sign: str) -> str:
        return str(self._row["signs"].get(sign, ""))

    def _amount(self, given: dict[str, str]) -> str:
        text = given["amount"]
        if "ordinal" in given:
            return self._ordinal(self._whole(text), feminine=given["ordinal"] in ("ª", "ère"))
        if "after" in given:
            return self._price(given["after"], text, "")
        words = self._number(text)
        if "several" in given:
            return _plural(words)
        before = self._row["minus"] if "minus" in given else ""
        return f"{before} {words} {self._sign(given.get('unit', ''))}"

    def _whole(self, text: str) -> int:
        return int(text.partition(self._row["decimal"])[0].replace(self._row["grouping"], ""))

    def _number(self, text: str) -> str:
        whole, _, fraction = text.partition(self._row["decimal"])
        number = self._whole(text)
        if fraction:
            return f"{self._cardinal(number)} {self._row['point']} {self._digits(fraction)}"
        if not whole.isdigit():
            return self._cardinal(number)
        listed = str(number) in self._row.get("digits", "").split()
        if listed or (len(whole) > 1 and int(whole[0]) == 0) or (len(whole) >= _PHONE and number % 1000):
            return self._digits(whole)
        return self._year(number) if len(whole) == 4 and number in _YEARS else self._cardinal(number)

    def _digits(self, digits: str) -> str:
        return " ".join(self._cardinal(int(digit)) if int(digit) else self._row["zero"] for digit in digits)

    def _price(self, sign: str, text: str, scale: str) -> str:
        one, several, *small = self._row["money"][sign]
        whole, _, cents = text.partition(self._row["decimal"])
        if scale or (cents and len(cents) != 2):
            return f"{self._number(text)} {scale} {several}"
        left = int(cents or 0)
        if left and small and not self._whole(text):
            return f"{self._cardinal(left)} {small[0]}"
        words = self._cardinal(self._whole(text))
        return f"{words} {one if whole == '1' else several} {self._cardinal(left) if left else ''}"

    def _time(self, hours: str, minutes: str) -> str:
        left = int(minutes)
        if not left:
            return f"{self._cardinal(int(hours))} {self._row.get('full_hour', '')}"
        later = self._digits(minutes) if left < 10 else self._cardinal(left)
        return f"{self._cardinal(int(hours))} {self._row.get('hour', '')} {later}"

    def _cardinal(self, number: int) -> str:
        if number >= _CARDINALS and number % 10**6:
            return self._digits(str(number))
        return self._spelled(number, "CARDINAL")["spellout-numbering"]

    def _year(self, number: int) -> str:
        return self._spelled(number, "YEAR")["spellout-numbering-year"]

    def _ordinal(self, number: int, *, feminine: bool) -> str:
        forms = self._spelled(number, "ORDINAL")
        plain = forms.get("spellout-ordinal")
        return plain or forms[f"spellout-ordinal-{'feminine' if feminine else 'masculine'}"]

    def _spelled(self, number: int, purpose: str) -> dict[str, str]:
        from unicode_rbnf import FormatPurpose

        return self._rules.format_number(number, FormatPurpose[purpose]).text_by_ruleset


def _plural(words: str) -> str:
    """Return an English number in the plural: `nineteen eighties`, `hundreds`."""
    plain = words.removeprefix("one ") if words in ("one hundred", "one thousand") else words
    if plain.endswith("y"):
        return f"{plain[:-1]}ies"
    return f"{plain}es" if plain.endswith("x") else f"{plain}s"
