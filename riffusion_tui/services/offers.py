"""What each service can do, told without loading its client: the screen paints before that."""

from __future__ import annotations

from riffusion_tui.services.abilities import Capabilities, Edit, EditField

RIFFUSION = Capabilities(
    formats=("mp3", "wav", "stems"),
    models=("FUZZ-0.8",),
    lyrics=True,
    given_lyrics=True,
    credential="cookie",
)
"""The Riffusion API v1; `formats` are what its `GET music/download` gives. https://useapi.net/docs/api-riffusion-v1"""

STUDIO = Capabilities(
    formats=("mp3", "wav", "flac", "ogg", "stems", "midi"),
    models=RIFFUSION.models,
    lyrics=True,
    given_lyrics=True,
    seed=True,
    length=True,
    credential="cookie",
    near=True,
)
"""This project's own server, which takes and gives more than that API's pages name."""


def _number(name: str, meaning: str, low: float | None, high: float | None, *, required: bool = False) -> EditField:
    return EditField(name, meaning, number=True, low=low, high=high, required=required)


_FLOWMUSIC_EDITS = (
    Edit(
        "extend",
        "Add music at the end, or from a point on.",
        prompt="what to add",
        fields=(
            _number("extend_s", "seconds to add", 1, 300),
            _number("extend_from_s", "second to extend from; empty: the end", 0, None),
        ),
    ),
    Edit(
        "replace",
        "Make a section of it anew.",
        prompt="how the section should be",
        fields=(
            _number("mask_start_s", "second at which the section begins", 0, None, required=True),
            _number("mask_end_s", "second at which it ends", 0, None, required=True),
        ),
    ),
    Edit(
        "cover",
        "Play all of it in another style.",
        prompt="the style",
        fields=(_number("strength", "how far from the original", 0, 1),),
    ),
    Edit("remix", "Sing it with other lyrics.", prompt="the style", lyrics=True),
    Edit("stems", "Part it into drums, bass, vocals and the rest, a song each."),
    Edit(
        "effect",
        "Apply one effect to all of it.",
        fields=(
            EditField(
                "effect",
                "which; each reads the fields named after it",
                choices=("Trim", "Fade", "Gain", "Reverb", "Pan", "Equalizer"),
                required=True,
            ),
            _number("start_s", "Trim: second at which it begins", 0, None),
            _number("end_s", "Trim: second at which it ends", 0, None),
            _number("fade_in_s", "Fade: seconds of fading in", 0, None),
            _number("fade_out_s", "Fade: seconds of fading out", 0, None),
            _number("gain_db", "Gain: dB", -30, 30),
            _number("mix", "Reverb: share of the wet sound", 0, 1),
            _number("room_size", "Reverb: size of the room", 0, 1),
            _number("pan", "Pan: from left to right", -1, 1),
            _number("bass_db", "Equalizer: bass, dB", -12, 12),
            _number("mid_db", "Equalizer: middle, dB", -12, 12),
            _number("treble_db", "Equalizer: treble, dB", -12, 12),
        ),
    ),
)
"""https://useapi.net/docs/api-flowmusic-v1/post-flowmusic-music-edit"""

FLOWMUSIC = Capabilities(
    formats=("m4a", "wav", "mp3"),
    models=("lyria-3-pro", "lyria-3.5"),
    edits=_FLOWMUSIC_EDITS,
    lyrics=True,
    given_lyrics=True,
    credits=True,
    credential="refresh token",
    max_jobs=16,
    list_proves=False,
)
"""Flow Music. Its list of clips tells neither prompt nor `replyRef`. https://useapi.net/docs/api-flowmusic-v1"""
