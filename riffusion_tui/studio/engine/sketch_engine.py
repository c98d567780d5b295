"""The sketch engine: makes a song from a prompt by rules, synthesis and, if there is a soundfont, samples."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.studio.engine.engine_errors import Cancelled, EngineError
from riffusion_tui.studio.engine.engine_protocol import Progress, RenderedSong
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import BUILT_IN, ENGINE_VERSION, FORMATS, WITHOUT_AUDIO, Request

if TYPE_CHECKING:
    from riffusion_tui.studio.engine.cache import Signal
    from riffusion_tui.studio.engine.loudness import MixMeter
    from riffusion_tui.studio.engine.mix.master import Mastering, RawMix
    from riffusion_tui.studio.engine.mix.performance import Performance
    from riffusion_tui.studio.engine.singing.delivery import Pronunciation

_SILENT = "Nothing would be heard. Name an instrument, or give a lone singer words that can be sung and a longer song."


class SketchEngine:
    """Makes songs in this process. Cheap to create, copy and pickle: it loads what it needs on first use."""

    name = "sketch"
    version = ENGINE_VERSION
    formats = FORMATS

    def __init__(
        self, soundfont: str | None = None, *, pronunciation: str = BUILT_IN, draws_cover: bool = True
    ) -> None:
        """Create an engine.

        Args:
            soundfont: a path, None for the bundled one, `synthesized` to use none.
            pronunciation: `BUILT_IN` or `ESPEAK`.
            draws_cover: draw a cover for each song, which costs 0.15 s.
        """
        self.soundfont = soundfont
        self.pronunciation = pronunciation
        self.draws_cover = draws_cover

    def make(
        self, request: Request, to: Path, format: str, progress: Progress, cancelled: Callable[[], bool]
    ) -> RenderedSong:
        """Make a song and write it to `to`.

        Raises:
            Cancelled: `cancelled()` returned true; no file is left behind.
            EngineError: the format is not one of `formats`, a lock or an edit does not fit, or the file could not be
                written.
        """
        if format not in FORMATS:
            raise EngineError(f"{format} is not a format of this engine: choose one of {', '.join(FORMATS)}.")
        from riffusion_tui.studio.engine.score_edits import score_of

        progress(0.0, "composing")
        score = score_of(request)
        return self.render(score, to, format, progress, cancelled)

    def write_lyrics(self, request: Request) -> str:
        """Return lyrics for a request, even for an instrumental one; see `rewritten` for what becomes of its own.

        Raises `EngineError` if its own aren't English.
        """
        from riffusion_tui.studio.engine.compose import compose
        from riffusion_tui.studio.engine.lyrics.rewriting import rewritten
        from riffusion_tui.studio.engine.prompt import plan

        made = plan(replace(request, instrumental=False, lyrics=None))
        unsung = {"vocals", "voice"}
        sung = replace(
            made,
            vocals="any" if made.vocals == "none" else made.vocals,
            avoided=tuple(word for word in made.avoided if word not in unsung),
        )
        written = compose(sung).lyrics
        return rewritten(request.lyrics, written) if request.lyrics else written

    def render(
        self, score: Score, to: Path, format: str, progress: Progress, cancelled: Callable[[], bool]
    ) -> RenderedSong:
        """Render `score` and write it to `to`: the second half of `make`. Raises `EngineError` if it has no notes."""
        if not any(track.notes for track in score.tracks):
            raise EngineError(_SILENT)
        if format in WITHOUT_AUDIO:
            return _write_score(score, to, format, progress)
        try:
            from riffusion_tui.studio.engine.singing.delivery import pronunciation_of

            spoken = pronunciation_of(score, self.pronunciation)
            made = _Work(score, spoken, to, format, self.soundfont, progress, cancelled).run()
            return _with_cover(made, score) if self.draws_cover else made
        except BaseException as error:  # even ^C must leave no file behind
            to.unlink(missing_ok=True)
            _cover_of(to).unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise EngineError(f"{to.parent} can't be written: {error.strerror or error}.") from error
            raise


class _Work:
    """One song being rendered to a file."""

    def __init__(
        self,
        score: Score,
        pronunciation: Pronunciation,
        to: Path,
        format: str,
        soundfont: str | None,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        from riffusion_tui.studio.engine.mix.performance import Performance
        from riffusion_tui.studio.engine.output.spectrum import SpectrumMeter

        self.score, self.to, self.format = score, to, format
        self.progress, self.cancelled = progress, cancelled
        self.session: Performance = Performance(score, soundfont, pronunciation.known)
        self.pronunciation = pronunciation.description
        self.meter = SpectrumMeter(self.session.rate)

    def run(self) -> RenderedSong:
        from riffusion_tui.studio.engine.mix.master import RawMix
        from riffusion_tui.studio.engine.mix.player import BLOCK

        with tempfile.TemporaryFile(dir=self.to.parent) as file:
            raw = RawMix(file, BLOCK)
            mastering = self._master(raw, self._play(raw))
            self._write(raw, mastering)
        self.progress(1.0, "done")
        return self._made(mastering)

    def _master(self, raw: RawMix, meter: MixMeter) -> Mastering:
        from riffusion_tui.studio.engine.mix.master import measure

        def step(share: float) -> None:
            self._report(0.62 + 0.05 * share, "mastering")

        return measure(raw, meter, self.session.frames, step, self.session.starts, self.session.mixing)

    def _play(self, raw: RawMix) -> MixMeter:
        """Write the mix to `raw`, and return its loudness."""
        mixer = self.session.mixer()
        for i, block in enumerate(mixer, start=1):
            raw.write(block)
            self._report(0.02 + 0.6 * i / mixer.blocks, "playing")
        return mixer.meter

    def _write(self, raw: RawMix, mastering: Mastering) -> None:
        if self.format == "stems":
            from riffusion_tui.studio.engine.output.stems import write_stems

            write_stems(
                self.to,
                self.session,
                mastering,
                lambda share: self._report(0.67 + 0.33 * share, "writing stems"),
            )
            return
        from riffusion_tui.studio.engine.output.encode import tags_of, write_audio
        from riffusion_tui.studio.engine.output.synced_lyrics import timed_lines

        blocks = self._finished(raw, mastering)
        write_audio(self.to, self.format, blocks, tags_of(self.score), timed_lines(self.score))

    def _finished(self, raw: RawMix, mastering: Mastering) -> Iterator[Signal]:
        for start, block in raw.blocks():
            left = mastering.frames - start
            if left <= 0:
                return
            finished = mastering.apply(block, start)[:, :left]
            self.meter.add(finished)
            yield finished
            self._report(0.67 + 0.33 * min(1.0, (start + block.shape[1]) / mastering.frames), "encoding")

    def _report(self, share: float, what: str) -> None:
        if self.cancelled():
            raise Cancelled("The song was cancelled.")
        self.progress(min(share, 0.999), what)

    def _made(self, mastering: Mastering) -> RenderedSong:
        return replace(
            _described(self.score, self.to, self.format),
            duration_s=mastering.frames / self.session.rate,
            waveform=mastering.waveform,
            spectrum=self.meter.result() if self.format != "stems" else {},
            loudness_lufs=round(mastering.lufs, 2),
            sounds=self.session.sounds,
            pronunciation=self.pronunciation,
        )


def _write_score(score: Score, to: Path, format: str, progress: Progress) -> RenderedSong:
    """Write notes, lyrics or chords: nothing is rendered, so there is no waveform, loudness or cover."""
    from riffusion_tui.studio.engine.output.chordpro import write_chordpro
    from riffusion_tui.studio.engine.output.midi import write_midi
    from riffusion_tui.studio.engine.output.synced_lyrics import write_lrc

    try:
        {"midi": write_midi, "lrc": write_lrc, "chordpro": write_chordpro}[format](score, to)
    except OSError as error:
        raise EngineError(f"{to.name} could not be written: {error}.") from error
    progress(1.0, "done")
    return _described(score, to, format)


def _described(score: Score, to: Path, format: str) -> RenderedSong:
    """Return what is known of a song from its score alone."""
    from riffusion_tui.studio.engine.output.chart import chart_of
    from riffusion_tui.studio.engine.output.roll import roll_of
    from riffusion_tui.studio.engine.output.synced_lyrics import timed_lines
    from riffusion_tui.studio.engine.score_edits import stems_of
    from riffusion_tui.studio.engine.singing.delivery import pronunciation_of

    lines = timed_lines(score)
    return RenderedSong(
        file=to,
        format=format,
        title=score.title,
        lyrics=score.lyrics,
        timed_lyrics=tuple((line.start, line.text) for line in lines),
        words=tuple(tuple((word.start, word.text) for word in line.words) for line in lines),
        pronunciation=pronunciation_of(score).description,
        chart=chart_of(score),
        roll=roll_of(score),
        form=score.form,
        band=score.band,
        stems=stems_of(score),
        duration_s=score.duration_s,
        plan=score.plan,
        waveform=(),
        loudness_lufs=-70.0,
        sounds="none",
    )


def _with_cover(made: RenderedSong, score: Score) -> RenderedSong:
    from riffusion_tui.studio.engine.output.cover import write_cover

    cover = _cover_of(made.file)
    write_cover(cover, score, made.waveform)
    return replace(made, cover=cover)


def without_cover(soundfont: str | None = None, pronunciation: str = BUILT_IN) -> SketchEngine:
    """Return an engine that draws no covers, for a renderer that is given its engine by name."""
    return SketchEngine(soundfont, pronunciation=pronunciation, draws_cover=False)


def _cover_of(to: Path) -> Path:
    return to.with_name(f"{to.stem}.cover.png")
