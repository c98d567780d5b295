"""Terminal input in any pieces: keys, text, and reports."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from riffusion_tui.tui.input.escape_undo import EscapeTakenBack
from riffusion_tui.tui.input.input_reader import ESCAPE_S, REPLY_ESCAPE_S
from riffusion_tui.tui.input.terminal_input import TerminalInput

F10 = b"\x1b[21~"
REPLIES = (
    b"\x1b]10;rgb:dcdc/dfdf/e4e4\x1b\\",
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
    b"\x1bP>|XTerm(390)\x1b\\",
    b"\x1bP>|tmux 3.4\x1b\\",
    b"\x1bP1$r0m\x1b\\",
    b"\x1bP0+r\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b]l title\x1b\\",
    b"\x1b[?62;22c",
    b"\x1b[>41;390;0c",
    b"\x1b[?2026;2$y",
    b"\x1b[12;40R",
    b"\x1b[?12;40R",
    b"\x1b[?5u",
    b"\x1b[?997;1n",
    b"\x1b[0n",
    b"\x1b[8;24;80t",
    b"\x1b[4;480;640t",
    b"\x1b[I",
    b"\x1b[M#\x84%",
    b"\x1b[<35;120;8M",
    b"\x1b[32;120;8M",
    b"\x1bP!|464F4F54\x1b\\",
    b"\x1bP1$u1;1;1;@;@;@;0;2;@;BBBB\x1b\\",
    b"\x1b]4;1;rgb:cdcd/0000/0000\x07",
    b"\x1b]52;c;cmFpbg==\x1b\\",
    b"\x9d11;rgb:1e1e/1e1e/1e1e\x9c",
    b"\x9d11;rgb:1e1e/1e1e/1e1e\x07",
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x9c",
    "\x1b]l Ü jam \x1b\\".encode(),
    b"\x90>|XTerm(390)\x9c",
    b"\x9fGi=31;OK\x9c",
    b"\x9b?62;22c",
    b"\x9b12;40R",
    b"\x9b<35;120;8M",
    b"\x9bM#\x9b%",
)
ITERM = (b"\x1b[ITERM2 3.5.0n", b"\x9bITERM2 3.5.0n", b"\x1b[ITERM2 3.5.20231111-nightlyn", b"\x1b[ITERM2 3.5.0beta12n")
WITH_ESCAPE = tuple(reply for reply in (*REPLIES, *ITERM) if reply[0] == 0x1B)
BOTH = (True, False)


class Line:
    """A terminal's input with its own clock."""

    def __init__(self, *, typing: bool, one_line: bool = False, asked: bool = False) -> None:
        self.input = TerminalInput(lambda: typing, lambda: one_line, lambda _: asked)
        self.now = 100.0
        self.got: list[Message] = []

    def send(self, data: bytes, then_s: float = 0.0) -> Line:
        self.got += self.input.feed(data, self.now)
        self.wait(then_s)
        return self

    def wait(self, seconds: float) -> Line:
        start, end = self.now, self.now + seconds
        while self.now < end:
            # As often as the driver checks, or half as often.
            self.now = min(end, self.now + (max(0.02, self.input.wait_s) if self.now < start + 0.6 else 0.5))
            self.got += self.input.tick(self.now)
        return self

    def pressed(self) -> list[str]:
        return [event.key for event in self.got if isinstance(event, events.Key)]

    def escapes(self) -> int:
        """Return the number of escape keys that were not taken back."""
        return self.pressed().count("escape") - sum(isinstance(event, EscapeTakenBack) for event in self.got)

    def pasted(self) -> str:
        return "".join(event.text for event in self.got if isinstance(event, events.Paste))


# One item per reply or pause, not per case: pytest needs more time for an item than the reader for a case.
@pytest.mark.parametrize("reply", REPLIES, ids=repr)
def test_a_split_reply_is_not_a_key(reply: bytes) -> None:
    pauses_s = (0.0, 0.05, 0.12, 0.3, 0.6, 4.0)
    for pause_s, typing, asked, cut in itertools.product(pauses_s, BOTH, BOTH, range(1, len(reply) + 1)):
        case = (pause_s, typing, asked, cut)
        line = Line(typing=typing, asked=asked).send(reply[:cut], pause_s).send(reply[cut:], 1.0)
        # This one can't be distinguished from the key until the rest arrives.
        given = reply[:cut] == b"\x1b" and pause_s > (REPLY_ESCAPE_S if asked else ESCAPE_S)
        assert (line.pressed(), line.escapes()) == (["escape"] if given else [], 0), case
        assert line.pasted() == "", case
        assert line.send(F10, 0.1).pressed()[-1:] == ["f10"], case


@pytest.mark.parametrize("reply", ITERM, ids=repr)
def test_the_iterm_version_reply_is_not_a_key(reply: bytes) -> None:
    for pause_s, typing, cut in itertools.product((0.0, 0.05, 0.12, 0.3), BOTH, range(1, len(reply) + 1)):
        case = (pause_s, typing, cut)
        line = Line(typing=typing).send(reply[:cut], pause_s).send(reply[cut:], 1.0)
        assert (line.escapes(), line.pasted()) == (0, ""), case
        assert [key for key in line.pressed() if key != "escape"] == [], case
        assert line.send(F10, 0.1).pressed()[-1:] == ["f10"], case


@pytest.mark.parametrize("pause_s", [0.0, 0.06, 0.4, 3.0])
def test_text_after_a_focus_report_is_kept(pause_s: float) -> None:
    for typed in ("T", "TE", "TERM", "The", "techno", "TERMS", "TT"):
        line = Line(typing=True).send(b"\x1b[I")
        for character in typed:
            line.send(character.encode(), pause_s)
        line.wait(0.5)
        written = "".join(e.character or "" for e in line.got if isinstance(e, events.Key))
        assert written + line.pasted() == typed
        assert any(isinstance(event, events.AppFocus) for event in line.got), typed


def test_a_reply_that_arrives_byte_by_byte_is_not_a_key() -> None:
    for reply in (*REPLIES, *ITERM):
        line = Line(typing=True)
        for byte in reply:
            line.send(bytes([byte]), 0.06)
        assert (line.wait(1.0).pressed(), line.pasted()) == ([], ""), reply


@pytest.mark.parametrize("gap_s", [0.0, 0.002, 0.015])
def test_an_escape_is_taken_back_if_a_reply_follows_byte_by_byte(gap_s: float) -> None:
    """tmux passes on each byte by itself, so that the reader may see the first one alone."""
    for reply, typing in itertools.product(WITH_ESCAPE, BOTH):
        line = Line(typing=typing).send(reply[:1], 0.3)
        for byte in reply[1:]:
            line.send(bytes([byte]), gap_s)
        line.wait(1.0)
        assert (line.pressed(), line.escapes(), line.pasted()) == (["escape"], 0, ""), (reply, typing)


@pytest.mark.parametrize("pause_s", [0.05, 0.2])
def test_a_reply_between_an_escape_and_its_rest_changes_nothing(pause_s: float) -> None:
    """The program queries the cursor position when it draws, as it does after escape moves the focus."""
    for reply in WITH_ESCAPE:
        line = Line(typing=True).send(reply[:1], pause_s).send(b"\x1b[4;4R\x1b[1;1R", 0.03).send(reply[1:], 1.0)
        keys = [key for key in line.pressed() if key != "escape"]
        assert (keys, line.escapes(), line.pasted()) == ([], 0, ""), reply
        assert sum(isinstance(event, events.CursorPosition) for event in line.got) >= 2, reply


def test_an_escape_split_from_a_key_or_paste_is_taken_back() -> None:
    arrow = Line(typing=True).send(b"\x1b", 0.5).send(b"[A", 0.5)
    assert (arrow.pressed(), arrow.escapes()) == (["escape", "up"], 0)
    paste = Line(typing=True).send(b"\x1b", 0.5).send(b"[200~a\nsong\x1b[201~", 0.5)
    assert (paste.pasted(), paste.escapes()) == ("a\nsong", 0)
    assert [type(event).__name__ for event in paste.got] == ["Key", "EscapeTakenBack", "Paste"]


@pytest.mark.parametrize("rest", [b"]1", b"]11", b"[?6", b"[<35;1", b"P1$", b"P>|X", b"[?", b"_Gi=3"])
def test_an_escape_is_taken_back_if_the_rest_is_split_too(rest: bytes) -> None:
    reply = next(reply for reply in REPLIES if reply[1:].startswith(rest))
    line = Line(typing=True).send(b"\x1b", 0.2).send(rest, 0.2).send(reply[1 + len(rest) :], 0.5)
    assert (line.pressed(), line.escapes(), line.pasted()) == (["escape"], 0, "")


@pytest.mark.parametrize("typing", [True, False], ids=["editor", "list"])
def test_keys_typed_after_an_escape_take_nothing_back(typing: bool) -> None:
    for keys in (b"]", b"[", b"O", b"P", b"_", b"j", b"\n", b"\x1b[A", b"\x03"):
        for pause_s in (0.2, 3.0):
            line = Line(typing=typing, asked=True).send(b"\x1b", pause_s).send(keys, 0.5)
            assert line.escapes() == 1, (keys, pause_s)
            assert line.pressed()[0] == "escape"
            assert len(line.pressed()) == 2
    late = Line(typing=typing).send(b"\x1b", 0.5).send(b"j", 0.5).send(b"[<35;120;8M", 0.5)
    assert late.escapes() == 1, "a reply begins right behind its ESC"


def test_a_paste_right_after_escape_keeps_both() -> None:
    line = Line(typing=True, asked=True).send(b"\x1b", 0.2).send(b"a song\nsecond\n", 0.2)
    assert (line.pressed(), line.pasted()) == (["escape"], "a song\nsecond\n")


@pytest.mark.parametrize(
    ("before", "after_s", "limit_s"),
    [
        (b"", 0.0, ESCAPE_S),
        (b"\x1b[<35;120;8M", 0.1, REPLY_ESCAPE_S),
        (b"\x1b[<35;120;8M", 2.0, ESCAPE_S),
        (b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07", 0.1, REPLY_ESCAPE_S),
        (b"\x1b[M#\x84%", 0.1, REPLY_ESCAPE_S),
        (b"\x1b[1;1R", 0.1, ESCAPE_S),
        (b"\x1b[A", 0.1, ESCAPE_S),
        (b"\x1b[97;5u", 0.1, ESCAPE_S),
        (b"\x1b[27u", 3.0, REPLY_ESCAPE_S),
    ],
    ids=repr,
)
def test_an_escape_waits_longer_after_replies(before: bytes, after_s: float, limit_s: float) -> None:
    line = Line(typing=True).send(before, after_s)
    line.got.clear()
    assert line.send(b"\x1b", limit_s - 0.03).pressed() == []
    assert line.wait(0.05).pressed() == ["escape"]


def test_a_late_read_does_not_count_as_a_pause() -> None:
    """On a busy machine, the reader returns after 0.3 s with unread input pending."""
    line = Line(typing=True).send(b"\x1b")
    for _ in range(3):
        line.now += 0.3
        line.got += line.input.tick(line.now)
    assert line.pressed() == []
    assert line.send(b"[<35;120;8M", 0.5).pressed() == []
    assert Line(typing=True).send(b"\x1b", 0.5).pressed() == ["escape"]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (b"\x1b[A", "up"),
        (b"\x1bOA", "up"),
        (b"\x1b[[A", "f1"),
        (b"\x1b[21~", "f10"),
        (b"\x1b[1;5C", "ctrl+right"),
        (b"\x1b[3$", "shift+delete"),
        (b"\x1b[97;5u", "ctrl+a"),
        (b"\x1b[97;5:1u", "ctrl+a"),
        (b"\x1b[27u", "escape"),
        (b"\x1b", "escape"),
        (b"\x1bx", "alt+x"),
        (b"\x1bX", ""),
        (b"\x03", "ctrl+c"),
        (b"\x1b[Z", "shift+tab"),
        (b"\x1b[97;5:3u", ""),
        (b"\x1b[9999~", ""),
        (b"\x1b[99999999999u", ""),
        (b"\x1b[55296;1u", ""),
        (b"\x1b[31m", ""),
        (b"\x9bA", "up"),
        (b"\x8fP", "f1"),
        (b"\x9b1;5C", "ctrl+right"),
    ],
)
def test_sequences_are_parsed_as_keys(sent: bytes, key: str) -> None:
    assert Line(typing=False).send(sent, 0.5).pressed() == ([key] if key else [])


def _quick(line: Line) -> list[str]:
    """Return the characters that may have been typed right after the escape key."""
    keys = [event for event in line.got if isinstance(event, events.Key) and event.key.startswith("alt+")]
    return [sent[1:] for key in keys if (sent := key.character) is not None]


@pytest.mark.parametrize("typing", BOTH, ids=["editor", "list"])
@pytest.mark.parametrize("asked", BOTH)
@pytest.mark.parametrize("pause_s", [None, 0.0, 0.002, 0.02, 0.05, 0.08])
def test_a_letter_right_after_escape_may_be_a_key(pause_s: float | None, asked: bool, typing: bool) -> None:
    for letter, key in (("d", "alt+d"), ("p", "alt+p"), ("L", "alt+shift+l")):
        line = Line(typing=typing, asked=asked)
        if pause_s is not None:
            line.send(b"\x1b", pause_s).send(letter.encode())
        else:
            line.send(b"\x1b" + letter.encode())
        assert (line.wait(0.05).pressed(), _quick(line)) == ([key], [letter])
        line.send(b"j", 0.5)
        assert (line.pressed(), line.escapes(), _quick(line)) == ([key, "j"], 0, [letter])


@pytest.mark.parametrize("pause_s", [None, 0.0, 0.02])
def test_no_other_character_after_escape_may_be_a_key(pause_s: float | None) -> None:
    """All that begins or continues a reply or a sequence, Textual's keys, and what would cancel or delete a job."""
    for byte in {*range(0x100)} - {*b"adeghijklmnopqrstuvwyzABCDEFGHIJKLMQRSTUVWYZ"}:
        line = Line(typing=False)
        for sent in (b"\x1b", bytes([byte])) if pause_s is not None else (bytes([0x1B, byte]),):
            line.send(sent, pause_s or 0.0)
        assert _quick(line.wait(1.0)) == [], bytes([byte])


@pytest.mark.parametrize("gap_s", [0.0, 0.01, 0.024])
def test_a_letter_after_escape_within_other_input_is_no_key(gap_s: float) -> None:
    for before, after in (
        (b"", b"j"), (b"", b"\x1b[1;2H"), (b"", b"\x1b"), (b"k", b""), (b"\x1b[A", b""),
        (b"\x1b[<35;120;8M", b""), (b"a lo", b"st song\n"), (b"\x1b[200~a", b"b\x1b[201~"), (b"\xe9", b""),
    ):  # fmt: skip
        for parts in ((before, b"\x1bd", after), (before, b"\x1b", b"d", after), (before + b"\x1bd" + after,)):
            line = Line(typing=False)
            for part in filter(None, parts):
                line.send(part, gap_s)
            assert _quick(line.wait(1.0)) == [], parts


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("é".encode(), "é"),
        (b"\xe9", "é"),
        (b"\xe9a", "éa"),
        (b"\xff", "ÿ"),
        (b"\x85", "�"),
        ("日".encode(), "日"),
        (b"\xf0\x9f\x8e\xb5", "🎵"),
        (b"\xf0\x9f", "ð�"),
        (b"\xe9\x1b", "é"),
    ],
)
def test_any_bytes_are_decoded(sent: bytes, text: str) -> None:
    for cut in range(len(sent)):
        line = Line(typing=True).send(sent[:cut]).send(sent[cut:], 0.5)
        assert "".join(e.character or "" for e in line.got if isinstance(e, events.Key) and e.is_printable) == text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=40), st.sampled_from([0.0, 0.03, 0.2, 3.0])), max_size=8), st.booleans())
def test_keys_work_after_any_bytes(chunks: list[tuple[bytes, float]], typing: bool) -> None:
    line = Line(typing=typing)
    for data, pause_s in chunks:
        line.send(data, pause_s)
    line.wait(6.0)
    before = len(line.got)
    line.send(b"\x03", 0.5).send(F10, 0.5)
    assert [e.key for e in line.got[before:] if isinstance(e, events.Key)][-1:] == ["f10"]


_PIECES = st.one_of(
    st.sampled_from(REPLIES),
    st.sampled_from([b"\x1b[200~", b"\x1b[201~", b"\x1b", b"\x1b[", b"\x1b]", b"\x1bP", b"\x9b", b"\xe9", b"\x1b[M"]),
    st.binary(max_size=6),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=10), st.data())
def test_keys_work_after_terminal_sequences_cut_anywhere(pieces: list[bytes], data: st.DataObject) -> None:
    sent = b"".join(pieces)
    line = Line(typing=data.draw(st.booleans()))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=4)))
    for start, end in itertools.pairwise([0, *cuts, len(sent)]):
        line.send(sent[start:end], data.draw(st.sampled_from([0.0, 0.05, 0.6])))
    line.wait(6.0)
    assert line.send(b"\x03", 0.5).send(F10, 0.5).pressed()[-1:] == ["f10"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(REPLIES), min_size=1, max_size=6), st.data())
def test_replies_in_a_row_are_never_keys(replies: list[bytes], data: st.DataObject) -> None:
    sent = b"".join(replies)
    cut = data.draw(st.integers(0, len(sent)))
    line = Line(typing=data.draw(st.booleans())).send(sent[:cut]).send(sent[cut:], 0.5)
    assert (line.pressed(), line.pasted()) == ([], "")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from((*REPLIES, *ITERM)), min_size=1, max_size=4), st.data())
def test_a_reply_cut_anywhere_is_never_a_letter_after_escape(replies: list[bytes], data: st.DataObject) -> None:
    sent = b"".join(replies)
    line = Line(typing=data.draw(st.booleans()), asked=data.draw(st.booleans()))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=6)))
    for start, end in itertools.pairwise([0, *cuts, len(sent)]):
        line.send(sent[start:end], data.draw(st.sampled_from([0.0, 0.01, 0.03, 0.06, 0.12, 0.4])))
    assert _quick(line.wait(1.0)) == []
