"""Run the console script as `python -m riffusion_tui`."""

import sys

from riffusion_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
