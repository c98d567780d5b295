"""Names for accounts whose ids are UUIDs: short words that people can tell apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from zlib import crc32

MAX_NICKNAME = 24
"""Maximum characters of a nickname."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NAME = re.compile(r"[^\W_][\w.-]*")
_WORDS = (
    "amber", "birch", "cedar", "cobalt", "coral", "dune", "ember", "fern", "flint", "garnet", "grove", "harbor",
    "hazel", "indigo", "iris", "ivory", "jade", "juno", "kite", "lark", "lemon", "lilac", "lotus", "lunar", "maple",
    "mango", "mint", "moss", "nova", "oak", "ocean", "olive", "onyx", "opal", "otter", "pearl", "pine", "plum", "poppy",
    "quill", "raven", "reed", "robin", "rowan", "ruby", "sage", "sand", "slate", "snow", "spruce", "stone", "swan",
    "teal", "tulip", "umber", "vega", "violet", "wave", "willow", "wren", "yarrow", "zinc",
)  # fmt: skip


def needs_nickname(user_id: str) -> bool:
    """Whether an account's id is too cryptic to remember, unlike an email address or a host."""
    return _UUID.fullmatch(user_id) is not None


def automatic_nickname(user_id: str, taken: Collection[str]) -> str:
    """Return a word for an account that isn't taken: always the same one while it is free."""
    first = crc32(user_id.encode()) % len(_WORDS)
    words = _WORDS[first:] + _WORDS[:first]
    free = (word for word in words if word not in taken)
    return next(free, f"{words[0]}{len(taken)}")


def with_nicknames(text: str, names: Mapping[str, str]) -> str:
    """Return a text with accounts' ids replaced by their nicknames."""
    return _UUID.sub(lambda found: names.get(found[0], found[0]), text) if names else text


def is_nickname(name: str) -> bool:
    """Whether a name can be given: a letter or digit, then letters, digits, `.`, `-` or `_`; not like a UUID."""
    return len(name) <= MAX_NICKNAME and _NAME.fullmatch(name) is not None
