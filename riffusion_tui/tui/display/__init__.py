"""Sends the terminal only the cells that differ, and no more than the line can take.

Textual repaints whole strips: about 5 KB for a key in a large editor. On a 9.6 kB/s line that is half a second a key.
`mixin.DifferentialDisplay` keeps what the terminal shows (`cells.CellGrid`) beside what Textual means, and writes the
difference (`paint.Painter`), held back while the terminal has not caught up (`pacing.Pacer`). What Textual means is
drawn only where it changed (`compositor.LeanCompositor`).

It rests on private parts of Textual: `App._display`, `LayoutUpdate.strips`, `ChopsUpdate.chops` and `spans`,
`Compositor._get_renders`.
`tests/tui/display/test_textual_still_fits.py` tells when a new Textual changes them; `screen.diff = false`
switches it off.
"""
