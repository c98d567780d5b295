"""Singing: words become speech sounds, which are timed around the notes and synthesized by a vocal tract."""
