"""What can be locked of a song, and the fields of `Options.extra` that lock it."""

LIKE = "like"
"""The field for the prompt that a locked seed belongs to."""
LOCKS = ("tempo", "key", "seed", "form", "band", "lyrics")
"""Properties of a song; each service supports some of them."""
LOCK_FIELDS = frozenset({"tempo", "key", "form", "band", LIKE})
EVERY_LINE = ("lyrics_strength", "100")
"""The field that goes with locked lyrics, so that no line is left out."""
