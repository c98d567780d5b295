"""What a person on a slow line feels: `python -m tests.benchmarks.line`, beside vim and a bare Textual app."""
