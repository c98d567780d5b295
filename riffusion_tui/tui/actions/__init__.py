"""The main screen's commands, grouped by what they act on; `MainScreen` inherits them. Other screens have their own."""
