"""A request is confirmed at the last moment: what the confirmation raises prevents it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from riffusion_tui.file_lock import Displaced
from tests.services.kit import request, riffusion
from tests.services.raw import raw_server, reply


@pytest.mark.parametrize("allowed", [0, 1, 2, 3])
async def test_a_request_is_confirmed_before_its_head_and_before_its_body(allowed: int) -> None:
    asked = 0

    def confirm() -> None:
        nonlocal asked
        asked += 1
        if asked > allowed:
            raise Displaced("another process took over")

    answer = reply(200, {"job_id": "a5d2d4a3", "user_id": "5f72c91e"})
    async with raw_server(answer) as server, riffusion(server.url) as service:
        if allowed < 3:
            with pytest.raises(Displaced):
                await service.create(replace(request(), confirm=confirm))
        else:
            await service.create(replace(request(), confirm=confirm))
    assert len(server.received) == (allowed == 3), "without its body the server never has the request"
