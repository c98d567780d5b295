"""Control of players: mpv through its socket, others by signals and arguments; errors."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import pwd
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from riffusion_tui.tui.playing.audio_player import AudioPlayer
from riffusion_tui.tui.playing.players import PlayerFailure, arguments_of, failure_of, find_player, line_for_elsewhere
from riffusion_tui.tui.state.song.song_facts import Playing
from tests.tui.player_stand_in import write_mpv
from tests.tui.stage import tone
from tests.waiting import until

NOT_YET = Playing(0.0, False)


class Listener:
    """Records a player's reports."""

    def __init__(self) -> None:
        self.changes = 0
        self.failures: list[PlayerFailure] = []
        self.ended: list[int] = []
        self.player = AudioPlayer(self._changed, self.failures.append, self.ended.append)

    def _changed(self) -> None:
        self.changes += 1

    @property
    def at(self) -> Playing:
        return self.player.state() or NOT_YET


@pytest.fixture
async def received() -> AsyncIterator[Listener]:
    """A player, closed at the end."""
    listener = Listener()
    yield listener
    await listener.player.aclose()


async def test_mpv_can_be_paused_sought_and_made_softer(received: Listener, tmp_path: Path) -> None:
    player = received.player
    assert player.state() is None
    await player.play(7, "song.mp3", write_mpv(tmp_path), start_s=10.0, length_s=60.0)
    await until(lambda: player.driven and 13.0 <= received.at.position_s < 14.0)
    player.toggle()
    await until(lambda: received.at.paused)
    count, paused_s = received.changes, received.at.position_s
    player.tick()
    assert (received.changes, received.at.position_s) == (count, paused_s), "a paused song's position doesn't change"
    player.toggle()
    await until(lambda: not received.at.paused)
    assert await player.seek(40.0)
    await until(lambda: 40.0 <= received.at.position_s < 41.0)
    assert await player.set_volume(60)
    await until(lambda: player.volume == 60)
    player.close()
    assert (player.state(), player.job_id) == (None, None)
    await player.aclose()
    assert (received.failures, received.ended) == ([], [])


async def test_a_full_disk_is_a_failure_to_play(
    received: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryDirectory", fail)
    await received.player.play(7, "song.mp3", write_mpv(tmp_path), length_s=60.0)
    assert [failure.why for failure in received.failures] == ["No space left on device"]
    assert received.player.state() is None


async def test_an_mpv_that_starts_slowly_is_controlled(received: Listener, tmp_path: Path) -> None:
    await received.player.play(7, "song.mp3", write_mpv(tmp_path, starts_in_s=2.5), length_s=60.0)
    await until(lambda: received.player.driven)
    received.player.toggle()
    await until(lambda: received.at.paused)


async def test_other_players_are_paused_by_signals(received: Listener) -> None:
    player = received.player
    await player.play(1, "5", ("sleep",))
    assert not player.driven
    player.toggle()
    held = received.at
    assert held.paused
    await asyncio.sleep(0.05)
    assert received.at == held
    player.toggle()
    await asyncio.sleep(0.05)
    assert received.at.position_s > held.position_s
    assert not await player.seek(2.0)
    assert not await player.set_volume(50)
    player.toggle()
    async with asyncio.timeout(2.0):
        await player.aclose()  # a stopped process handles SIGTERM only once continued
    assert received.failures == []


async def test_a_player_without_a_socket_is_restarted_to_seek(received: Listener, tmp_path: Path) -> None:
    ffplay = tmp_path / "ffplay"
    ffplay.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/log\nexec sleep 9\n')
    ffplay.chmod(0o755)
    player = received.player

    async def started(times: int) -> str:
        await until(lambda: (tmp_path / "log").exists() and (tmp_path / "log").read_text().count("\n") == times)
        return (tmp_path / "log").read_text().splitlines()[-1]

    await player.play(1, "song.mp3", (str(ffplay),), length_s=60.0)
    assert await started(1) == "song.mp3"
    assert await player.seek(30.0)
    assert await started(2) == "-ss 30.00 song.mp3"
    assert 30.0 <= received.at.position_s < 33.0
    assert await player.set_volume(120)
    assert player.volume == 100
    assert await player.set_volume(40)
    softer = await started(3)
    assert softer.startswith("-ss 3")
    assert softer.endswith(" -volume 40 song.mp3")
    await player.aclose()
    assert (received.failures, received.ended) == ([], [])


def alive(tmp_path: Path) -> list[int]:
    """Return the processes that noted their ids and still run."""
    ids = (tmp_path / "ids").read_text().split() if (tmp_path / "ids").exists() else []
    return [int(id) for id in ids if Path(f"/proc/{id}/stat").exists() and "Z" not in _state(id)]


def _state(id: str) -> str:
    try:
        return Path(f"/proc/{id}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks up processes in /proc")
async def test_songs_started_at_once_do_not_play_together(received: Listener, tmp_path: Path) -> None:
    player = received.player
    noted = ("sh", "-c", f"echo $$ >> {tmp_path / 'ids'}; exec sleep 20")
    await asyncio.gather(*(player.play(number, "song.mp3", noted, length_s=60.0) for number in (1, 2, 3)))
    assert player.job_id == 3
    await until(lambda: len(alive(tmp_path)) == 1)
    beginning = asyncio.ensure_future(player.play(4, "song.mp3", noted, length_s=60.0))
    await asyncio.sleep(0)
    player.close()
    await beginning
    assert player.state() is None
    await player.aclose()
    assert not alive(tmp_path)
    assert received.failures == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks up processes in /proc")
async def test_a_player_that_does_not_end_is_killed(received: Listener, tmp_path: Path) -> None:
    stubborn = ("sh", "-c", f'trap "" TERM; echo $$ >> {tmp_path / "ids"}; sleep 20')
    await received.player.play(1, "song.mp3", stubborn, length_s=60.0)
    await until(lambda: len(alive(tmp_path)) == 1)
    await asyncio.sleep(0.05)
    async with asyncio.timeout(10):
        await received.player.aclose()
    assert not alive(tmp_path)


async def test_a_song_played_to_its_end_is_distinguished_from_a_stopped_one(received: Listener, tmp_path: Path) -> None:
    player = received.player
    await player.play(2, "song", ("true",))
    await until(lambda: player.state() is None)
    assert received.ended == [2], "that song's length is unknown"
    await player.play(3, "song", ("true",), length_s=7200)
    await until(lambda: bool(received.failures))
    assert received.ended == [2], "ffplay without a sound device exits with 0 at once"
    await player.play(4, "song", ("sh", "-c", "echo ALSA lib confmisc.c; echo 'Unknown PCM default' >&2; exit 3"))
    await until(lambda: len(received.failures) == 2)
    assert received.failures[1] == PlayerFailure("sh", "Unknown PCM default", no_device=True, missing=False)
    await player.play(5, "song", (str(tmp_path / "no-player"),))
    assert received.failures[2].missing
    assert "No such file" in received.failures[2].why
    await player.aclose()


def test_a_silent_failure_is_described_by_exit_code_or_signal() -> None:
    assert failure_of("mpv", 2, "").why == "exit code 2"
    assert failure_of("play", -8, "").why == "killed by SIGFPE"
    assert failure_of("mpv", -9, "Title: Rain\nAO: [null] 44100Hz").why == "killed by SIGKILL"
    assert failure_of("play", -99, "").why == "killed by signal 99"
    assert failure_of("mpv", 1, "ALSA lib pcm.c: error\n\x1b\n").why == "ALSA lib pcm.c: error", (
        "the only output is shown"
    )


@pytest.mark.skipif(shutil.which("mpv") is None, reason="mpv isn't installed; other tests use a stand-in")
async def test_the_real_mpv_can_be_controlled(received: Listener, tmp_path: Path) -> None:
    song = tmp_path / "song.wav"
    song.write_bytes(tone(30))
    player = received.player
    await player.play(1, str(song), ("mpv", "--ao=null", "--no-video", "--really-quiet", "--no-terminal"), 1.0, 30.0)
    await until(lambda: player.driven)
    assert await player.seek(20.0), "immediately after the start, it may not have loaded the song"
    assert await player.set_volume(30)
    await until(lambda: received.at.position_s >= 20.0)
    player.toggle()
    await until(lambda: received.at.paused)
    assert player.volume == 30
    await player.aclose()


def test_players_are_searched_in_order_and_not_over_ssh() -> None:
    def which(name: str) -> str | None:
        return f"/bin/{name}" if name == "afplay" else None

    assert find_player("", {}, which) == ("afplay",)
    assert find_player("", {"SSH_CONNECTION": "1"}, which) == ()
    assert find_player("mpv --volume=50", {"SSH_CONNECTION": "1"}, which) == ("mpv", "--volume=50")
    assert find_player("'mpv", {}, which) == ("'mpv",)
    assert find_player("", {}, lambda name: None) == ()


def test_each_player_gets_its_own_start_option() -> None:
    assert arguments_of(("mpv",), "a.mp3", 5, 70) == ["mpv", "--start=5.00", "--volume=70", "--", "a.mp3"]
    assert arguments_of(("play", "-q"), "a.mp3", 5, 70) == ["play", "-q", "a.mp3", "trim", "5.00"]
    assert arguments_of(("own",), "a.mp3", 5, 70) == ["own", "a.mp3"]


def test_the_command_to_play_a_song_on_another_machine_uses_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "box")
    here = line_for_elsewhere({"USER": "ann"}, ("riffusion-tui",), 13)
    assert here == "ssh ann@box riffusion-tui cat 13 | mpv -", "it must run on this machine"
    over = line_for_elsewhere({"SSH_CONNECTION": "10.0.0.2 50000 10.0.0.9 22", "USER": "ann"}, ("riffusion-tui",), 13)
    assert over == "ssh ann@10.0.0.9 riffusion-tui cat 13 | mpv -"
    assert json.dumps(over)
    other_port = {"SSH_CONNECTION": "10.0.0.2 50000 10.0.0.9 2222", "USER": "ann"}
    assert line_for_elsewhere(other_port, ("riffusion-tui",), 13).startswith("ssh -p 2222 ann@10.0.0.9 ")


def test_a_user_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    assert line_for_elsewhere({}, ("riffusion-tui",), 13).startswith(f"ssh {os.getuid()}@")
