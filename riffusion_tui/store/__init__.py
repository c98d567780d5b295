"""Jobs, songs, accounts and gates in SQLite: the one thing that is always true, whatever process died."""
