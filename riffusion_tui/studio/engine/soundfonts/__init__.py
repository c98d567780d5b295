"""The soundfont: its file, its samples, and the voices that play them."""
