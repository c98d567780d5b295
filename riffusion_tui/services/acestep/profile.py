"""ACE-Step's features, known without contacting a server, whose responses narrow them (models, edits, lyrics).

Source: https://github.com/ace-step/ACE-Step-1.5/blob/main/docs/en/API.md.
"""

from __future__ import annotations

from riffusion_tui.services.capabilities import Capabilities, Edit, EditField, Profile, number_field

FORMATS = ("flac", "mp3", "wav", "wav32", "opus")
"""File formats. mp3 and opus need ffmpeg on the server, so flac is first."""
COMMON_FORMAT = "mp3"
"""The format of a server that refuses flac: acestep-cpp-api, without ffmpeg."""
METERS = ("2/4", "3/4", "4/4", "6/8")
TEMPO = (30, 300)
"""Beats per minute."""
LENGTH_S = (10.0, 600.0)
_TRACKS = (
    "vocals", "backing_vocals", "drums", "bass", "guitar", "keyboard", "percussion", "strings", "synth", "fx",
    "brass", "woodwinds",
)  # fmt: skip
TURBO_TASKS = frozenset({"text2music", "repaint", "cover", "cover-nofsq"})
"""Task types that every model supports."""


FIELDS = (
    number_field("tempo", "beats per minute", *TEMPO),
    EditField("key", "C major, F# minor or Bb major", pattern=r"(?i)[A-G][#b♯♭]?(m| (maj|min)(or)?)?"),
    EditField("meter", "time signature", choices=METERS),
    EditField("language", "language code of the lyrics: en, de, ja; unknown lets the model choose"),
    number_field("steps", "inference steps: turbo models 1 to 20, base models 32 to 200", 1, 200),
    number_field("guidance", "how closely a base model follows the prompt", 0, 30),
    EditField("format", "file format; mp3 and opus need ffmpeg on the server", choices=FORMATS),
)
"""Additional fields of a new song, stored in `Options.extra`."""

EDITS = (
    Edit(
        "cover",
        "Recreate the song in another style.",
        prompt="the style",
        fields=(number_field("strength", "how closely it follows the original", 0, 1),),
    ),
    Edit(
        "repaint",
        "Regenerate a section.",
        prompt="description of the section",
        fields=(
            number_field("start_s", "start of the section, seconds", 0, None, required=True),
            number_field("end_s", "end of the section, seconds; empty: end of the song", 0, None, after="start_s"),
            number_field("strength", "how much it may differ from the original", 0, 1),
        ),
    ),
    Edit(
        "extract",
        "Extract one track from the mix.",
        fields=(EditField("track", "track to extract", choices=_TRACKS, required=True),),
    ),
    Edit(
        "lego",
        "Add one track.",
        prompt="description of the track",
        fields=(EditField("track", "track to add", choices=_TRACKS, required=True),),
    ),
    Edit(
        "complete",
        "Add missing tracks.",
        prompt="description of the result",
        fields=(EditField("tracks", "tracks to add, separated by commas: drums, bass", required=True),),
    ),
)
"""Edits, each named after the server's task type."""
BASE_TASKS = TURBO_TASKS | {edit.name for edit in EDITS}
"""Task types of base models."""


def edits_for(tasks: frozenset[str]) -> tuple[Edit, ...]:
    """Return the edits supported by a model with these task types."""
    return tuple(edit for edit in EDITS if edit.name in tasks)


CAPABILITIES = Capabilities(
    formats=FORMATS,
    fixed_format=True,
    fields=FIELDS,
    edits=edits_for(TURBO_TASKS),
    given_lyrics=True,
    needs_lyrics=True,
    seed=True,
    max_seed=2**31 - 1,
    length=True,
    length_range=LENGTH_S,
    credential="key",
    max_prompt=4096,
    max_lyrics=4096,
    max_jobs=200,
    list_proves=False,
    schedules=False,
    poll_s=2.5,
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
"""The default address is where the server listens by default, and where an ssh tunnel to it usually ends."""
