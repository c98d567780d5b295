"""Opens a folder in the desktop's file manager, which outlives this program."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping

from riffusion_tui.child_environment import child_environment


def open_folder(folder: str, environ: Mapping[str, str]) -> bool:
    """Open a folder; return False if there is no desktop."""
    on_mac = sys.platform == "darwin"
    opener = shutil.which("open" if on_mac else "xdg-open", path=environ.get("PATH"))
    if opener is None or not (on_mac or "DISPLAY" in environ or "WAYLAND_DISPLAY" in environ):
        return False
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 (the desktop's own command)
        [opener, folder], stdin=nowhere, stdout=nowhere, stderr=nowhere, env=child_environment(environ)
    )
    threading.Thread(target=process.wait, daemon=True).start()  # some openers are the file manager itself
    return True
