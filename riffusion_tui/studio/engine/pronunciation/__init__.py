"""How words, numbers and signs are pronounced, and in which language."""
