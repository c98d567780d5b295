"""The plan: what the readings say of the song, and what the seed decides."""
