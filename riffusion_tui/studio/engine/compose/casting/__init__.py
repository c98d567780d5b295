"""Casting: who plays a song, each with a role and an instrument.

`exact_cast` has the players of a prompt that names all of them. Else `named_players` has those that the prompt names,
and `genre_players` adds the genre's. `cast` puts them together, and locked bands; `player_hints` reads what a prompt
says about single players.
"""
