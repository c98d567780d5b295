"""The screens. Each lays out its widgets; the main screen's commands are in `actions`."""
