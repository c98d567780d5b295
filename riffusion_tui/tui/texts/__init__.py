"""The texts that a person reads, a module for each language."""
