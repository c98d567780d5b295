"""The engine's own voices: every sound is synthesized, none is sampled."""
