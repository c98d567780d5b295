"""Following jobs until their songs are made."""
