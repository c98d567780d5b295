"""Environment variables that override the settings file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from riffusion_tui.clean import clean_line
from riffusion_tui.config.errors import Problem, SettingsError
from riffusion_tui.config.settings import Settings, spec_of
from riffusion_tui.config.validation import WrongValue, changed

URL = "RIFFUSION_TUI_URL"
SERVICE = "RIFFUSION_TUI_SERVICE"
TOKEN = "RIFFUSION_TUI_TOKEN"  # noqa: S105 (a variable's name)
SONGS = "RIFFUSION_TUI_SONGS"
NO_COLOR = "NO_COLOR"


class Overrides:
    """What overrides the settings file in this run: environment variables and command line options."""

    def __init__(self, environ: Mapping[str, str], options: Mapping[str, str] = MappingProxyType({})) -> None:
        """Create them; `options` names the option that gave a variable's value: `RIFFUSION_TUI_URL` → `--url`."""
        self._environ = environ
        self._options = options

    def apply(self, file: Settings) -> Settings:
        """Return the settings in effect; `file` are those in the file. Raises `SettingsError`."""
        return with_environment(file, self._environ)

    def of(self, key: str, file: Settings) -> str:
        """Return the variable or option that overrides a setting in the file, or an empty string.

        Args:
            key: the setting, `table.name`.
            file: the settings as the file has them.
        """
        url, service = self._given(URL), self._given(SERVICE)
        by = {
            "service.name": service or (url if file.service.name == "studio" else ""),
            "service.url": url or (service if self._other_service(file) else ""),
            "acestep.url": url,
            "files.folder": self._given(SONGS),
            "screen.theme": self._given(NO_COLOR),
        }
        return by.get(key, "")

    @property
    def token(self) -> str:
        """The variable that overrides a saved token, or an empty string."""
        return self._given(TOKEN)

    def _other_service(self, file: Settings) -> bool:
        return clean_line(self._environ.get(SERVICE, "")) != file.service.name

    def _given(self, variable: str) -> str:
        return self._options.get(variable, variable) if clean_line(self._environ.get(variable, "")) else ""


def with_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """Return `settings` with address, service and songs folder overridden by the environment.

    If the service is the studio, an address alone means a server for the Riffusion API there. The file's address
    belongs to the file's service; a service from the environment uses the environment's address or its own default.

    Raises:
        SettingsError: a variable has an invalid value; the message names it.
    """
    url, songs = clean_line(environ.get(URL, "")), environ.get(SONGS, "").strip()
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
