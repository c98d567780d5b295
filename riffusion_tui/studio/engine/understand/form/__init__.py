"""The form: sections, their order, number, keys and bars, the dynamics and the song's length."""
