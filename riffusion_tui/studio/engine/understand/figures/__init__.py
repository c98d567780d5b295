"""Figures and notation in a prompt: tempo, key, meter, length, decades, chords, and the bars of a form."""
