"""Singing: words become speech sounds, which are timed around the notes and synthesized by a vocal tract.

`tracks` makes the control tracks of `mouth`; `tract` turns them into sound: the sources of `glottis`, filtered by
`resonances`.
"""
