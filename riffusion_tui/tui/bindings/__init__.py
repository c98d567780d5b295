"""The commands and their keys: the table, the settings for it, and the order in which keys are processed."""
