"""Start ACE-Step's own server with its model replaced: run by `tests.acestep_vendor` in a separate environment.

torch, torchaudio, both model handlers, the results helper of the web interface, `generate_music` and the download are
stand-ins; routes, queue, worker, result cache, key check and file serving are the vendor's.

Environment: FAKE_SOUNDS a folder with song.flac, song.mp3 and song.wav; FAKE_SONG_S, FAKE_LOAD_S seconds.
A prompt with `boom` fails, one with `no file` saves nothing.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
import types
import uuid
from importlib import import_module
from pathlib import Path
from typing import Any

_PACKAGES = (
    "torch", "torch.nn", "torch.nn.functional", "torchaudio", "acestep.handler", "acestep.llm_inference",
    "acestep.gradio_ui", "acestep.gradio_ui.events", "acestep.gradio_ui.events.results_handlers",
)  # fmt: skip


class _Anything(types.ModuleType):
    """A module that has every name."""

    __path__: list[str] = []  # noqa: RUF012 (what makes a module a package)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class _Model:
    """Both handlers: loading takes a while and succeeds."""

    dtype = "float32"

    def initialize_service(self, **requested: Any) -> tuple[str, bool]:
        time.sleep(float(os.environ.get("FAKE_LOAD_S", "0")))
        return "loaded", True

    def initialize(self, **requested: Any) -> tuple[str, bool]:
        return "loaded", True


def _generate(dit_handler: Any, llm_handler: Any, params: Any, config: Any, save_dir: str, progress: Any) -> Any:
    """Copy a sound after a while, for each song of the batch."""
    time.sleep(float(os.environ.get("FAKE_SONG_S", "0.2")))
    inference = import_module("acestep.inference")
    if "boom" in params.caption:
        return inference.GenerationResult(success=False, error="CUDA out of memory")
    format = config.audio_format
    source = Path(os.environ["FAKE_SOUNDS"]) / f"song.{format}"
    audios = []
    for index in range(config.batch_size or 1):
        path = Path(save_dir) / f"{uuid.uuid4()}.{format}"
        shutil.copyfile(source, path)
        seed = params.seed if not config.use_random_seed else index
        audios.append({"path": "" if "no file" in params.caption else str(path), "params": {"seed": seed}})
    return inference.GenerationResult(audios=audios, success=True)


def main() -> None:
    """Replace what needs a graphics card, then start the server as its own command does."""
    for name in _PACKAGES:
        sys.modules[name] = _Anything(name)
    modules: dict[str, Any] = sys.modules
    modules["acestep.handler"].AceStepHandler = _Model
    modules["acestep.llm_inference"].LLMHandler = _Model
    results = modules["acestep.gradio_ui.events.results_handlers"]
    results._build_generation_info = lambda **output: ""
    server: Any = import_module("acestep.api_server")
    server.generate_music = _generate
    server._ensure_model_downloaded = lambda name, folder: ""
    import_module("uvicorn").run(server.app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
