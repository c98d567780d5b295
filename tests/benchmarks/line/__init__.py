"""Latency on a slow line, beside vim and a bare Textual app: `python -m tests.benchmarks.line`."""
