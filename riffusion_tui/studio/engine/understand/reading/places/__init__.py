"""What a prompt wants in some sections of the song only."""
