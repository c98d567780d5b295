"""The screen's texts, one module or package per language."""
