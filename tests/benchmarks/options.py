"""The command line of benchmarks that take nothing but numbers."""

from __future__ import annotations

import argparse


def number_options(description: str | None, **defaults: float) -> argparse.Namespace:
    """Read `--name NUMBER` for each default; a whole default takes whole numbers only."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    return parser.parse_args()
