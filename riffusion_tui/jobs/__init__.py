"""What a job is: its fields, its statuses and the table of allowed transitions. No I/O happens in this room."""
