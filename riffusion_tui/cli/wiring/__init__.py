"""The composition root: store, services, dispatcher and screen, made from the settings."""
