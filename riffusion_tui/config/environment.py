"""Environment variables that override the settings file."""

from __future__ import annotations

from collections.abc import Mapping

from riffusion_tui.clean import clean_line
from riffusion_tui.config.errors import Problem, SettingsError
from riffusion_tui.config.settings import Settings, spec_of
from riffusion_tui.config.validation import WrongValue, changed

URL = "RIFFUSION_TUI_URL"
SERVICE = "RIFFUSION_TUI_SERVICE"
TOKEN = "RIFFUSION_TUI_TOKEN"  # noqa: S105 (a variable's name)
SONGS = "RIFFUSION_TUI_SONGS"


def with_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """Return `settings` with address, service and songs folder overridden by the environment.

    An address alone, with the studio as service, means a server for the Riffusion API at that address. The file's
    address is its own service's: another one that the environment names is at the environment's, or the vendor's.

    Raises:
        SettingsError: a variable has an invalid value; the message names it.
    """
    url, songs = clean_line(environ.get(URL, "")), clean_line(environ.get(SONGS, ""))
    if url:
        name = "riffusion" if settings.service.name == "studio" else settings.service.name
        settings = settings._replace(service=settings.service._replace(url=url, name=name))
    if songs:
        settings = settings._replace(files=settings.files._replace(folder=songs))
    name, spec = clean_line(environ.get(SERVICE, "")), spec_of("service.name")
    if not name or spec is None:
        return settings
    if name != settings.service.name and not url:
        settings = settings._replace(service=settings.service._replace(url=""))
    try:
        return changed(settings, spec, name)
    except WrongValue as error:
        raise SettingsError(SERVICE, (Problem(0, str(error)),)) from None
