"""Latency on a slow line, compared with vim and a bare Textual app: `python -m tests.benchmarks.line`."""
