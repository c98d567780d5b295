"""Short sounds in the containers that services return."""

from __future__ import annotations

import io
import struct
import wave


def sound() -> bytes:
    """Return two seconds of a square wave as WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", 8000 if at // 20 % 2 else -8000) for at in range(16_000)))
    return out.getvalue()


def mp3() -> bytes:
    """Return the same sound as MP3."""
    return _encoded("MP3")


def flac() -> bytes:
    """Return the same sound as FLAC."""
    return _encoded("FLAC")


def _encoded(format: str) -> bytes:
    import soundfile

    samples, rate = soundfile.read(io.BytesIO(sound()))
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=format)
    return out.getvalue()


def m4a() -> bytes:
    """Return an MP4 container whose header states two seconds, without audio data."""

    def atom(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(body), name) + body

    header = struct.pack(">IIIII", 0, 0, 0, 1000, 2000) + bytes(80)
    return atom(b"ftyp", b"M4A isom") + atom(b"moov", atom(b"mvhd", header)) + atom(b"mdat", bytes(4000))
