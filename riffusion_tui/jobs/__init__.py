"""What a job is: its fields, its statuses and the table of allowed transitions. This package does no I/O."""
