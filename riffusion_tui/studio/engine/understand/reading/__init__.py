"""The reading of a prompt: what is mentioned, in which sense, and whether it is refused or softer."""
