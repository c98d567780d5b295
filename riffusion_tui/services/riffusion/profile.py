"""Features of the Riffusion API and of this project's studio, known without importing their client."""

from __future__ import annotations

from collections.abc import Collection

from riffusion_tui.services.capabilities import Capabilities, Edit, EditField, Profile, number_field

CAPABILITIES = Capabilities(
    formats=("mp3", "wav", "stems"),
    models=("FUZZ-0.8",),
    default_model="FUZZ-0.8",
    lyrics=True,
    given_lyrics=True,
    title=True,
    credential="cookie",
)
"""The Riffusion API v1; `formats` are those of `GET music/download`. https://useapi.net/docs/api-riffusion-v1"""

_KEY = (
    r"(?i)([a-h]([#b♯♭]|is|es|[ -]?(sharp|flat))?|[ae]s)([ -]*("
    r"m|min|maj|dur|moll|major|minor|dorian|phrygian|lydian|mixolydian|locrian|harmonic minor|melodic minor|"
    r"phrygian dominant|double harmonic|hungarian minor|whole tone|blues|pentatonic|minor pentatonic|hirajoshi|"
    r"in-sen|pelog|chromatic))?"
)
"""A key as the studio reads it."""
# Each text can match in one way only: otherwise the time to refuse a long one would be exponential.
_SECTION = (
    r"(intro|verse|prechorus|chorus|bridge|solo|drop|breakdown|ending)(=[^=:,]{0,39}[^=:, ])?"
    r" +\d{1,3}(\.\d{1,6})?(:\d(\.\d{1,4})?)?( +up +\d{1,2})?"
)
_FORM = rf"( *\d{{1,2}}/(1|2|4|8|16) *,)? *{_SECTION} *(, *{_SECTION} *)*"
_PLAYER = (
    r"((drums|percussion|bass|chords|pad|lead|arp|counter|fx|only|guest) *=[^=,]+"
    r"|vocal *= *(male|female|child|choir|children|any) *!? *)"
)
_BAND = rf" *{_PLAYER}(, *{_PLAYER})*"
_MAX_LOCK = 2000
LOCKS = (
    number_field("tempo", "beats per minute", 30, 300),
    EditField("key", "C major, F# minor or Bb major", pattern=_KEY),
    EditField(
        "form",
        "4/4, intro 4, verse 8, chorus 8, ending 2 (sections and their bars)",
        pattern=_FORM,
        max_length=_MAX_LOCK,
    ),
    EditField(
        "band",
        "drums=drums, bass=upright bass, lead=flute, vocal=female (players)",
        pattern=_BAND,
        max_length=_MAX_LOCK,
    ),
    EditField(
        "like",
        "an earlier song's prompt; with its seed, only what the new prompt changes is different in the song",
        max_length=CAPABILITIES.max_prompt,
    ),
)
"""Properties that a studio's song can keep from another one, whatever its prompt says."""

_EDITS = (
    Edit(
        "replace",
        "Regenerate one section; all others keep every note.",
        prompt="description of the section",
        fields=(
            EditField("section", "section, as in the chart: Verse 2", required=True, listed="sections", max_length=100),
            number_field("seed", "same seed, same section; empty: a new one", 0, 2**31 - 1),
        ),
    ),
    Edit(
        "resize",
        "Change its length; tempo and key stay the same.",
        fields=(number_field("length_s", "new length: seconds, or 2:30", 5, 600, required=True),),
        lock="form",
    ),
    Edit(
        "transpose",
        "Transpose it; a change of mode also reharmonizes it.",
        fields=(EditField("key", "A minor, F#m or D dorian", required=True, pattern=_KEY),),
        lock="key",
    ),
    Edit(
        "swap",
        "Give a stem another instrument; it plays the same notes.",
        fields=(
            EditField("stem", "name of a stem, such as Drums", required=True, listed="stems", max_length=100),
            EditField(
                "instrument", "instrument, as in a prompt: alto sax, upright bass", required=True, max_length=100
            ),
        ),
        lock="band",
    ),
    Edit(
        "mute",
        "Leave a stem out; all others keep every note.",
        fields=(EditField("stem", "name of a stem, such as Drums", required=True, listed="stems", max_length=100),),
        lock="band",
    ),
)

STUDIO_CAPABILITIES = Capabilities(
    formats=("mp3", "wav", "flac", "ogg", "stems", "midi", "lrc", "chordpro"),
    models=CAPABILITIES.models,
    default_model=CAPABILITIES.default_model,
    models_differ=False,
    lyrics=True,
    given_lyrics=True,
    seed=True,
    max_seed=2**31 - 1,
    length=True,
    length_range=(5.0, 600.0),
    default_length_s=180.0,
    title=True,
    titles_any_song=True,
    credential="cookie",
    local=True,
    genre_decides_vocals=True,
    fields=LOCKS,
    edits=_EDITS,
)
"""This project's own server, which extends that API; here in this process."""


def remote_studio(fields: Collection[str], edits: Collection[str], formats: Collection[str]) -> Capabilities:
    """Return the features that a studio on another machine reports and this client knows.

    Args:
        fields: its additional fields of the create calls.
        edits: its edits.
        formats: its formats for downloads.
    """
    can = STUDIO_CAPABILITIES
    return can._replace(
        local=False,
        seed="seed" in fields,
        length="length_s" in fields,
        titles_any_song="title" in fields,
        fields=tuple(field for field in can.fields if field.name in fields),
        edits=tuple(edit for edit in can.edits if edit.name in edits),
        formats=tuple(name for name in can.formats if name in formats) or CAPABILITIES.formats,
    )


RIFFUSION = Profile(
    "riffusion",
    "Riffusion",
    CAPABILITIES,
    address="https://api.useapi.net",
    path="v1/riffusion",
    client="riffusion.client:open_client",
    request="riffusion.fields:request",
)
STUDIO = Profile("studio", "the studio", STUDIO_CAPABILITIES, path="v1/riffusion", authorization="never")
