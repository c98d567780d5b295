"""Pastes, bracketed or not, are text to their end and never commands."""

from __future__ import annotations

import pytest
from textual import events

from riffusion_tui.tui.widgets.line_field import words_of
from tests.tui.test_terminal_input import F10, Line


@pytest.mark.parametrize("typing", [True, False], ids=["editor", "list"])
def test_a_bracketed_paste_is_text(typing: bool) -> None:
    inside = "a \x1b[31mred\x1b[0m song\nsecond\r\nthird \x1b[21~ café 日"
    sent = b"\x1b[200~" + inside.encode() + b"\x1b[201~"
    for cut in range(1, len(sent)):
        for pause_s in (0.0, 0.3):
            line = Line(typing=typing).send(sent[:cut], pause_s).send(sent[cut:], 0.2)
            assert (line.pasted(), [key for key in line.pressed() if key != "escape"]) == (inside, [])
            assert line.escapes() == 0
            assert line.send(F10, 0.1).pressed()[-1:] == ["f10"]


def test_a_paste_bracketed_with_8_bit_controls_ends() -> None:
    sent = b"\x9b200~caf\xc3\xa9\nrm\x9b201~"
    for cut in range(1, len(sent)):
        line = Line(typing=True).send(sent[:cut]).send(sent[cut:], 3.0)
        assert (line.pasted(), line.pressed()) == ("café\nrm", [])
        assert line.send(b"\n", 0.2).pressed() == ["ctrl+j"]


def test_text_right_after_the_end_of_a_paste_is_text() -> None:
    line = Line(typing=True).send(b"\x1b[200~rain\x1b[201~\nrm\n", 0.2)
    assert (line.pasted(), line.pressed()) == ("rain\nrm\n", [])
    assert line.send(b"\n", 0.2).pressed() == ["ctrl+j"]


def test_keys_work_again_after_a_paste_without_an_end() -> None:
    for way_out, key in ((b"\x03", "ctrl+c"), (b"\x1b", "escape"), (F10, "f10")):
        line = Line(typing=True).send(b"\x1b[200~rain", 3.0).send(way_out, 0.5)
        assert (line.pasted(), line.pressed()) == ("rain", [key])


@pytest.mark.parametrize("pause_s", [0.0, 0.001, 0.012])
@pytest.mark.parametrize("text", ["rock ballad, crying", "a song\nsecond\n", "xy\n", "r\x03o\x1b[21~ck", "日本語の歌"])
def test_a_burst_is_text_in_the_editor_and_ignored_in_a_list(text: str, pause_s: float) -> None:
    lists, editor = Line(typing=False), Line(typing=True)
    for piece in text if pause_s else [text]:
        lists.send(piece.encode(), pause_s)
        editor.send(piece.encode(), pause_s)
    lists.wait(0.1)
    editor.wait(0.1)
    if not pause_s or "\x1b" not in text:
        assert lists.pressed() == []
    typed = "".join(e.character or "" for e in editor.got if isinstance(e, events.Key) and e.is_printable)
    assert typed + editor.pasted() == text.replace("\x03", "").replace("\x1b[21~", "")
    assert "ctrl+j" not in editor.pressed()


@pytest.mark.parametrize("text", ["ls", "service"])
def test_enter_after_fast_typing_submits_a_field(text: str) -> None:
    field, editor = Line(typing=True, one_line=True), Line(typing=True)
    for piece in (*text, "\r"):
        field.send(piece.encode()).now += 0.015
        editor.send(piece.encode()).now += 0.015
    assert field.wait(0.1).pressed()[-1] == "enter"
    assert "\n" not in field.pasted()
    assert "enter" not in editor.wait(0.1).pressed()


@pytest.mark.parametrize(
    "sent",
    [["service\r"], ["serv", "ice\r"], ["service", "\r", "x"], ["a", "b\r", "c", "\r"], ["\x1b[200~a\x1b[201~", "\r"]],
    ids=repr,
)
@pytest.mark.parametrize("pause_s", [0.0, 0.012, 0.015])
def test_enter_within_a_burst_does_not_submit_a_field(sent: list[str], pause_s: float) -> None:
    line = Line(typing=True, one_line=True)
    for piece in sent:
        line.send(piece.encode()).now += pause_s
    assert "enter" not in line.wait(0.1).pressed()


def shown(line: Line) -> list[str]:
    """Return a line's events in order: characters and pastes joined, other keys by name."""
    out = [""]
    for event in line.got:
        if isinstance(event, events.Paste):
            out[-1] += event.text
        elif isinstance(event, events.Key) and event.is_printable:
            out[-1] += event.character or ""
        elif isinstance(event, events.Key):
            out += [event.key, ""]
    return [one for one in out if one]


@pytest.mark.parametrize("cut", range(10))
def test_function_keys_after_fast_typing_are_keys(cut: int) -> None:
    sent = b"rain" + b"\x1b[15~" + F10
    editor = Line(typing=True).send(sent[:cut], 0.005).send(sent[cut:], 0.1)
    assert shown(editor) == ["rain", "f5", "f10"]
    assert shown(editor.send(b"\n", 0.1)) == ["rain", "f5", "f10", "ctrl+j"]


@pytest.mark.parametrize("typing", [True, False], ids=["editor", "list"])
@pytest.mark.parametrize(
    "text", ["rain\nsnow", "rain\n", "a line that is longer than what hands type " * 2, "ab" * 4_999]
)
def test_pasted_text_that_ends_in_a_keys_bytes_presses_no_key(text: str, typing: bool) -> None:
    sent = text.encode() + b"\x1b[15~"
    for cut in range(len(sent) - 6, len(sent)):
        line = Line(typing=typing).send(sent[:cut], 0.002).send(sent[cut:], 0.1)
        assert (line.pressed(), line.pasted()) == ([], text)
    bracketed = Line(typing=typing).send(b"\x1b[200~" + text.encode() + b"\x1b[201~\x1b[15~", 0.1)
    assert (bracketed.pressed(), bracketed.pasted()) == ([], text)
    pressed = Line(typing=typing).send(text.encode(), 0.02).send(b"\x1b[15~", 0.1)
    assert (pressed.pressed(), pressed.pasted()) == (["f5"], text), "a key that arrives by itself is pressed"


def test_keys_that_edit_work_within_fast_typing() -> None:
    sent = b"raim\x7fn and\x1b[D\x1b[D\x17snow\n"
    assert shown(Line(typing=True).send(sent, 0.1)) == [
        "raim",
        "backspace",
        "n and",
        "left",
        "left",
        "ctrl+w",
        "snow\n",
    ]
    in_list = Line(typing=False).send(b"rock\x7fpaper", 0.1)
    assert (in_list.pressed(), in_list.pasted()) == ([], "rockpaper")


def test_a_burst_right_after_escape_is_text() -> None:
    """The app may not have moved the focus yet, so it is unknown whether characters are text."""
    line = Line(typing=True, asked=True).send(b"\x1b", 0.2)
    for byte in b"rock ballad":
        line.send(bytes([byte]), 0.012)
    line.wait(0.1)
    assert (line.pressed(), line.pasted()) == (["escape"], "rock ballad")


@pytest.mark.parametrize(
    "pieces", [["/zzz"], ["j j "], ["/", "zzz"], ["k k ", "k "], ["/", "doom\x1b[21~"], ["jkjkjkjk"]]
)
@pytest.mark.parametrize("pause_s", [0.0, 0.01, 0.1])
def test_a_few_keys_that_arrive_together_are_keys_in_a_list(pieces: list[str], pause_s: float) -> None:
    line = Line(typing=False)
    for piece in pieces:
        line.send(piece.encode(), pause_s)
    sent = "".join(pieces)
    assert "".join(shown(line.wait(0.1))) == sent.replace("\x1b[21~", "f10")
    assert line.pasted() == ""
    editor = Line(typing=True).send(sent.encode(), 0.1)
    assert "".join(shown(editor)) == sent.replace("\x1b[21~", "f10")


@pytest.mark.parametrize("text", ["jkjkjkjkj", "x\nx\nc\n", "x\tc\tx", "/zz\x1b[21~z"])
def test_longer_text_and_lines_are_no_keys_in_a_list(text: str) -> None:
    line = Line(typing=False).send(text.encode(), 0.1)
    assert (line.pressed(), line.pasted()) == ([], text.replace("\x1b[21~", ""))
    bracketed = Line(typing=False).send(b"\x1b[200~x x\x1b[201~").send(b"x x ", 0.1)
    assert (bracketed.pressed(), bracketed.pasted()) == ([], "x xx x ")


@pytest.mark.parametrize("before", ["x c r log\n" * 3, "x\tc\tr\tlog", "a line that is longer than keys"])
def test_the_late_rest_of_a_paste_is_no_keys_in_a_list(before: str) -> None:
    line = Line(typing=False).send(before.encode(), 0.3).send(b"x c r l", 0.3).send(b"x c r l", 0.1)
    assert line.pressed() == []
    assert line.pasted() == before + "x c r lx c r l"
    assert line.wait(1.0).send(b"/zzz", 0.1).pressed() == ["slash", "z", "z", "z"]


def test_manual_typing_and_key_repeat_are_not_a_burst() -> None:
    line = Line(typing=False)
    for key in (b"j", b"j", b"r", b"x", b"\x1b[B", b"\n"):
        line.send(key, 0.04)
    assert line.pressed() == ["j", "j", "r", "x", "down", "ctrl+j"]
    held = Line(typing=False).send(b"jjjjjjjj", 0.1).send(b"\x1b[B" * 9, 0.1)
    assert held.pressed() == ["j"] * 8 + ["down"] * 9
    typed = Line(typing=True).send(b"r").send(b"a")
    assert typed.pressed() == ["r", "a"], "letters aren't delayed in a text field"


@pytest.mark.parametrize(
    ("before", "pasted", "inserted"),
    [
        ("doom", " key:a", " key:a"),
        ("doom ", " key:a", "key:a"),
        ("", " \tdoom\n", "doom"),
        ("doom", "\nkey:a", "key:a"),
        ("", "doom ", "doom "),
        ("doom", "  ", " "),
    ],
)
def test_a_field_keeps_the_space_between_words_typed_fast(before: str, pasted: str, inserted: str) -> None:
    assert words_of(pasted, before) == inserted
