"""Groups of instruments and singers that stages of the engine treat alike."""

from __future__ import annotations

CHOIR_VOICES = frozenset({"choir", "children"})
"""Values of `Plan.vocals` that are several singers."""
MACHINES = frozenset({"808", "synth bass", "sub bass", "drum machine", "turntable"})
"""Instruments, besides synthesizers, that are machines."""
KITS = frozenset({"drums", "drum machine"})
"""Instruments that play a groove of kick, snare and hi-hats."""
ACOUSTIC = "acoustic"
"""The word of `Plan.production` for music without machines and amplifiers."""
CHOIRS = frozenset({"choir", "male choir", "female choir"})
"""Instruments that are choirs, who have the words if nobody else has."""
GROUP = "vocal choir"
"""The instrument that is a group of singers beside one who has the tune."""
SINGERS = CHOIRS | {GROUP}
"""Instruments that are groups of singers."""
UNPITCHED = frozenset({"drums", "percussion", "fx"})
"""Roles without pitches, and the families of instruments that play them."""
UNTUNED = UNPITCHED | {"voice"}
"""Families of instruments that play no tune."""
ROLES = ("drums", "percussion", "bass", "chords", "pad", "lead", "arp", "counter")
"""Roles of a band's players."""
HARMONY = ("chords", "pad", "arp")
"""Roles that play the chords."""
MAX_ALIKE = 4
"""Players of one instrument in a band that a genre fills, at most."""
MAX_PLAYERS = 14
"""Players of a song, at most; a locked band may have more."""
LONE_SINGER = "vocals"
"""The only player of `Plan.cast` if one singer is all that is heard."""
