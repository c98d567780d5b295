"""One module per command: `arguments` declares its arguments, `run` runs it."""
