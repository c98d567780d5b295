"""The screen's texts in English; pairs are singular and plural.

A translation is a package next to this one (`de`) with the same keys; missing keys fall back to English. Python instead
of TOML, because the texts are needed for the first frame and a compiled module loads thirty times faster.
"""

from riffusion_tui.tui.texts.en.dialog_texts import DIALOG_TEXTS
from riffusion_tui.tui.texts.en.frame_texts import FRAME_TEXTS
from riffusion_tui.tui.texts.en.help_texts import HELP_TEXTS
from riffusion_tui.tui.texts.en.job_texts import JOB_TEXTS
from riffusion_tui.tui.texts.en.list_texts import LIST_TEXTS
from riffusion_tui.tui.texts.en.prompt_texts import PROMPT_TEXTS
from riffusion_tui.tui.texts.en.screen_texts import SCREEN_TEXTS
from riffusion_tui.tui.texts.en.song_texts import SONG_TEXTS

TEXTS: dict[str, object] = {
    **JOB_TEXTS,
    **FRAME_TEXTS,
    **PROMPT_TEXTS,
    **LIST_TEXTS,
    **SONG_TEXTS,
    **DIALOG_TEXTS,
    **SCREEN_TEXTS,
    **HELP_TEXTS,
}
