"""The prompt that is typed: options, estimate and locks."""
