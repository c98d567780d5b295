"""Commands on jobs, accounts and the queue, for the screen and the command line."""
