"""Drums, bass and accompaniment by the patterns of the style files."""
