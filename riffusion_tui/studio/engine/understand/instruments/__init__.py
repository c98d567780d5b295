"""Which instruments the prompt names, which it excludes, and whether only those play."""
