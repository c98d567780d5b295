"""The screen: the only room that imports textual. It draws what the core says and passes on what a person does."""
