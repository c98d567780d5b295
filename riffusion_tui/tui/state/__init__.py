"""The screen's state and content, without importing textual, so that it can be tested and reused."""
