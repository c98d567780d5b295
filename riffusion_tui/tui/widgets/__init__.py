"""The parts of the screen. They draw what `state` says and keep no state of the program's own."""
