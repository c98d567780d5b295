"""Fetching songs: download, check, name and place files; export them."""
