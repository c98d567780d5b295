"""The genre: as named, else as the prompt's words suggest."""
