"""A player that implements mpv's IPC without sound, for machines without mpv."""

from __future__ import annotations

import sys
from pathlib import Path

_PROGRAM = """
import json, os, socket, sys, time
time.sleep(STARTS_IN_S)
def given(name, default):
    return next((a[len(name) + 3:] for a in sys.argv if a.startswith(f"--{name}=")), default)
server = socket.socket(socket.AF_UNIX); server.bind(given("input-ipc-server", "")); server.listen(1)
peer, _ = server.accept()
lines = peer.makefile("r")
held = {"time-pos": float(given("start", "0")) + 3.0, "pause": False, "volume": float(given("volume", "100"))}
def tell(name):
    peer.sendall(json.dumps({"event": "property-change", "name": name, "data": held[name]}).encode() + b"\\n")
for line in lines:
    command, *rest = json.loads(line)["command"]
    if command == "observe_property":
        tell(rest[1])
    if command == "cycle":
        held["pause"] = not held["pause"]
        tell("pause")
    if command == "set_property":
        held[rest[0]] = rest[1]
        tell(rest[0])
    if command == "seek":
        assert rest[1] == "absolute"
        held["time-pos"] = rest[0]
        tell("time-pos")
        peer.sendall(b"not json\\n[1]\\n")
"""


def write_mpv(folder: Path, starts_in_s: float = 0.0) -> tuple[str, ...]:
    """Write the program into `folder` as `mpv`; return the command that starts it."""
    program = folder / "bin" / "mpv"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!{sys.executable}\n{_PROGRAM.replace('STARTS_IN_S', str(starts_in_s))}")
    program.chmod(0o755)
    return (str(program),)
