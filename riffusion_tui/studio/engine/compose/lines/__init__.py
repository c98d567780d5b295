"""Which section sings which lines of the lyrics, and how long they take."""
