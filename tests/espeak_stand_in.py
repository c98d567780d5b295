"""A program that answers like espeak-ng, and records each call in the file `calls` beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from riffusion_tui.studio.engine.pronunciation import espeak
from riffusion_tui.studio.engine.song_request import ESPEAK

_ANSWERS = {
    "noche": "n_ˈo_tʃ_e", "quiero": "k_j_ˈe_ɾ_o", "zzyx": "z_ˈɪ_k_s", "ночь": "n_ˈo_tʃʲ",
    "夜": "(en)_tʃ_ˈaɪ_n_iː_z_(ja)",
}  # fmt: skip
STAND_IN = f"""#!{sys.executable}
import os, sys
log = os.path.join(os.path.dirname(__file__), "calls")
open(log, "a").write(" ".join(sys.argv[1:]) + "\\n")
if "--version" in sys.argv:
    print("eSpeak NG text-to-speech: 1.51-stand-in  Data at: /usr/lib")
else:
    words = sys.stdin.buffer.read().decode("utf-8").strip().split("\\n\\n")
    for word in words:
        print({_ANSWERS!r}.get(word, "ˈa"))
"""


def install(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put `script` on the path as espeak-ng."""
    program = folder / ESPEAK
    program.write_text(script)
    program.chmod(0o755)
    espeak.version.cache_clear()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
