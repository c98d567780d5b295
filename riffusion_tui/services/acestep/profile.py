"""What ACE-Step offers, before a server was asked; its server's own answers narrow it (models, edits, lyrics).

Source: https://github.com/ace-step/ACE-Step-1.5/blob/main/docs/en/API.md.
"""

from __future__ import annotations

from riffusion_tui.services.capabilities import Capabilities, Edit, EditField, Profile

FORMATS = ("flac", "mp3", "wav", "wav32", "opus")
"""What a task can ask for. mp3 and opus need ffmpeg on the server, so flac comes first."""
METERS = ("2/4", "3/4", "4/4", "6/8")
TEMPO = (30, 300)
"""Beats per minute."""
LENGTH_S = (10.0, 600.0)
TRACKS = (
    "vocals", "backing_vocals", "drums", "bass", "guitar", "keyboard", "percussion", "strings", "synth", "fx",
    "brass", "woodwinds",
)  # fmt: skip
TURBO_TASKS = frozenset({"text2music", "repaint", "cover", "cover-nofsq"})
"""What every model can do."""


def _number(name: str, meaning: str, low: float | None, high: float | None, **more: object) -> EditField:
    return EditField(name, meaning, number=True, low=low, high=high)._replace(**more)  # type: ignore[arg-type]


FIELDS = (
    _number("tempo", "beats per minute", *TEMPO),
    EditField("key", "C major, F# minor, Bb major"),
    EditField("meter", "beats in a bar", choices=METERS),
    EditField("language", "of the lyrics, as a code: en, de, ja; unknown lets the model choose"),
    _number("steps", "inference steps: turbo models 1 to 20, base models 32 to 200", 1, 200),
    _number("guidance", "how closely a base model follows the prompt", 0, 30),
    EditField("format", "of the file; mp3 and opus need ffmpeg on the server", choices=FORMATS),
)
"""What a song can be given beside its prompt, as `Options.extra` holds it."""

EDITS = (
    Edit(
        "cover",
        "Play all of it in another style.",
        prompt="the style",
        fields=(_number("strength", "how closely it follows the original", 0, 1),),
    ),
    Edit(
        "repaint",
        "Make one section again.",
        prompt="how the section should be",
        fields=(
            _number("start_s", "second at which the section begins", 0, None, required=True),
            _number("end_s", "second at which it ends; empty: the end", 0, None, after="start_s"),
            _number("strength", "how far it may differ from what was there", 0, 1),
        ),
    ),
    Edit(
        "extract",
        "Take one track out of the mix.",
        fields=(EditField("track", "which", choices=TRACKS, required=True),),
    ),
    Edit(
        "lego",
        "Add one track to it.",
        prompt="how the track should sound",
        fields=(EditField("track", "which", choices=TRACKS, required=True),),
    ),
    Edit(
        "complete",
        "Add the tracks that are missing.",
        prompt="how the result should sound",
        fields=(EditField("tracks", "which, separated by commas: drums, bass", required=True),),
    ),
)
"""Each is named after the server's task type."""


def edits_for(tasks: frozenset[str]) -> tuple[Edit, ...]:
    """Return the edits that a model with these task types can do."""
    return tuple(edit for edit in EDITS if edit.name in tasks)


CAPABILITIES = Capabilities(
    formats=FORMATS,
    fixed_format=True,
    fields=FIELDS,
    edits=edits_for(TURBO_TASKS),
    given_lyrics=True,
    seed=True,
    length=True,
    length_range=LENGTH_S,
    credential="key",
    max_prompt=4096,
    max_lyrics=4096,
    max_jobs=200,
    list_proves=False,
    schedules=False,
    look_s=2.5,
    repeatable=True,
    cancels=False,
    uploads=True,
)

ACESTEP = Profile(
    "acestep",
    "ACE-Step",
    CAPABILITIES,
    address="http://127.0.0.1:8001",
    authorization="optional",
    hosts=True,
    client="acestep.client:open_client",
    request="acestep.fields:request",
    fields_from="acestep.fields:fitting",
)
"""The address is where the server listens unless it is told otherwise, and where an ssh tunnel to it mostly ends."""
