"""ACE-Step 1.5, through its own HTTP API: a server run by the user, usually on a machine with a GPU.

`client` is the HTTP client; `profile` describes the service without importing it.
"""
