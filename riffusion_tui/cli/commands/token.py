"""`token`: set, clear or locate the API token. It is never passed as an argument."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, NEEDS_ATTENTION, WrongUse
from riffusion_tui.cli.parser import add_service
from riffusion_tui.cli.printing.output import put, put_message
from riffusion_tui.cli.secret_input import ask_secret
from riffusion_tui.cli.wiring.service_setup import profile_in, url_of
from riffusion_tui.config.secrets import Tokens, origin, valid_token

_EPILOG = """\
set     read the token from standard input or a hidden prompt; saved in a file of mode 0600 (or the keyring)
clear   delete the token
where   show where the token comes from, but not the token itself

A token is saved for the service's address (riffusion-tui settings show service.url) and never sent to another.
RIFFUSION_TUI_TOKEN overrides it. The built-in studio needs no token, and neither do most ACE-Step servers. The key of
one that asks for it is its token: riffusion-tui token set --service acestep --url http://box:8001
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `token`."""
    parser.epilog = _EPILOG
    parser.add_argument("what", nargs="?", choices=("set", "clear", "where"), default="where", help="default: where")
    add_service(parser)
    parser.add_argument("--keyring", action="store_true", help="set: save it in the system's keyring")


def run(args: Namespace, context: CommandContext) -> int:
    """Run the command."""
    if profile_in(context.settings).authorization == "never":
        return _not_needed(args.what, context)
    tokens = context.tokens
    url = url_of(context.settings)
    place = clean_line(origin(url))
    if args.what == "set":
        from riffusion_tui.services.address import api_url  # slow: it loads the HTTP client

        api_url(url, "", insecure=True)  # a token saved for an invalid address would never be used
        where = tokens.save(url, valid_token(ask_secret("Token: ")), in_keyring=args.keyring)
        by = context.overrides.token
        note = f" {by} overrides it: unset {by} to use the saved token." if by else ""
        put_message(f"Saved for {place} in {where}.{note}")
        return DONE
    if args.what == "clear":
        by = context.overrides.token
        note = f" {by} is set and stays in use." if by else ""
        put_message(f"Deleted.{note}" if tokens.delete(url) else f"No token for {place} is saved.{note}")
        return DONE
    return _where(tokens, url, context)


def _where(tokens: Tokens, url: str, context: CommandContext) -> int:
    place, found = clean_line(origin(url)), tokens.find(url)
    if found is not None:
        put(f"The token for {place} comes from {found.where}.")
        return DONE
    put(f"No token for {place}.")
    return NEEDS_ATTENTION if profile_in(context.settings).authorization == "always" else DONE


def _not_needed(what: str, context: CommandContext) -> int:
    """Say that the service needs no token. Raises `WrongUse` if one was to be saved: it would never be used."""
    title = profile_in(context.settings).title
    text = f"{title[:1].upper()}{title[1:]} needs no token."
    if what == "set":
        raise WrongUse(f"{text} Nothing was saved. For another service: `riffusion-tui token set --service NAME`")
    put(f"{text} For another service: `riffusion-tui token {what} --service NAME`")
    return DONE
