"""The queue of the studio: store, admission, maker, renderers."""
