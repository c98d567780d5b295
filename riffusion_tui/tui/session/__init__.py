"""The session state of a screen: its draft and position, saved and restored."""
