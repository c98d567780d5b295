"""Wire the screen: it paints first, then dispatcher, HTTP client and studio come up behind it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence

from riffusion_tui.cli.background import Background
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.service_setup import reads_prompts, url_of
from riffusion_tui.cli.session import Session, opened
from riffusion_tui.config.settings import Settings
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.app import run_screen
from riffusion_tui.tui.dependencies import Dependencies, UnderstoodWord

_STATED = frozenset({"tempo", "key", "mode", "meter", "length"})


async def show(context: CommandContext, settings: Settings) -> int:
    """Show the screen, again for each service that is chosen in it; return its exit code."""
    first, used = context, list[str]()
    while True:
        chosen: list[str] = []
        code = await _show(context, settings, used, chosen.append)
        if not chosen:
            return code
        used.append(settings.service.name)
        context = context.beside(chosen[0]) if chosen[0] != used[0] else first
        settings = context.settings


async def _show(context: CommandContext, settings: Settings, used: Sequence[str], switch: Callable[[str], None]) -> int:
    """Show the screen for one service; the jobs of those that were used before go on."""
    async with opened(context) as session:
        behind = Background(session, used)
        running = asyncio.create_task(behind.run(), name="dispatcher")
        try:
            code = await run_screen(_deps(session, settings, behind, switch))
        finally:
            behind.close()
            await running
        if code > 128 and settings.start.hangup == "detach" and await _work_left(session):
            from riffusion_tui.cli.detach import detach

            detach(context)
    return code


def _deps(session: Session, settings: Settings, behind: Background, switch: Callable[[str], None]) -> Dependencies:
    paths, name = session.context.paths, session.service.name
    return Dependencies(
        open_desk=lambda: session.job_commands,
        store=session.store,
        service=name,
        capabilities=lambda: session.service.capabilities,
        switch=switch,
        dispatch_too=behind.dispatch_too,
        settings=settings,
        settings_file=paths.settings_file,
        library_file=paths.library_file,
        remembered_file=paths.remembered_file,
        log_file=paths.log_file,
        clock=session.clock,
        environ=session.context.environ,
        overrides=session.context.overrides,
        hear=_hear if name == "studio" else _hear_stated if reads_prompts(settings, name) else None,
        fault=behind.fault,
        leading=behind.leading,
        painted=lambda: _painted(behind),
        read=_read,
        progress=behind.progress,
        curl=(lambda id: _curl(session, id)) if profile_of(name).request else None,
    )


def _painted(behind: Background) -> None:
    """Let the work begin."""
    behind.begin.set()


def _read() -> None:
    """Look for garbage from now on; what is loaded and read by now is for good: no search goes through it again."""
    gc.freeze()
    gc.enable()


def _curl(session: Session, id: int) -> str:
    from riffusion_tui.cli.curl import curl_of

    return curl_of(session.store.job(id), session.service.name, url_of(session.context.settings))


def _hear(prompt: str) -> Sequence[UnderstoodWord]:
    """Say what the studio understands of a prompt; its lexicon loads at the first call."""
    from riffusion_tui.studio.engine.prompt import recognize

    return recognize(prompt)


def _hear_stated(prompt: str) -> Sequence[UnderstoodWord]:
    """Say which words of a prompt are sent in fields of their own as well."""
    found = _hear(prompt)
    return [word for word in found if word.kind in _STATED and (word.kind != "tempo" or word.meaning[:1].isdigit())]


async def _work_left(session: Session) -> bool:
    """Say whether anything is left that can go on by itself."""
    from riffusion_tui.dispatch.wait import drained

    try:
        async with asyncio.timeout(0.1):
            await drained(session.store, session.service.name, session.clock)
            return False
    except TimeoutError:
        return True
