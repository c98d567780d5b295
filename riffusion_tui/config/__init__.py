"""Settings, folders and secrets. Invalid keys and values are reported with their line and a suggestion."""
