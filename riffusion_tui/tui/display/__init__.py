"""Send only changed cells to the terminal, and no more than the connection can take.

Textual repaints whole strips: about 5 KB for a key in a large editor. On a 9.6 kB/s line that is half a second a key.
The driver passes Textual's frames to `differential_output`, which keeps both what the terminal shows and what Textual
drew (`cells.CellGrid`), and writes the difference (`paint.Painter`) once the terminal has caught up
(`flow_control.Pacer`). `screen.diff = false` switches it off.
"""
