"""`token`: set, clear or find the API token; never by an argument."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, NEEDS_PERSON
from riffusion_tui.cli.output import put, say
from riffusion_tui.cli.secret_input import ask_secret
from riffusion_tui.cli.service_setup import url_of
from riffusion_tui.config.secrets import Tokens, origin, valid_token

_MORE = """\
set     read it from standard input, or ask for it without showing it; kept in a file of mode 0600 (or the keyring)
clear   forget it, wherever it is kept
where   say where it comes from; never the token itself

A token is kept for the service's address (riffusion-tui settings show service.url) and sent to no other.
RIFFUSION_TUI_TOKEN in the environment goes before it. The studio in this program needs none.
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare what `token` takes."""
    parser.epilog = _MORE
    parser.add_argument("what", nargs="?", choices=("set", "clear", "where"), default="where", help="usually where")
    parser.add_argument("--keyring", action="store_true", help="set: keep it in the system's keyring")


def run(args: Namespace, context: CommandContext) -> int:
    """Do it."""
    tokens = Tokens(context.paths.token_file, context.environ)
    url = url_of(context.settings)
    place = clean_line(origin(url))
    if args.what == "set":
        where = tokens.keep(url, valid_token(ask_secret("Token: ")), in_keyring=args.keyring)
        say(f"Kept for {place} in {where}.")
        return DONE
    if args.what == "clear":
        say("Forgotten." if tokens.forget(url) else f"There was none for {place}.")
        return DONE
    found = tokens.find(url)
    if found is None:
        put(f"There is no token for {place}." + _studio(context))
        return DONE if context.settings.service.name == "studio" else NEEDS_PERSON
    put(f"The token for {place} comes from {found.where}." + _studio(context))
    return DONE


def _studio(context: CommandContext) -> str:
    return " The studio, which is set as the service, needs none." if context.settings.service.name == "studio" else ""
