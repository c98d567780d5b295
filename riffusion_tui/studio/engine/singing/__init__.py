"""Singing: a line's words become speech sounds, those take their places around the notes, and a mouth says them."""
