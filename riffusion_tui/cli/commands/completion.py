"""`completion bash|zsh|fish|man`: generated from the argument parsers."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.command_table import COMMANDS
from riffusion_tui.cli.completion_words import options_of, values_of, words_of
from riffusion_tui.cli.help import ENVIRONMENT, EXIT_CODES
from riffusion_tui.cli.printing.output import put

_EPILOG = """\
  bash   riffusion-tui completion bash > ~/.local/share/bash-completion/completions/riffusion-tui
  zsh    riffusion-tui completion zsh > "${fpath[1]}/_riffusion-tui"
  fish   riffusion-tui completion fish > ~/.config/fish/completions/riffusion-tui.fish
  man    riffusion-tui completion man > ~/.local/share/man/man1/riffusion-tui.1
"""

_MAN_HEADER = """\
.TH RIFFUSION-TUI 1
.SH NAME
riffusion-tui \\- turn text prompts into songs
.SH SYNOPSIS
.B riffusion-tui
[COMMAND] [ARGUMENT...]
.SH DESCRIPTION
Without a command it opens the screen.
.SH COMMANDS"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `completion`."""
    parser.epilog = _EPILOG
    shells = ("bash", "zsh", "fish", "man")
    parser.add_argument("what", choices=shells, metavar="SHELL", help="bash, zsh or fish; man: the manual page")


def run(args: Namespace, context: CommandContext) -> int:
    """Print the completion or the manual page."""
    put({"bash": _bash, "zsh": _zsh, "fish": _fish, "man": _man}[args.what]().rstrip("\n"))
    return 0


def _bash() -> str:
    cases = "\n".join(f'    {name}) words="{" ".join(options_of(name) + words_of(name))}" ;;' for name in COMMANDS)
    values = "\n".join(
        f'    "{name} {flag}") words="{" ".join(found)}" ;;'
        for name in COMMANDS
        for flag, found in values_of(name).items()
    )
    return f"""\
_riffusion_tui() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}" field="" words=""
  if [[ "$current" == [:=] ]]; then  # bash splits status:done and effect=Trim
    field="$previous$current" current=""
  elif [[ "$previous" == [:=] ]]; then
    field="${{COMP_WORDS[COMP_CWORD-2]}}$previous"
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="{" ".join(COMMANDS)} --help --version"
  else
    case "${{COMP_WORDS[1]}} $previous" in
{values}
    *) case "${{COMP_WORDS[1]}}" in
{cases}
    esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$field$current"))
  COMPREPLY=("${{COMPREPLY[@]#"$field"}}")
  if [[ "${{COMPREPLY[*]}}" == *[:=] ]]; then compopt -o nospace 2>/dev/null; fi
}}
complete -o default -F _riffusion_tui riffusion-tui
"""


def _zsh() -> str:
    names = "\n".join(f"    '{name}:{_quoted(command.summary)}'" for name, command in COMMANDS.items())
    cases = "\n".join(_zsh_case(name, options_of(name) + words_of(name)) for name in COMMANDS)
    values = "\n".join(
        f"    '{name} {flag}') {'compadd --' if found else '_files'} {' '.join(found)}; return ;;"
        for name in COMMANDS
        for flag, found in values_of(name).items()
    )
    return f"""\
#compdef riffusion-tui
_riffusion_tui() {{
  local -a commands=(
{names}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2] $words[CURRENT-1]" in
{values}
  esac
  case "$words[2]" in
{cases}
  esac
  _files
}}
_riffusion_tui "$@"
"""


def _zsh_case(name: str, words: list[str]) -> str:
    begun = [word for word in words if word.endswith((":", "="))]
    whole = [word for word in words if word not in begun]
    more = f"; compadd -S '' -- {' '.join(begun)}" if begun else ""
    return f"    {name}) compadd -- {' '.join(whole)}{more} ;;"


def _fish() -> str:
    lines = []
    for name, command in COMMANDS.items():
        lines.append(f"complete -c riffusion-tui -n __fish_use_subcommand -a {name} -d '{_quoted(command.summary)}'")
        seen = f"complete -c riffusion-tui -n '__fish_seen_subcommand_from {name}'"
        values = values_of(name)
        for flag in options_of(name):
            found = values.get(flag)
            takes = "" if found is None else f" -x -a '{' '.join(found)}'" if found else " -r"
            lines.append(f"{seen} -l {flag.removeprefix('--')}{takes}")
        lines += [f"{seen} -a {word}" for word in words_of(name)]
    return "\n".join(lines)


def _man() -> str:
    parts = [_MAN_HEADER]
    for name, command in COMMANDS.items():
        parser = command.parser()
        parts.append(f".SS {name}\n{command.summary}.\n.nf\n{_roff(parser.format_help())}\n.fi")
    parts.append(f".SH EXIT STATUS\n.nf\n{_roff(EXIT_CODES)}\n.fi\n.SH ENVIRONMENT\n.nf\n{_roff(ENVIRONMENT)}\n.fi")
    return "\n".join(parts)


def _roff(text: str) -> str:
    lines = text.rstrip("\n").replace("\\", "\\e").replace("-", "\\-").split("\n")
    return "\n".join(f"\\&{line}" if line[:1] in (".", "'") else line for line in lines)


def _quoted(text: str) -> str:
    return text.replace("'", "").replace("`", "").replace(":", ",")
