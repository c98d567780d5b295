"""From the score to the mix: players, effects, levels, rooms and the master."""
