"""What each service can do, told without loading its client: the screen paints before that."""

from __future__ import annotations

from riffusion_tui.services.base import Capabilities

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

FLOWMUSIC = Capabilities(
    formats=("m4a", "wav", "mp3"),
    operations=("extend", "replace", "cover", "remix", "stems", "effect"),
    lyrics=True,
    given_lyrics=True,
    credits=True,
    credential="refresh token",
    max_jobs=16,
    list_proves=False,
)
"""Flow Music. Its list of clips tells neither prompt nor `replyRef`. https://useapi.net/docs/api-flowmusic-v1"""
