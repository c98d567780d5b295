"""Senses: what an ambiguous word means in its context. `disambiguation` applies the rules of the others."""
