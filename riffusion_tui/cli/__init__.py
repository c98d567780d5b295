"""The composition root: arguments, wiring, exit codes."""


def main() -> int:
    """Run the command line; return the exit code."""
    return 0
