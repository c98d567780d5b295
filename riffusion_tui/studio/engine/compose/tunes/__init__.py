"""Melodies and what is sung to them: motifs, pitches, countermelodies, riffs, plainchant and gestures."""
