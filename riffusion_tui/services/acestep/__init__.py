"""ACE-Step 1.5 by its own HTTP API: a server of the user's, most often on a machine with a graphics card.

The HTTP client is in `client`; `profile` describes the service without loading it.
"""
