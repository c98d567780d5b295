"""`riffusion-tui sketch`: songs made in this process, without a server."""
