"""Say when a repeated song will differ, because another engine or another pronunciation made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from riffusion_tui.cli.enqueue import many
from riffusion_tui.cli.output import put_message
from riffusion_tui.jobs.batch_file import MadeBy

_STUDIO = "sketch"
"""The name of the studio's engine."""


def warn_of_differences(songs: Iterable[MadeBy | None], pronunciation: str) -> None:
    """Print a message for each engine version, and for the pronunciation, that the songs don't share with this program.

    Args:
        songs: what made each of the songs that are repeated with their seed; None if it is not known.
        pronunciation: the setting `studio.pronunciation`.
    """
    from riffusion_tui.studio.engine.song_request import ENGINE_VERSION, pronouncer_of

    made = [song for song in songs if song is not None and song.engine == _STUDIO]
    for version, number in sorted(Counter(song.version for song in made if song.version != ENGINE_VERSION).items()):
        put_message(
            f"{many(number, 'song')} made by engine version {version}: version {ENGINE_VERSION} makes them again,"
            " and they will sound different."
        )
    others = Counter(pronouncer_of(song.pronunciation) for song in made if song.pronunciation)
    for pronouncer, number in others.items():
        if pronouncer != pronunciation:
            put_message(
                f"{many(number, 'song')} pronounced by {pronouncer}: set studio.pronunciation to {pronouncer!r} for the"
                " same words."
            )
