"""Client for the Riffusion API v1 and compatible servers.

Source: https://useapi.net/docs/api-riffusion-v1. As a library::

    import asyncio
    from pathlib import Path

    from riffusion_tui.jobs.model import Options
    from riffusion_tui.secret import Secret
    from riffusion_tui.services import RiffusionService
    from riffusion_tui.services.base import CreateRequest, PolledJob

    async def main() -> None:
        service = RiffusionService("http://127.0.0.1:8080", Secret("user:1234-abcdef"))
        prompt = "jazzy k-pop song about a distant lover"
        accepted = await service.create(CreateRequest(prompt, Options(), ref="mine-1", account=None))
        job = PolledJob(accepted.remote_ids[0], accepted.account)
        while not (polled := await service.poll([job])).songs or not polled.songs[0].finished:
            await asyncio.sleep(10)
        await service.download(polled.songs[0], Path("song.part"), lambda done, total: None)
        await service.aclose()

    asyncio.run(main())

All calls raise `riffusion_tui.services.base.ServiceError` and never retry.
"""

from __future__ import annotations

from riffusion_tui.lazy_imports import lazy_getattr

__getattr__ = lazy_getattr(__name__, {"RiffusionService": "client"})
