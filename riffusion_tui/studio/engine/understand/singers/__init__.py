"""Who sings: one singer or several, of which gender and age, with or without players."""
