"""Sending queued jobs: which one is next, and what became of requests without a response."""
