"""A server for the Riffusion API v1 that makes the music itself."""
