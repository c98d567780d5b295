"""Who sings: a man, a woman, a child, a choir, several, or nobody. `singer` decides by what the others read."""
