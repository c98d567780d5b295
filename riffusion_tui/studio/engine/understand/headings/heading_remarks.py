"""What the headings of given lyrics say about their sections, as sentences of the prompt; and what of it isn't kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from riffusion_tui.clean import clean_text
from riffusion_tui.lyric_sheets.lyric_files import header_in
from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.instrument_groups import CHOIR_VOICES
from riffusion_tui.studio.engine.song_plan import MAJOR_TONICS, MINOR_TONICS
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.structure_hints import KEY_CHANGE
from riffusion_tui.studio.engine.understand.figures.stated import BARS
from riffusion_tui.studio.engine.understand.figures.stated_chords import pitch_of
from riffusion_tui.studio.engine.understand.headings.remarks import Remark, remarks
from riffusion_tui.studio.engine.understand.limits.engine_limits import DUETS, ONE_MANNER, of_given_lyrics
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from riffusion_tui.studio.engine.understand.singers.singer import vocals
from riffusion_tui.studio.engine.understand.words import tables

_ENDINGS = frozenset({"fade out", "sudden end", "quiet ending", "big ending"})
_SHOWN = {"prechorus": "pre-chorus", "ending": "outro"}
"""Names of kinds of sections, if they are others."""
_SOUND = ("genre", "instrument", "production", "structure", "tempo", "vocal", "energy", "mood", "flavour", "era")
"""Kinds of words that describe how a section sounds."""
_UNREAD = ("genre", "style", "mood", "language", "tuning")
"""Labels above lyrics of what only a prompt says."""
_METER, _USUAL = ("time", "time signature"), "4/4"
"""Labels above lyrics of the meter, and the one of most genres."""
_NO_CAPO = "The capo is ignored: it needs a fret, and the key that is played, such as {key: G} and {capo: 2}."
_SPOKEN = ("rapped", "recited")
_SEPARATOR = re.compile(r"\s*[,;|/]\s*")
"""What separates the parts of a remark."""
_MOST_SHOWN = 3
"""Remarks that a limit quotes."""
_FRET = re.compile(r"\d{1,2}")


@dataclass(slots=True)
class HeadingRemarks:
    """What headings say, for the reading of the prompt."""

    phrases: dict[str, None] = field(default_factory=dict)
    """Sentences as in a prompt: `in A minor in the verse`, `no drums in the first verse`."""
    limits: dict[str, None] = field(default_factory=dict)
    """What isn't kept, in sentences for the user."""


@dataclass(frozen=True, slots=True)
class _Singing:
    """Who sings a section, and how; empty if its heading says nothing."""

    voice: str = ""
    manner: str = ""
    name: str = ""
    place: str = ""
    """Name of the section, with its number if others have another heading."""


def with_remarks(prompt: str, request: Request) -> tuple[Reading, tuple[str, ...]]:
    """Return the reading of a prompt, and of the remarks in the headings of the lyrics; and limits of the lyrics."""
    reading = read(prompt)
    found = _read_remarks(request.lyrics or "", "none" if request.instrumental else vocals(reading))
    _add_header(found, header_in(clean_text(request.lyrics or "")), reading)
    if found.phrases:
        reading = read(". ".join((reading.text.strip().rstrip("."), *found.phrases)).lstrip(". "))
    stated = reading.first("chords") is not None
    return reading, (*found.limits, *of_given_lyrics(request.lyrics or "", states_chords=stated))


def _add_header(found: HeadingRemarks, header: Mapping[str, str], reading: Reading) -> None:
    """Add the key, tempo and meter above the lyrics, if the prompt states none; and that the rest isn't read."""
    key = _key_above(found, header, is_stated=bool(reading.first("key") or reading.first("mode")))
    tempo, time = header.get("tempo") or header.get("bpm", ""), header.get("time") or header.get("time signature", "")
    meter = read(f"in {time}").first("meter") if time else None
    figure = read(tempo if "bpm" in tempo.lower() else f"{tempo} bpm").first("tempo") if tempo else None
    if key:
        found.phrases[f"in {key}" if key[0].isupper() else f"{key} key"] = None
    if figure and not reading.first("tempo"):
        found.phrases[f"{figure} bpm"] = None
    if meter and not (reading.first("meter") or _has_own_meter(reading, meter)):
        found.phrases[f"in {meter}"] = None
    labels = _UNREAD if meter else (*_UNREAD, *_METER)
    unread = [f"{label.capitalize()}: {header[label]}" for label in labels if header.get(label)]
    if unread:
        said = f'put "{unread[0]}" into the prompt'
        found.limits[f"Above the lyrics, only title, key, tempo and meter are read; {said}."] = None


def _key_above(found: HeadingRemarks, header: Mapping[str, str], *, is_stated: bool) -> str:
    """Return the key above the lyrics as it sounds with the capo, or nothing if the prompt states one."""
    key = _key(read(f"key: {header['key']}")) if "key" in header and not is_stated else ""
    fret = fret_of(header["capo"]) if "capo" in header else 0
    if fret is None or (fret and not (key or is_stated)):
        found.limits[_NO_CAPO] = None
    return sounding_key(key, fret or 0)


def _has_own_meter(reading: Reading, meter: str) -> bool:
    """Whether the prompt names a dance such as a waltz, which is in another meter."""
    named = [tables.genres()[mention.meaning].meters for mention in reading.positive("genre")]
    own = [{f"{beats}/{unit}" for beats, unit in meters} for meters in named]
    return any(_USUAL not in meters and meter not in meters for meters in own)


def _read_remarks(lyrics: str, voice: str | None) -> HeadingRemarks:
    """Return what the headings of lyrics say.

    Args:
        lyrics: the user's.
        voice: who sings, as `vocals` reads it in the prompt.
    """
    found = HeadingRemarks()
    all_ = [one for one in remarks(lyrics) if one.text or one.sung]
    keys: dict[str, str] = {}
    unkept: list[str] = []
    singing: list[_Singing] = []
    for one in all_:
        reading = read(one.text)
        sung = _singing(one, reading)
        singing += [replace(sung, place=_place(one, all_))] if one.sung else []
        phrases = [*_changes(one, reading), *_players(one, reading, all_)]
        key = _key(reading)
        if key and keys.setdefault(one.kind, key) != key:
            found.limits["All sections of a kind have the same key; the first one counts."] = None
        elif key:
            phrases.append(f"in {key} in the {_shown(one)}" if reading.first("key") else f"{key} key {_shown(one)}")
        found.phrases.update(dict.fromkeys(phrases))
        unkept += [part for part in _parts(one.text, reading) if not _is_kept(part, one, all_)]
    if voice != "none":
        _add_singers(found, singing, voice)
    if unkept:
        quoted = ", ".join(f'"{text}"' for text in list(dict.fromkeys(unkept))[:_MOST_SHOWN])
        found.limits[f"The studio doesn't play sections as their headings say: {quoted}."] = None
    return found


def _key(reading: Reading) -> str:
    """Return the key that a remark states, with its mode, or the mode alone; empty for chords."""
    if reading.first("chords"):
        return ""
    return " ".join(filter(None, (reading.first("key"), reading.first("mode"))))


def _shown(one: Remark) -> str:
    return _SHOWN.get(one.kind, one.kind)


def _parts(text: str, reading: Reading) -> list[str]:
    """Return the parts of a remark: `soft piano, female vocal`; chords are one."""
    return [text] if reading.first("chords") else [part for part in _SEPARATOR.split(text) if part]


def _is_kept(part: str, one: Remark, all_: Sequence[Remark]) -> bool:
    """Whether the song has what a part of a remark says, or it says nothing about the sound."""
    reading = read(part)
    sung = _singing(one._replace(text=part), reading)
    kept = [*_changes(one, reading), *_players(one, reading, all_), _key(reading), sung.voice, sung.manner, sung.name]
    return not reading.first("chords") and (any(kept) or not (reading.positive(*_SOUND) or reading.stated))


def _changes(one: Remark, reading: Reading) -> Iterator[str]:
    """Yield a key change, how many bars the section has, and how a song ends."""
    if bars := reading.first(BARS):
        yield f"{_shown(one)} {bars} bars"
    for mention in reading.positive("structure"):
        if mention.meaning == KEY_CHANGE or (mention.meaning in _ENDINGS and one.kind == "ending"):
            yield mention.meaning


def _players(one: Remark, reading: Reading, all_: Sequence[Remark]) -> Iterator[str]:
    """Yield who rests in a section, and who plays an intro or a solo."""
    where = _place(one, all_)
    rests = [mention for mention in reading.negative("instrument") if mention.kind == "instrument"]
    rests += reading.positive("avoid")
    if where:
        yield from (f"no {_bare(mention)} in the {where}" for mention in rests)
        yield from (f"{where} a cappella" for mention in reading.positive("vocal") if mention.meaning == "a cappella")
    if one.kind in ("solo", "intro"):
        players = [mention.word.lower() for mention in reading.positive("instrument")]
        yield from (f"{word} {one.kind}" for word in players[:1])


def _bare(mention: Mention) -> str:
    return re.sub(r"^(?:no|without) ", "", mention.word.lower())


def _place(one: Remark, all_: Sequence[Remark]) -> str:
    """Return a section's name with its number, if only it says this: `first verse`; empty if the number is too big."""
    alike = [other for other in all_ if other.kind == one.kind]
    if all(other.text == one.text for other in alike):
        return _shown(one)
    places = read_data("lyrics/choice.toml")["remarks"]["places"]
    return f"{places[one.number - 1]} {_shown(one)}" if one.number <= len(places) else ""


def _singing(one: Remark, reading: Reading) -> _Singing:
    words = {word.lower() for mention in reading.positive("vocal", "genre") for word in mention.word.split()}
    manner = next((tables.manners()[word] for word in sorted(words) if word in tables.manners()), "")
    spoken = next((way for way in _SPOKEN if words & _spoken(way)), "")
    choirs = [mention.word.lower() for mention in reading.positive("instrument") if "choir" in mention.meaning]
    genders = {mention.meaning for mention in reading.positive("gender", "vocal")} & {"male", "female", "child"}
    voice = choirs[0] if choirs else " and ".join(sorted(genders))
    is_name = one.is_set_off and _may_name(one.text, reading)
    everybody = {*one.text.lower().split()} & _everybody()
    return _Singing(voice, manner or spoken, one.text if is_name or everybody else "")


def _may_name(text: str, reading: Reading) -> bool:
    """Whether a remark may be a singer's name: in capitals, and with a word that means nothing, as `Taylor Swift`."""
    words = re.findall(r"[^\W\d_]+", text)
    capitals = bool(words) and all(word[0].isupper() for word in words if word not in ("and", "feat", "ft"))
    return capitals and (bool(reading.ignored) or not (reading.mentions or reading.stated))


def _add_singers(found: HeadingRemarks, singing: Sequence[_Singing], voice: str | None) -> None:
    """Add who sings the song if neither the prompt nor a section has another singer; else that there is one."""
    voices = list(dict.fromkeys(one.voice for one in singing if one.voice))
    everywhere = all(one.voice for one in singing)
    if len(voices) > 1 or not (everywhere or voice in CHOIR_VOICES):
        choirs = (one for one in singing if "choir" in one.voice and one.place)
        found.phrases.update(dict.fromkeys(f"{one.voice} in the {one.place}" for one in choirs))
    if _sing_several(singing, voices, voice):
        found.limits[DUETS] = None
    elif voices and "choir" not in voices[0]:
        found.phrases[f"{voices[0]} vocals"] = None
    elif voices and everywhere:
        found.phrases[voices[0]] = None
    elif voices:
        found.limits["One singer or a choir sings the whole song."] = None
    _add_manner(found, {one.manner for one in singing})


def _sing_several(singing: Sequence[_Singing], voices: Sequence[str], voice: str | None) -> bool:
    """Whether the headings name several singers, or another one than the prompt's `voice`."""
    if len(voices) > 1 or len({one.name for one in singing if one.name}) > 1:
        return True
    return any(" and " in one or voice not in (None, "any", one, "choir" if "choir" in one else None) for one in voices)


def _add_manner(found: HeadingRemarks, manners: set[str]) -> None:
    """Add how the song is sung if all sections say the same; else that there is one manner."""
    if len(manners) == 1 and "" not in manners:
        found.phrases[f"{_manner_words(manners)} vocals"] = None
    elif manners - {""}:
        found.limits[ONE_MANNER] = None


def _manner_words(manners: Collection[str]) -> str:
    (manner,) = manners
    return {"recited": "spoken"}.get(manner, manner)


@cache
def _spoken(way: str) -> frozenset[str]:
    return frozenset(split_words(read_data("delivery.toml")["spoken"][way]))


@cache
def _everybody() -> frozenset[str]:
    return frozenset(split_words(read_data("lyrics/choice.toml")["remarks"]["everybody"]))


def fret_of(capo: str) -> int | None:
    """Return the fret of `2`, `2nd fret` or `fret 2`; None without a number."""
    found = _FRET.search(capo)
    return int(found[0]) if found else None


def sounding_key(key: str, fret: int) -> str:
    """Return `A minor` for `G minor` and the second fret; a mode without a tonic stays."""
    tonic, _, mode = key.partition(" ")
    if not tonic[:1].isupper() or not fret:
        return key
    tonics = MINOR_TONICS if mode == "minor" else MAJOR_TONICS
    return f"{tonics[(pitch_of(tonic) + fret) % 12]} {mode}".rstrip()
