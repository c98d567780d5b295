"""What the headings of given lyrics say beside the names of sections."""
