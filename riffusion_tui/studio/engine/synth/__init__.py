"""The engine's own voices: every sound made here is computed, none is recorded."""
