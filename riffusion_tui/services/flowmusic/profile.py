"""Flow Music's features, known without importing its client, so that the screen can start quickly."""

from __future__ import annotations

from riffusion_tui.services.capabilities import Capabilities, Edit, EditField, Profile, number_field

_FLOWMUSIC_EDITS = (
    Edit(
        "extend",
        "Continue the song from its end or from a point.",
        prompt="what to add",
        fields=(
            number_field("extend_s", "seconds to add", 1, 300),
            number_field("extend_from_s", "start of the extension, seconds; empty: end of the song", 0, None),
        ),
    ),
    Edit(
        "replace",
        "Regenerate a section.",
        prompt="description of the section",
        fields=(
            number_field("mask_start_s", "start of the section, seconds", 0, None, required=True),
            number_field("mask_end_s", "end of the section, seconds", 0, None, required=True, after="mask_start_s"),
        ),
    ),
    Edit(
        "cover",
        "Recreate the song in another style.",
        prompt="the style",
        fields=(number_field("strength", "how much it may differ from the original", 0, 1),),
    ),
    Edit("remix", "Replace the lyrics.", prompt="the style", lyrics=True),
    Edit("stems", "Split into stems: drums, bass, vocals and other, one song each."),
    Edit(
        "effect",
        "Apply an effect to the whole song.",
        fields=(
            EditField(
                "effect",
                "effect",
                choices=("Trim", "Fade", "Gain", "Reverb", "Pan", "Equalizer"),
                required=True,
            ),
            number_field("start_s", "start, seconds", 0, None, only="Trim"),
            number_field("end_s", "end, seconds", 0, None, after="start_s", only="Trim"),
            number_field("fade_in_s", "fade-in, seconds", 0, None, only="Fade"),
            number_field("fade_out_s", "fade-out, seconds", 0, None, only="Fade"),
            number_field("gain_db", "gain, dB", -30, 30, only="Gain"),
            number_field("mix", "wet/dry mix", 0, 1, only="Reverb"),
            number_field("room_size", "room size", 0, 1, only="Reverb"),
            number_field("pan", "position from left to right", -1, 1, only="Pan"),
            number_field("bass_db", "bass, dB", -12, 12, only="Equalizer"),
            number_field("mid_db", "mids, dB", -12, 12, only="Equalizer"),
            number_field("treble_db", "treble, dB", -12, 12, only="Equalizer"),
        ),
    ),
)
"""https://useapi.net/docs/api-flowmusic-v1/post-flowmusic-music-edit"""

CAPABILITIES = Capabilities(
    formats=("m4a", "wav", "mp3"),
    models=("lyria-3-pro", "lyria-3.5"),
    edits=_FLOWMUSIC_EDITS,
    lyrics=True,
    given_lyrics=True,
    songs=2,
    credits=True,
    credential="refresh token",
    max_jobs=16,
    list_proves=False,
)
"""Flow Music. Its list of clips has neither prompt nor `replyRef`. https://useapi.net/docs/api-flowmusic-v1"""

FLOWMUSIC = Profile(
    "flowmusic",
    "Flow Music",
    CAPABILITIES,
    address="https://api.useapi.net",
    path="v1/flowmusic",
    client="flowmusic.client:open_client",
    request="flowmusic.fields:request",
)
