"""riffusion-tui: a text prompt becomes a song, in a terminal."""

__version__ = "0.1.0"
