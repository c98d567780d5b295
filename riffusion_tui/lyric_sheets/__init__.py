"""Lyrics as people type, paste and save them, and lead sheets."""
