"""The chords of a song, their voicings and the names of their notes."""
