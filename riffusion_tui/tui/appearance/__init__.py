"""How the screen looks: themes, colors, symbols, and text in cells."""
