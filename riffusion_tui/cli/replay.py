"""Say when a repeated song will differ, because another engine or another pronunciation made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from riffusion_tui.cli.printing.output import counted, put_message
from riffusion_tui.jobs.batch_file import MadeBy
from riffusion_tui.store import Store

_STUDIO = "sketch"
"""The name of the studio's engine."""


def warn_of_differences(songs: Iterable[MadeBy | None], pronunciation: str) -> None:
    """Print the `differences`."""
    for difference in differences(songs, pronunciation):
        put_message(difference)


def differences(songs: Iterable[MadeBy | None], pronunciation: str) -> tuple[str, ...]:
    """Return a message for each engine version and pronunciation that the songs don't share with this program.

    Args:
        songs: what made each of the songs that are repeated with their seed; None if it is not known.
        pronunciation: the setting `studio.pronunciation`.
    """
    from riffusion_tui.studio.engine.song_request import ENGINE_VERSION, pronouncer_of

    made = [song for song in songs if song is not None and song.engine == _STUDIO]
    versions = Counter(song.version for song in made if song.version != ENGINE_VERSION)
    others = Counter(pronouncer_of(song.pronunciation) for song in made if song.pronunciation)
    return (
        *(
            f"{counted(number, 'song')} made by engine version {version}: version {ENGINE_VERSION} makes them again,"
            " and they will sound different."
            for version, number in sorted(versions.items())
        ),
        *(
            f"{counted(number, 'song')} pronounced by {pronouncer}: set studio.pronunciation to {pronouncer!r} for the"
            " same words."
            for pronouncer, number in others.items()
            if pronouncer != pronunciation
        ),
    )


def made_by(ids: Sequence[int], store: Store) -> Iterator[MadeBy]:
    """Yield what made each of the songs that are repeated with their seed."""
    for job in map(store.job, ids):
        song = store.song(job.id)
        if song is not None and job.options.seed is not None:
            version = song.plan.get("engine_version")
            yield MadeBy(str(song.plan.get("engine")), int(version or 0), str(song.plan.get("pronunciation") or ""))
