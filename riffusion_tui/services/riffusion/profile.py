"""Features of the Riffusion API and of this project's studio, known without importing their client."""

from __future__ import annotations

from riffusion_tui.services.capabilities import Capabilities, Profile

CAPABILITIES = Capabilities(
    formats=("mp3", "wav", "stems"),
    models=("FUZZ-0.8",),
    default_model="FUZZ-0.8",
    lyrics=True,
    given_lyrics=True,
    title=True,
    credential="cookie",
)
"""The Riffusion API v1; `formats` are those of `GET music/download`. https://useapi.net/docs/api-riffusion-v1"""

STUDIO_CAPABILITIES = Capabilities(
    formats=("mp3", "wav", "flac", "ogg", "stems", "midi", "lrc"),
    models=CAPABILITIES.models,
    default_model=CAPABILITIES.default_model,
    lyrics=True,
    given_lyrics=True,
    seed=True,
    max_seed=2**31 - 1,
    length=True,
    length_range=(5.0, 600.0),
    title=True,
    credential="cookie",
    local=True,
)
"""This project's own server, which extends that API."""

RIFFUSION = Profile(
    "riffusion",
    "Riffusion",
    CAPABILITIES,
    address="https://api.useapi.net",
    path="v1/riffusion",
    client="riffusion.client:open_client",
    request="riffusion.fields:request",
)
STUDIO = Profile("studio", "the studio", STUDIO_CAPABILITIES, path="v1/riffusion", authorization="never")
