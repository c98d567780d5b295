"""Wire the screen. It paints first; dispatcher, HTTP client and studio start afterwards."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from riffusion_tui.cli.command_context import CommandContext, remote_command
from riffusion_tui.cli.foreseen_limits import plan_of
from riffusion_tui.cli.unsent_values import unsent_values
from riffusion_tui.cli.wiring.background import Background
from riffusion_tui.cli.wiring.service_setup import capabilities_of, is_set_up, prompt_reader, reads_prompts, url_of
from riffusion_tui.cli.wiring.session import Session, open_session
from riffusion_tui.config.settings import Settings
from riffusion_tui.dispatch.requests.prompt_fields import with_stated
from riffusion_tui.jobs.model import Options
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.app import run_screen
from riffusion_tui.tui.dependencies import Dependencies, ScreenCallbacks, Understand, UnderstoodWord

if TYPE_CHECKING:
    from riffusion_tui.studio.engine.song_plan import Plan, RecognizedTerm

_PLAN_KINDS = frozenset({"tempo", "key", "mode", "meter", "length", "language"})
_OTHER_SEEDS = (1,)
"""Seeds whose genres are shown as well if neither the prompt nor the options decide: each takes as long as reading."""


async def show(context: CommandContext, settings: Settings) -> int:
    """Show the screen, and again for each service chosen in it; return the exit code."""
    first, used = context, list[str]()
    while True:
        chosen: list[str] = []
        code = await _show(context, settings, used, chosen.append)
        if not chosen:
            return code
        used.append(settings.service.name)
        context = context.for_service(chosen[0]) if chosen[0] != used[0] else first
        settings = context.settings


async def _show(context: CommandContext, settings: Settings, used: Sequence[str], switch: Callable[[str], None]) -> int:
    """Show the screen for one service; jobs of services used before continue."""
    async with open_session(context, to_read=True) as session:
        background = Background(session, used)
        running = asyncio.create_task(background.run(), name="dispatcher")
        try:
            code = await run_screen(_deps(session, settings, background, switch))
        finally:
            background.close()
            await running
        if code > 128 and settings.start.hangup == "detach" and await _work_left(session):
            from riffusion_tui.cli.wiring.detach import detach

            detach(context)
    return code


def _deps(session: Session, settings: Settings, background: Background, switch: Callable[[str], None]) -> Dependencies:
    return Dependencies(
        open_job_commands=lambda: session.job_commands,
        open_account_commands=lambda: session.account_commands,
        store=session.store,
        service=session.service.name,
        capabilities=lambda: session.service.capabilities,
        settings=settings,
        paths=session.context.paths,
        clock=session.clock,
        environ=session.context.environ,
        overrides=session.context.overrides,
        command=remote_command(session.context.environ, sys.argv[0]),
        dispatcher=background,
        callbacks=ScreenCallbacks(
            understand=prompt_words(session, settings),
            understand_elsewhere=lambda name: _words_of(name, settings) if name in SERVICES else None,
            curl=(lambda id: _curl(session, id)) if profile_of(session.service.name).request else None,
            differences=lambda ids: _differences(session, settings, ids),
            switch=switch,
            is_set_up=lambda name: is_set_up(session.context.for_service(name), session.store),
            wrong_value=_wrong_value,
            painted=background.begin.set,
            read=_collect_garbage,
        ),
    )


def _wrong_value(key: str, text: str) -> str:
    from riffusion_tui.cli.settings_check import wrong_value  # the first frame needs none

    return wrong_value(key, text)


def _differences(session: Session, settings: Settings, ids: Sequence[int]) -> tuple[str, ...]:
    from riffusion_tui.cli.replay import differences, made_by  # the first frame needs no engine

    return differences(made_by(ids, session.store), settings.studio.pronunciation)


def _collect_garbage() -> None:
    """Enable garbage collection; exclude all objects created so far, since they are permanent."""
    gc.freeze()
    gc.enable()


def _curl(session: Session, id: int) -> str:
    from riffusion_tui.cli.curl import curl_of

    return curl_of(session.store.job(id), session.service.name, url_of(session.context.settings))


def prompt_words(session: Session, settings: Settings) -> Understand | None:
    """Return a function that returns the words detected in a prompt; None if the service's are unknown."""
    if (known := _words_of(session.service.name, settings)) is not None:
        return known
    can = session.service.capabilities  # before any server has answered
    if can.edits or can.fields:
        return None
    # A server that turns out to have edits is a studio, and reads prompts as this program does.
    return lambda prompt, options: understood(prompt, options) if session.service.capabilities.edits else ()


def _words_of(service: str, settings: Settings) -> Understand | None:
    """Return the same for a service that isn't a server elsewhere, whose kind is known only when it has answered."""
    if service == "studio":
        return understood
    return partial(_stated, service, settings) if reads_prompts(settings, service) else None


def understood(prompt: str, options: Options) -> Sequence[UnderstoodWord]:
    """Return what the studio understands of a prompt, what it doesn't, and what it can't do with these options.

    It takes some milliseconds; the first call also loads the lexicon.
    """
    from riffusion_tui.studio.engine.song_plan import RecognizedTerm

    made = plan_of(prompt, options)
    ignored = [RecognizedTerm(word, "ignored", word) for word in made.ignored]
    limits = [RecognizedTerm(text, "limit", text) for text in made.limits]
    return [*made.understood, *_suggested(made, prompt, options), *ignored, *limits]


def _suggested(made: Plan, prompt: str, options: Options) -> list[RecognizedTerm]:
    """Return the genres that the studio chooses from, if the prompt names none: a seed decides."""
    from riffusion_tui.studio.engine.song_plan import RecognizedTerm

    if any(term.kind == "genre" for term in made.understood) or not prompt.strip():
        return []
    seeds = _OTHER_SEEDS if options.seed is None else ()
    genres = [made.genre, *(plan_of(prompt, options._replace(seed=seed)).genre for seed in seeds)]
    return [RecognizedTerm(name, "suggested", name) for name in dict.fromkeys(genres)]


def _stated(service: str, settings: Settings, prompt: str, options: Options) -> Sequence[UnderstoodWord]:
    """Return the words of a prompt that are also sent as separate fields, and what the service has no field for."""
    from riffusion_tui.studio.engine.prompt import recognize
    from riffusion_tui.studio.engine.song_plan import RecognizedTerm

    found = [word for word in recognize(prompt) if word.kind in _PLAN_KINDS]
    sent = [word for word in found if word.kind != "tempo" or word.meaning[:1].isdigit()]
    wanted = with_stated(prompt_reader(settings)(service, prompt), capabilities_of(service), options)
    return [*sent, *(RecognizedTerm(text, "limit", text) for text in unsent_values(service, prompt, wanted))]


async def _work_left(session: Session) -> bool:
    """Whether any job can continue without the user."""
    from riffusion_tui.dispatch.wait import drained

    try:
        async with asyncio.timeout(0.1):
            await drained(session.store, session.service.name, session.clock)
            return False
    except TimeoutError:
        return True
