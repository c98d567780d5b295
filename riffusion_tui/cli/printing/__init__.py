"""What commands print: jobs, limits, progress, pages of text."""
