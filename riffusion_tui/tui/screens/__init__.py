"""Whole screens: each lays out widgets and passes on what they say; what is done stands in `actions`."""
