"""The widgets. They draw the content computed in `state` and keep no application state."""
