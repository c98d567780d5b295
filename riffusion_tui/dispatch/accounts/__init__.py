"""Accounts: their names and slots, gates that stop sending, backoff, and models to load."""
