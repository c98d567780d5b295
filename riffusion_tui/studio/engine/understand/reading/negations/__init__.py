"""What a prompt excludes, refuses or wants softer, and which negations exclude nothing."""
