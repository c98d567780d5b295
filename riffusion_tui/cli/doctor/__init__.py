"""The checks of `riffusion-tui doctor`."""
