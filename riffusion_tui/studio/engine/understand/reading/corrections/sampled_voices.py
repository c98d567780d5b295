"""Voices that are samples: `chopped up opera lady sample`, `sampled diva`."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.instrument_groups import CHOIRS
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention, in_order, positions, positive
from riffusion_tui.studio.engine.understand.words.neighbors import before_all, follows
from riffusion_tui.studio.engine.understand.words.tokens import Token

_SAMPLE = "vocal chops"
_WHO = frozenset({"vocal", "gender"})
_REPLACED = _WHO | {"genre", "flavour"}
_HOW = _REPLACED | {"mood", "era"}
"""What can be said of a sampled voice: `soul singer`, `opera lady`."""


def with_sampled_voices(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with vocal chops in place of singers whose voices are samples; choirs stay choirs."""
    sung = positions(one for one in mentions if _is_a_singer(one))
    said = positions(positive(mentions, *_HOW))
    for run in _runs(tokens, said):
        span = _sampled(tokens, run) if not sung.isdisjoint(run) else None
        if span is not None:
            there = [one for one in mentions if one.at in run and one.kind in _REPLACED]
            word = " ".join(tokens[at].typed for at in span)
            chops = replace(there[0], kind="instrument", meaning=_SAMPLE, word=word, at=span.start, last=span.stop - 1)
            mentions = in_order((*(one for one in mentions if one not in there), chops))
    return _with_sampled_choirs(tokens, mentions)


def _with_sampled_choirs(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without words and genre of a choir that is a sample: `gregorian choir sample`."""
    for choir in positive(mentions, "instrument"):
        if choir.meaning in CHOIRS and is_a_sample(tokens, choir):
            own = range(choir.at - (not tokens[choir.at].gap), choir.last + 1)
            mentions = [one for one in mentions if not (one.kind in _REPLACED and one.last in own)]
    return mentions


def is_a_sample(tokens: tuple[Token, ...], voice: Mention) -> bool:
    """Whether a word after a voice says that it is a sample: `choir sample`."""
    return follows(tokens, voice.last + 1, context_words("samples"))


def _is_a_singer(mention: Mention) -> bool:
    return mention.kind in _WHO and mention.meaning not in ("none", *CHOIRS) and not mention.negated


def _runs(tokens: tuple[Token, ...], said: set[int]) -> list[range]:
    """Return the positions of neighboring words that say something, between commas."""
    found: list[range] = []
    for at in sorted(said):
        if found and found[-1].stop == at and not tokens[at].gap:
            found[-1] = range(found[-1].start, at + 1)
        else:
            found.append(range(at, at + 1))
    return found


def _sampled(tokens: tuple[Token, ...], run: range) -> range | None:
    """Return the positions of a voice and of the word that says that it is a sample: `samples of a diva`; else None."""
    if follows(tokens, run.stop, context_words("samples")):
        return range(run.start, run.stop + 1)
    verb = [token.norm for token in tokens[run.stop : run.stop + 2]]
    if verb[:1] in (["are"], ["is"], ["get"], ["gets"]) and verb[1:] and verb[1] in context_words("sampled"):
        return range(run.start, run.stop + 2)  # `the vocals are chopped`
    at = before_all(tokens, run.start, context_words("before sampled voices"))
    before = tokens[at - 1].norm if at and not tokens[at].gap else ""
    joined = at < run.start and before in context_words("samples")
    return range(at - 1, run.stop) if joined or before in context_words("sampled") else None
