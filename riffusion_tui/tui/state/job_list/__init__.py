"""The list of jobs: which are shown in which order, and what a row and the details say."""
