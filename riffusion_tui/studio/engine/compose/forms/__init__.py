"""Which sections a song has and how long they are: by its genre, the prompt and the lyrics."""
