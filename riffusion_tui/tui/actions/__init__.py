"""The commands of the main screen, by what they act on; `MainScreen` inherits them. Other screens have their own."""
