"""Cleaned text can't command a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from riffusion_tui.clean import _SAFE, MAX_TEXT, _SafeCharacters, clean_document, clean_line, clean_text, error_message

HOSTILE = [chr(code) for code in (*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
HOSTILE += ["\u061c", "\ud800", "\udfff", "\U000e0001", "\ufeff", "\u00ad"]
TEXTS = st.lists(st.one_of(st.text(), st.sampled_from(HOSTILE), st.characters())).map("".join)


def commands(text: str) -> list[str]:
    """Return the characters of `text` that a terminal, or the order of reading, could obey."""
    return [
        character
        for character in text
        if (unicodedata.category(character) == "Cc" and character not in "\n\t")
        or unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        or 0xD800 <= ord(character) <= 0xDFFF
    ]


@given(TEXTS)
@example("\x1b]52;c;aGk=\x07")
@example("\x9b31m")
@settings(max_examples=300, deadline=None)
def test_cleaned_text_holds_no_command(text: str) -> None:
    for cleaned in (clean_text(text), clean_line(text)):
        assert commands(cleaned) == []
        assert "\x1b" not in cleaned
        cleaned.encode("utf-8")
    assert "\n" not in clean_line(text)
    assert "\t" not in clean_line(text)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"))))
@settings(max_examples=200, deadline=None)
def test_harmless_text_is_unchanged(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("\x1b[2J[Verse] [/b] [@click=x]", "[Verse] [/b] [@click=x]"),
        ("\x1b[1;38:2::9:8:7mred\x1b[0m\x1b[>4;2m\x9b31mblue\x1b[ q\x1b[?25h", "redblue"),
        ("\x1b]8;;https://a.b\x1b\\link\x1b]8;;\x07 \x1b]0;title\x9c\x1bP+q4\x1b\\\x9d0;x\x07end", "link end"),
        ("\x1b(Bplain\x1b)0, too\x1b long", "plain, too long"),
        ("\x1b]0;no end\nline \x1b[3\n[31m \x1b", "]0;no end\nline [3\n[31m "),
        ("👩‍👩‍👧 क्‍ष \u200f", "👩‍👩‍👧 क्‍ष \u200f"),
        ("\ud83d", "\N{REPLACEMENT CHARACTER}"),
        ("a\tb", "a\tb"),
        ("", ""),
    ],
)
def test_text_is_cleaned(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


def test_clean_line_returns_one_trimmed_line() -> None:
    assert clean_line("  a \n\t b\x00\u2028c ") == "a b c"


def test_long_text_is_truncated() -> None:
    assert len(clean_text("x" * (MAX_TEXT + 5))) == MAX_TEXT
    assert clean_line("abc" * 10, 4) == "abca"


def test_an_error_is_shown_with_advice() -> None:
    class Helped(Exception):
        advice = "Try again."

    assert error_message(Helped("Unauthorized")) == "Unauthorized. Try again."
    assert error_message(Helped("It is\nfull!")) == "It is full! Try again."
    assert error_message(Helped("")) == "Try again."
    assert error_message(ValueError("no advice")) == "no advice"
    assert error_message(FileNotFoundError(2, "No such file", "/data/a.lock")) == "No such file: /data/a.lock"
    assert error_message(OSError(28, "No space left")) == "No space left"
    assert error_message(OSError("cannot load library")) == "cannot load library"


def test_the_cache_of_characters_is_bounded() -> None:
    whole = "".join(map(chr, range(0x4E00, 0x4E00 + 3 * _SAFE.limit)))
    assert clean_text(whole) == whole
    assert len(_SAFE) <= _SAFE.limit


def test_each_kind_of_character_is_replaced_when_first_seen() -> None:
    safe = _SafeCharacters()
    replaced = {
        character: safe[ord(character)] for character in ("\u2028", "\t", "\ud800", "\x1b", "\u202e", "\u200d", "é")
    }
    assert replaced == {
        "\u2028": "\n",
        "\t": "\t",
        "\ud800": "\N{REPLACEMENT CHARACTER}",
        "\x1b": "",
        "\u202e": "",
        "\u200d": "\u200d",
        "é": "é",
    }


def test_a_document_keeps_what_is_no_line_break_in_json() -> None:
    assert clean_document("a\u2028b\x0bc\rd\r\ne\x1b[31mf\x00g\u202e") == "a\u2028b\x0bc\nd\nefg"
    assert clean_document("plain", 3) == "pla"
