"""Cleaned text can't command a terminal, and has no secret in it."""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from riffusion_tui.clean import (
    _SAFE,
    MAX_TEXT,
    _SafeCharacters,
    clean_document,
    clean_line,
    clean_text,
    error_message,
    is_blank,
)
from riffusion_tui.redaction import Redactor
from riffusion_tui.secret import Secret

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


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200d\u200e", "\u3164\u2800\u115f\u1160\uffa0", "\ufe0f\u00a0", "\ue000"]
)
def test_invisible_characters_are_blank(text: str) -> None:
    assert is_blank(text)
    for shown in "a。♪5👩é":
        assert not is_blank(text + shown)


# -- secrets

TOKEN = "user:1234-canary/token_36"
ENCODINGS: dict[str, Callable[[str], str]] = {
    "percent": partial(quote, safe=""),
    "percent, all": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "entities": lambda text: "".join(c if c.isalnum() else f"&#{ord(c)};" for c in text),
    "entities, hexadecimal": lambda text: "".join(f"&#x{ord(c):04X};" for c in text),
    "names": lambda text: html.escape(text).replace(":", "&colon;").replace("_", "&lowbar;"),
    "JSON": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON, all": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "script": lambda text: "".join(c if c.isalnum() or c > "~" else f"\\x{ord(c):02X}" for c in text),
}
WRAPPED: dict[str, Callable[[str], str]] = {
    "line": lambda text: text[:9] + "\n    " + text[9:],
    "invisible": lambda text: "\u200d".join(text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "basic": lambda text: base64.b64encode(f"me:{text}:x".encode()).decode(),
    "base64 of URLs": lambda text: base64.urlsafe_b64encode(f">{text}".encode()).decode().rstrip("="),
    "base64 in lines": lambda text: base64.encodebytes((text * 4).encode()).decode(),
    "part": lambda text: text.removeprefix("user:"),
    "secret part": lambda text: text.removeprefix("user:1234-"),
    "plain": str,
}


@given(
    st.sampled_from(sorted(WRAPPED)),
    st.lists(st.sampled_from(sorted(ENCODINGS)), max_size=3),
    st.text("aZ 09%&\\#;é=+/\u200d\n", max_size=20),
    st.text(" \"'<>,é…", min_size=1, max_size=3),
    st.integers(1, 40),
)
@settings(max_examples=300, deadline=None)
def test_secrets_are_redacted_however_they_are_encoded(
    wrapped: str, encodings: list[str], around: str, edge: str, limit: int
) -> None:
    quoted = WRAPPED[wrapped](TOKEN)
    for encoding in encodings:
        quoted = ENCODINGS[encoding](quoted)
    shown = Redactor([Secret(TOKEN)]).clean(f"{around}{edge}{quoted}{edge}{around}", 100_000)
    assert "…" in shown
    for _ in range(5):
        shown = html.unescape(unquote(re.sub(r"\\+(?:u00|x)([0-9a-fA-F]{2})", r"%\1", shown))).replace("\\", "")
    plain = "".join(shown.replace("\u200d", "").split())
    secret = TOKEN.removeprefix("user:1234-")
    assert not any(secret[start : start + 6] in plain for start in range(len(secret) - 5))
    for start in range(4):
        packed = re.sub("[^A-Za-z0-9+/]", "", plain.replace("-", "+").replace("_", "/"))[start:]
        assert secret[3:10].encode() not in base64.b64decode(packed[: len(packed) // 4 * 4])
    assert len(Redactor([Secret(TOKEN)]).clean(f"{around}{TOKEN}", limit)) <= limit


@pytest.mark.parametrize(
    "text",
    ["50%25 off &amp; \\n", "user:1234-other", "C:\\new %41 &#65; &copy;", "can ary tok en", "a\nb", "&#300;%e9"],
)
def test_texts_without_a_secret_stay_as_they_are(text: str) -> None:
    redactor = Redactor([Secret("user:1234-canarytoken"), Secret("lovesong"), Secret("short"), Secret("")])
    assert redactor.clean(text, 1000) == text
    assert redactor.clean("a love song, shortly", 1000) == "a love song, shortly"
    assert redactor.clean("lovesong", 1000) == "…"
    deep = text + ":"
    for encode in [ENCODINGS["percent"], ENCODINGS["entities"]] * 3:
        deep = encode(deep)
    assert redactor.clean(deep, 100_000) == deep
    assert not Redactor([Secret("short")])
    assert Redactor().redacted("user:1234-other") == "user:1234-other"
