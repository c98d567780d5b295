"""`python -m riffusion_tui` is the console script by another name."""

import sys

from riffusion_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
