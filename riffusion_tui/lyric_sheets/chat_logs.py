"""Logs of chats: messages below or beside their times and senders, of which only the words are sung."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from riffusion_tui.lyric_sheets.section_headings import section_kind

_LONGEST = 300
"""Characters of a line whose start is searched: long ones are searched in linear time."""
_MONTH = r"[^\W\d_]{3,9}\.?"
_DATE = (
    rf"(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}|today|yesterday|\d{{1,2}}\.? {_MONTH}(?:,? \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:, \d{{4}})?)"
)
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?"
_WHEN = rf"[\[(]?(?:{_DATE},?\s+(?:at\s+)?)?{_CLOCK}(?:,\s{_DATE})?[\])]?"
_NAME = r"(?:[+~]\s?)?[^\W_][\w'’.&+ -]{0,30}?"
_MESSAGE = re.compile(
    rf"\s*(?:{_WHEN}\s*(?:[-–—|]\s*)?(?:<(?P<nick>[^<>\s]{{1,30}})>|(?P<name>{_NAME})\s?:)|<(?P<alone>[^<>\s]{{1,30}})>)"
    r"(?:\s+(?P<words>\S.*))?",
    re.IGNORECASE,
)
"""A message on a line with its sender: `[10:02] Anna: I walk alone`, `<anna> I walk alone`."""
_SENDER = re.compile(
    rf"\s*(?P<name>{_NAME})(?:\s{{2,}}|\s?[,–—-]\s?|\s(?=[\[(])|\s(?={_DATE},?\s)){_WHEN}\s*", re.IGNORECASE
)
"""A line above a message: `Anna — Today at 10:02 AM`."""
_NOTICE = re.compile(rf"\s*{_WHEN}\s*(?:[-–—|]\s*)?\S.*", re.IGNORECASE)
"""What the program says between messages, of which nobody is the sender: `[10:01] Ben joined`."""
_NO_WORDS = re.compile(
    r"<?(?:media|image|video|audio|sticker|gif|document) omitted>?|.*message was deleted\.?", re.IGNORECASE
)
"""What is in place of a message."""
_TURN = re.compile(
    r"[\s*_#]*(?:(?P<user>you|user|me|human)|(?P<assistant>assistant|ai|bot|chatbot|chatgpt))(?: said)?\s?:[*_]*\s*"
    r"(?P<words>.*)",
    re.IGNORECASE,
)
"""A line that begins what the user, or an assistant, says."""
_FEWEST, _SHARE = 2, 3
"""Messages of a log, at least, and how many lines each has, at most, on average."""


def without_messages(lines: Sequence[str]) -> list[str]:
    """Return the words of a chat, without the times and senders of its messages; other lines as they are.

    Of a chat with an assistant, only what that says is kept.
    """
    lines = list(_of_assistant(lines))
    sent = sum(_message(line) is not None or _is_sender(line) for line in lines)
    if sent < _FEWEST or _SHARE * sent < sum(bool(line.strip()) for line in lines):
        return lines
    return list(_words_of(lines))


def _words_of(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        message = _message(line)
        words = message["words"] or "" if message else line
        unsent = message is None and (_is_sender(line) or (len(line) <= _LONGEST and _NOTICE.fullmatch(line)))
        if not (unsent or _NO_WORDS.fullmatch(words[:_LONGEST].strip())):
            yield words


def _message(line: str) -> re.Match[str] | None:
    """Return the match of a message with its sender; None of a section's name, or a sign alone."""
    found = _MESSAGE.fullmatch(line) if len(line) <= _LONGEST else None
    if found is None or (found["alone"] and not found["words"]):
        return None
    return None if section_kind(found["nick"] or found["name"] or found["alone"]) else found


def _is_sender(line: str) -> bool:
    return len(line) <= _LONGEST and _SENDER.fullmatch(line) is not None


def _of_assistant(lines: Sequence[str]) -> Iterator[str]:
    """Yield what an assistant says in a chat with it; the lines as they are if it is none."""
    turns = [_TURN.fullmatch(line) if len(line) <= _LONGEST else None for line in lines]
    both = any(turn and turn["user"] for turn in turns) and any(turn and turn["assistant"] for turn in turns)
    asks = False
    for line, turn in zip(lines, turns, strict=True):
        asks = bool(turn["user"]) if both and turn else asks
        if not asks:
            yield turn["words"] if both and turn else line
