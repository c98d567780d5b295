"""A song's HTML page, and a waveform cover if the engine draws none."""

from __future__ import annotations

import hashlib
from html import escape

from riffusion_tui.studio.queue.studio_job import StudioJob

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
}
_SIDE = 512
_BARS = 64


def page(job: StudioJob, sound: str, cover: str) -> str:
    """Return the page at `share_url`: the song, its lyrics, a player. `sound` and `cover` are URLs."""
    title, prompt = escape(str(job.made.get("title", ""))), escape(job.request["prompt"])
    lyrics = escape(str(job.made.get("lyrics", "")))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font:16px system-ui;max-width:40em;margin:2em auto;padding:0 1em}"
        "img{max-width:100%}audio{width:100%}pre{white-space:pre-wrap;font:inherit}</style>"
        f'<h1>{title}</h1><p>{prompt}</p><img src="{escape(cover)}" alt="" width="256">'
        f'<p><audio controls src="{escape(sound)}"></audio></p><pre>{lyrics}</pre></html>'
    )


def waveform_cover(job: StudioJob) -> str:
    """Return an SVG of the song's waveform in two colors derived from the song."""
    peaks: list[float] = job.made.get("waveform") or [0.0]
    hue = hashlib.sha256(job.id.encode()).digest()[0] * 360 // 256
    width = _SIDE / _BARS
    bars = []
    for bar in range(_BARS):
        tall = max(4.0, 360 * max(peaks[bar * len(peaks) // _BARS : (bar + 1) * len(peaks) // _BARS + 1], default=0.0))
        left, top = bar * width + 1, (_SIDE - tall) / 2
        bars.append(f'<rect x="{left:.1f}" y="{top:.1f}" width="{width - 2:.1f}" height="{tall:.1f}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}">'
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="hsl({hue},45%,16%)"/>'
        f'<g fill="hsl({(hue + 150) % 360},70%,65%)">{"".join(bars)}</g></svg>'
    )
