"""Times in LRC files."""

from __future__ import annotations


def lrc_time(seconds: float) -> str:
    """Return a time as LRC has it: `01:23.45`."""
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"
