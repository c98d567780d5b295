"""The screen: the only package that imports textual. It shows the core's state and passes on the user's input.

The composition root fills `tui.dependencies.Dependencies` and awaits `tui.app.run_screen`; nothing here is imported
before that. Store, service and dispatcher outlive the screen and are opened by the caller.
"""
