"""What the song doesn't keep of the prompt, in sentences for the user."""
