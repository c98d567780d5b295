"""The README's pictures are up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screenshots import FOLDER, SHOTS, Shot, fixed_surroundings, take


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
async def test_a_screenshot_is_up_to_date(shot: Shot, tmp_path: Path) -> None:
    with fixed_surroundings():
        fresh = await take(shot, tmp_path)
    kept = (FOLDER / f"{shot.name}.svg").read_text("utf-8")
    assert fresh == kept, "the screen has changed: check it, then run `python -m tests.screenshots`"


def test_no_screenshot_is_obsolete() -> None:
    assert {file.stem for file in FOLDER.glob("*.svg")} == {shot.name for shot in SHOTS}
