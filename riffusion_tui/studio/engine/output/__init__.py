"""What is written of a song: sound files, MIDI, lyrics with times or chords, the cover, and what clients draw."""
