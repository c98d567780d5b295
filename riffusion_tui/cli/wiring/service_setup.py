"""Select the service from the settings and start it. HTTP client and studio are imported only when it starts."""

from __future__ import annotations

import asyncio
import re
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.log import never_log
from riffusion_tui.cli.wiring.lazy_service import LazyService
from riffusion_tui.config.paths import expanded
from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import Options, Song
from riffusion_tui.lazy_imports import defer
from riffusion_tui.registry import SERVICES
from riffusion_tui.secret import Secret
from riffusion_tui.services.capabilities import Capabilities, Profile, ServiceSetup
from riffusion_tui.services.profiles import hook, profile_of

if TYPE_CHECKING:
    from riffusion_tui.services.base import Service
    from riffusion_tui.store import Store
    from riffusion_tui.studio.studio_settings import StudioSettings

_DEFERRED = ("idna", "html")
"""Loaded on first use, since they have 1.5 MB of tables: idna for host names outside ASCII, html for tracebacks."""
_STUDIOS = ("studio", "riffusion")
"""Services with the studio's edits; the second is one on another machine."""
_SEPARATORS = re.compile(r"[,\s]+")


def profile_in(settings: Settings) -> Profile:
    """Return the profile of the configured service."""
    return profile_of(settings.service.name)


def addresses_of(settings: Settings) -> tuple[str, ...]:
    """Return the addresses of the configured service; none if it runs inside this program.

    `service.url` overrides the service's own `url` setting, which overrides the profile's address.
    """
    profile = profile_in(settings)
    own = getattr(getattr(settings, profile.name, None), "url", "")
    text = (settings.service.url or own or profile.address) if profile.address else ""
    return split_addresses(text) if profile.hosts else tuple(filter(None, [text]))


def split_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses in a text, each once."""
    return tuple(dict.fromkeys(filter(None, _SEPARATORS.split(text.strip()))))


def url_of(settings: Settings) -> str:
    """Return the first address of the configured service; for the studio, the address of the Riffusion API."""
    return next(iter(addresses_of(settings)), profile_of("riffusion").address)


def base_urls(context: CommandContext) -> tuple[str, ...]:
    """Return the base URLs of the configured service; none if it is built in. Loads httpx. Raises `BadAddress`."""
    from riffusion_tui.services.address import api_url

    profile = profile_in(context.settings)
    insecure = context.settings.service.insecure or profile.authorization == "optional"
    return tuple(str(api_url(one, profile.path, insecure=insecure)) for one in addresses_of(context.settings))


def lazy_service(context: CommandContext, clock: Clock, *, copied: bool = False) -> LazyService:
    """Return the configured service, not started yet; with `copied`, the studio uses a copy of its data."""
    name = context.settings.service.name

    @asynccontextmanager
    async def bring_up() -> AsyncIterator[Service]:
        # httpx imports click, Pygments and Rich for its own command line, and works without them if that fails.
        sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None makes the import fail
        for rarely_used in _DEFERRED:
            defer(rarely_used)
        if not profile_of(name).client:
            async with _studio(context, clock, lazy.song_ended, copied=copied) as service:
                yield service
            return
        # In a thread: reading the certificates alone would block key presses for 0.1 s or more.
        service = await asyncio.to_thread(_remote, context, clock)
        try:
            yield service
        finally:
            await service.aclose()

    lazy = LazyService(name, capabilities_of(name), bring_up)
    return lazy


def capabilities_of(name: str) -> Capabilities:
    """Return a service's capabilities without importing its client."""
    return profile_of(name).capabilities


def is_local(name: str) -> bool:
    """Whether a service's songs are made by this program; an unknown service's aren't."""
    return name in SERVICES and capabilities_of(name).local


def is_set_up(context: CommandContext, store: Store) -> bool:
    """Whether the configured service is set up: its token and its address are not missing."""
    from riffusion_tui.config.errors import SecretError

    profile = profile_in(context.settings)
    if profile.authorization == "never" or store.accounts(profile.name):
        return True
    if profile.authorization == "optional":
        return bool(getattr(getattr(context.settings, profile.name, None), "url", ""))
    try:
        return context.tokens.find(url_of(context.settings)) is not None
    except SecretError:
        return True  # there is one: using the service reports what is wrong with it


def reads_prompts(settings: Settings, service: str) -> bool:
    """Whether values stated in a prompt are also sent to the service as separate fields."""
    return bool(profile_of(service).fields_from) and getattr(getattr(settings, service, None), "fields", True)


def prompt_reader(settings: Settings) -> Callable[[str, str], Mapping[str, str]]:
    """Return a function that extracts a service's fields from a prompt; it returns nothing if `fields` is off."""

    def read(service: str, prompt: str) -> Mapping[str, str]:
        if not reads_prompts(settings, service):
            return {}
        from riffusion_tui.studio.engine.prompt import stated

        stated_fields = stated(prompt)
        shared: dict[str, str] = {name: stated_fields[name] for name in ("length", "vocals") if name in stated_fields}
        fitting: Mapping[str, str] = hook(profile_of(service).fields_from)(stated_fields)
        return {**shared, **fitting}

    return read


def options_problem(service: str, options: Options, song: Song | None) -> str:
    """Return why a studio would refuse options, the locks of a new song or an edit of `song`; empty if it wouldn't."""
    from riffusion_tui.studio.engine.engine_errors import EngineError

    try:
        if service == "studio" and options.extra and not options.operation:
            _check_locks(dict(options.extra))
        elif service in _STUDIOS and song is not None and options.operation:
            _check_edit(options, song)
    except EngineError as error:
        return f"{error}{'' if str(error).endswith('?') else '.'}"
    return ""


def _check_locks(given: Mapping[str, str]) -> None:
    """Raise `EngineError` for a form or a band that this program's studio can't read."""
    from riffusion_tui.studio.engine.locks import check
    from riffusion_tui.studio.engine.song_request import Locks

    check(Locks(key=given.get("key", ""), form=given.get("form", ""), band=given.get("band", "")))


def _check_edit(options: Options, song: Song) -> None:
    """Raise `EngineError` for an edit that the song doesn't allow, unless another version made the song."""
    from riffusion_tui.studio.engine.edit_check import check_edit
    from riffusion_tui.studio.engine.song_request import ENGINE_VERSION, SongEdit

    plan, given = song.plan, defaultdict(str, options.extra)
    if plan.get("engine_version") != ENGINE_VERSION:
        return
    edit = SongEdit(
        options.operation or "",
        section=given["section"],
        length_s=float(given["length_s"] or 0),
        key=given["key"],
        stem=given["stem"],
        instrument=given["instrument"],
    )
    band = plan.get("band")
    check_edit(edit, _names(plan, "sections"), _names(plan, "stems"), band if isinstance(band, str) else "")


def _names(plan: Mapping[str, object], name: str) -> list[str]:
    value = plan.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def studio_settings(context: CommandContext) -> StudioSettings:
    """Convert the settings to `StudioSettings`."""
    from riffusion_tui.studio.studio_settings import StudioSettings, UpstreamRate

    table = context.settings.studio
    return StudioSettings(
        data_dir=context.paths.studio,
        accounts=table.accounts,
        max_jobs=table.max_jobs or None,
        upstream_rate=UpstreamRate(table.rate_limit, 60.0) if table.rate_limit else None,
        allow_private_callbacks=table.allow_private_callbacks,
        renderers=table.renderers or None,
        soundfont=table.soundfont or None,
        pronunciation=table.pronunciation,
        cluster=table.cluster or None,
        cluster_certificates=certificates_folder(context),
    )


def certificates_folder(context: CommandContext) -> Path:
    """Return the folder of the cluster's certificates."""
    setting = context.settings.studio.cluster_certificates
    return expanded(setting) if setting else context.paths.certificates


@asynccontextmanager
async def _studio(
    context: CommandContext, clock: Clock, ended: Callable[[], None], *, copied: bool
) -> AsyncIterator[Service]:
    """Open the studio and its client in this process, without a port. `ended` is called when a song ends."""
    from importlib import import_module

    # In a thread, so that the screen stays responsive.
    await asyncio.to_thread(import_module, "riffusion_tui.services.riffusion.client")
    await asyncio.to_thread(import_module, "riffusion_tui.studio.server")
    from riffusion_tui.services.asgi_transport import ADDRESS, asgi_transport
    from riffusion_tui.services.base import Outdated
    from riffusion_tui.services.riffusion.client import RiffusionService
    from riffusion_tui.studio.queue.studio_store import NewerFile
    from riffusion_tui.studio.server import Studio

    async with AsyncExitStack() as stack:
        settings = studio_settings(context)
        if copied:
            from riffusion_tui.cli.wiring.studio_copy import copy_of_studio

            settings = replace(settings, data_dir=stack.enter_context(copy_of_studio(settings.data_dir)))
        try:
            studio = await stack.enter_async_context(Studio(settings, clock=clock, on_end=ended))
        except NewerFile as error:
            raise Outdated(f"studio can't be started: {error}.") from None
        never_log(studio.token)
        service = RiffusionService(
            ADDRESS,
            studio.token,
            transport=asgi_transport(studio.app),
            clock=clock,
            studio=True,
            name="studio",
        )
        try:
            yield service
        finally:
            await service.aclose()


def _remote(context: CommandContext, clock: Clock) -> Service:
    """Create the client of a remote server; without a token, every call raises `Unauthorized`."""
    settings = context.settings
    profile, addresses = profile_in(settings), addresses_of(settings)
    saved = context.tokens
    tokens = {address: found.token for address in addresses if (found := saved.find(address))}
    for token in tokens.values():
        never_log(token)

    def keep(address: str, token: Secret) -> None:
        never_log(token)
        saved.save(address, token)

    setup = ServiceSetup(
        addresses,
        tokens,
        clock,
        insecure=settings.service.insecure,
        format="" if settings.files.format == "auto" else settings.files.format,
        max_jobs=getattr(getattr(settings, profile.name, None), "max_jobs", 0),
        keep_token=keep,
    )
    service: Service = hook(profile.client)(setup)
    return service
