"""The screen: the only room that imports textual. It draws what the core says and passes on what a person does.

The composition root fills `tui.dependencies.Dependencies` and awaits `tui.app.run_screen`; nothing here is imported
before that. What lives longer than the screen (store, service, dispatcher) is opened around it.
"""
