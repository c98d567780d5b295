"""Casts: exactly who plays, if the prompt gives that. `stated_cast` tries one kind of cast after the other."""
