"""Plays songs: audio players, and what plays next."""
