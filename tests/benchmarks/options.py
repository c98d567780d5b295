"""The command line of benchmarks whose options are all numbers."""

from __future__ import annotations

import argparse


def number_options(description: str | None, **defaults: float) -> argparse.Namespace:
    """Parse `--name NUMBER` for each default; an integer default accepts only integers."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    return parser.parse_args()
