"""What the screen shows, worked out without a screen: no textual in here, so that it can be tested and reused."""
