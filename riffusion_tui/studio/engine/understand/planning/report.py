"""A plan as JSON values, for `sketch --plan` and `sketch --json`."""

from __future__ import annotations

from riffusion_tui.lyric_sheets.unsung_text import without_addresses
from riffusion_tui.studio.engine.pronunciation.sung_language import language_of
from riffusion_tui.studio.engine.song_plan import Plan


def plan_json(plan: Plan, lyrics: str = "", *, composed: bool = True) -> dict[str, object]:
    """Return the plan as JSON values: the meter as `4/4`, `understood` and `chosen` as objects.

    Args:
        plan: a plan.
        lyrics: the given ones. If they are sung, they decide the language.
        composed: whether the plan has the song's length; before, lyrics still decide one that the prompt leaves open,
            which is null.
    """
    given = without_addresses(lyrics) if plan.vocals != "none" else ""
    chosen: dict[str, object] = {**dict(plan.chosen)}
    follows_lyrics = bool(given.strip()) and chosen.pop("length_s", None) is not None
    if "length_s" in chosen:  # the song is as long as its form, not exactly as was chosen
        chosen["length_s"] = f"{plan.length_s:g}"
    return {
        "prompt": plan.prompt,
        "seed": plan.seed,
        "genre": plan.genre,
        "blend": plan.blend,
        "bpm": plan.pulse,
        "tempo": plan.tempo,
        "key": plan.key,
        "mode": plan.mode,
        "meter": f"{plan.meter[0]}/{plan.meter[1]}",
        "swing": plan.swing,
        "moods": list(plan.moods),
        "scenes": list(plan.scenes),
        "era": plan.era,
        "instruments": list(plan.instruments),
        "cast": list(plan.cast),
        "doubled": list(plan.doubled),
        "avoided": list(plan.avoided),
        "softer": list(plan.softer),
        "louder": list(plan.louder),
        "vocals": plan.vocals,
        "production": list(plan.production),
        "energy": plan.energy,
        "density": plan.density,
        "brightness": plan.brightness,
        "structure": list(plan.structure),
        "progression": list(plan.progression),
        "length_s": None if follows_lyrics and not composed else plan.length_s,
        "language": language_of(given, plan.language) if given.strip() else plan.language,
        "subject": plan.subject,
        "understood": [{"word": term.word, "kind": term.kind, "meaning": term.meaning} for term in plan.understood],
        "ignored": list(plan.ignored),
        "chosen": chosen,
        "limits": list(plan.limits),
    }
