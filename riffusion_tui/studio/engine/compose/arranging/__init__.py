"""Arranging: what each player plays, and in which register.

`members` are the players of a band. `tune_turns` decides which lead has the tune; `accompaniment` writes everything
else, with `second_voices` and `chord_players`. `guests` join a locked band, `doublings` thicken high points, `breaks`
interrupt. `arrange` puts it together, `recording` makes the tracks.
"""
