"""Move a song into place, on file systems that can't do everything."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from riffusion_tui.dispatch.fetching.audio_check import check
from riffusion_tui.dispatch.fetching.placement import place
from tests.dispatch.world import SOUND


@pytest.mark.parametrize(("number", "works"), [(errno.EINVAL, True), (errno.ENOTSUP, True), (errno.EIO, False)])
def test_a_folder_that_cannot_be_flushed_is_not_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, works: bool
) -> None:
    part, target = tmp_path / "part", tmp_path / "song.wav"
    part.write_bytes(SOUND)
    checked = check(part)
    flush = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        flush(descriptor)

    monkeypatch.setattr("os.fsync", fsync)
    if works:
        assert place(part, target, checked)
    else:
        with pytest.raises(OSError, match=os.strerror(number)):
            place(part, target, checked)
    assert target.read_bytes() == SOUND
