"""The screen's texts, one module per language."""
