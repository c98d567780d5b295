"""A plan as JSON values, for `sketch --plan` and `sketch --json`."""

from __future__ import annotations

from riffusion_tui.studio.engine.types import Plan


def plan_json(plan: Plan) -> dict[str, object]:
    """Return the plan as JSON values: the meter as `4/4`, `understood` and `chosen` as objects."""
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
        "vocals": plan.vocals,
        "production": list(plan.production),
        "energy": plan.energy,
        "density": plan.density,
        "brightness": plan.brightness,
        "structure": list(plan.structure),
        "progression": list(plan.progression),
        "length_s": plan.length_s,
        "language": plan.language,
        "subject": plan.subject,
        "understood": [{"word": term.word, "kind": term.kind, "meaning": term.meaning} for term in plan.understood],
        "ignored": list(plan.ignored),
        "chosen": dict(plan.chosen),
        "limits": list(plan.limits),
    }
