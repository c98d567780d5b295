"""Edits of finished songs: validated against the service's table, then queued as children."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.dispatch import NotPossible
from riffusion_tui.dispatch.commands.job_commands import JobCommands
from riffusion_tui.dispatch.requests.job_builder import range_of
from riffusion_tui.dispatch.requests.song_edits import visible_fields
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.model import Account, Job, Options, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import Capabilities
from riffusion_tui.services.capabilities import Edit, EditField
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.store import NewJob
from tests.dispatch.bench import Bench, bench
from tests.dispatch.virtual import run
from tests.dispatch.world import World

CAN = Capabilities(formats=("wav",), edits=profile_of("flowmusic").capabilities.edits)
EDITS = {edit.name: edit for edit in CAN.edits}


def parent(b: Bench, status: Status = Status.DONE, service: str = "world", **fields: Any) -> Job:
    options = Options(instrumental=True, model="FUZZ-0.8", reply_ref="mine", seed=4)
    (job,) = b.store.add([NewJob("slow soul", options, service, "ref", "batch", status=status)])
    return b.store.update(job.id, **({"remote_id": "r1", "account": "a"} | fields))


def edited(tmp_path: Path, operation: str, fields: dict[str, str], **more: Any) -> tuple[Job, Job]:
    """Return (parent, edit) for a service with all of Flow Music's edits."""
    found: list[Job] = []

    async def main() -> None:
        async with bench(tmp_path, World(capabilities=CAN)) as b:
            old = parent(b)
            found.extend((old, b.job_commands.edit(old.id, operation, fields, **more)))

    run(main())
    return found[0], found[1]


@pytest.mark.parametrize(
    ("operation", "fields", "more", "prompt", "extra", "lyrics"),
    [
        ("extend", {"extend_s": " 30 ", "extend_from_s": ""}, {"prompt": "a solo"}, "a solo", {"extend_s": "30"}, None),
        ("replace", {"mask_start_s": "1.5", "mask_end_s": "2"}, {}, "slow soul",
         {"mask_start_s": "1.5", "mask_end_s": "2"}, None),
        ("replace", {"mask_start_s": "1:05", "mask_end_s": "2:30.5"}, {}, "slow soul",
         {"mask_start_s": "65", "mask_end_s": "150.5"}, None),
        ("cover", {"strength": "0", "bogus": "1"}, {"lyrics": "x"}, "slow soul", {"strength": "0"}, None),
        ("remix", {}, {"lyrics": "\nla la\x1b[2J\n", "prompt": " "}, "slow soul", {}, "la la"),
        ("stems", {}, {"prompt": "it takes none"}, "slow soul", {}, None),
        ("effect", {"effect": "Trim", "start_s": "1", "end_s": "9", "pan": "7"}, {}, "slow soul",
         {"effect": "Trim", "start_s": "1", "end_s": "9"}, None),
        ("effect", {"effect": "Trim", "end_s": "9"}, {}, "slow soul", {"effect": "Trim", "end_s": "9"}, None),
        ("effect", {"effect": " fade", "fade_in_s": "2"}, {}, "slow soul", {"effect": "Fade", "fade_in_s": "2"}, None),
    ],
)  # fmt: skip
def test_an_edit_is_queued_as_a_child_job(
    tmp_path: Path,
    operation: str,
    fields: dict[str, str],
    more: dict[str, str],
    prompt: str,
    extra: dict[str, str],
    lyrics: str | None,
) -> None:
    old, job = edited(tmp_path, operation, fields, **more)
    assert (job.status, job.parent, job.prompt, job.service) == (Status.QUEUED, old.id, prompt, "world")
    assert (job.options.operation, job.options.source, job.options.account) == (operation, "r1", "a")
    assert dict(job.options.extra) == extra
    assert job.options.lyrics == lyrics
    assert job.options.instrumental is (lyrics is None)
    assert job.ref not in ("ref", "mine"), "the edit needs its own reference"


@pytest.mark.parametrize(
    ("operation", "fields", "expected"),
    [
        ("extend", {"extend_s": "0"}, "extend_s must be a number (1 to 300), not '0'"),
        ("extend", {"extend_s": "301"}, "1 to 300"),
        ("extend", {"extend_s": "long"}, "(1 to 300), not 'long'"),
        ("extend", {"extend_from_s": "nan"}, "a number (0 or more)"),
        ("extend", {"extend_from_s": "1e999"}, "a number (0 or more)"),
        ("replace", {"mask_start_s": "4"}, "mask_end_s is required (end of the section, seconds)"),
        ("replace", {"mask_start_s": "4", "mask_end_s": "4"}, "mask_end_s must be more than mask_start_s"),
        ("cover", {"strength": "0:30"}, "not '0:30'"),
        ("remix", {}, "lyrics are required"),
        ("effect", {}, "effect is required"),
        ("effect", {"effect": "Loud"}, "effect must be one of Trim, Fade"),
        ("effect", {"effect": "x" * 61}, f"not '{'x' * 60}…'"),
        ("sing", {}, "This service has no edit 'sing'; it has extend, replace"),
        ("resize", {}, " Did you mean 'extend'?"),
        ("repaint", {}, " Did you mean 'replace'?"),
        ("effects", {}, " Did you mean 'effect'?"),
    ],
)
def test_an_impossible_request_is_reported_and_queues_nothing(
    tmp_path: Path, operation: str, fields: dict[str, str], expected: str
) -> None:
    async def main() -> None:
        async with bench(tmp_path, World(capabilities=CAN)) as b:
            old = parent(b)
            with pytest.raises(NotPossible) as raised:
                b.job_commands.edit(old.id, operation, fields)
            assert expected in str(raised.value)
            assert b.store.jobs() == (old,)

    run(main())


@pytest.mark.parametrize(
    ("local", "words"),
    [
        (False, r"^The account of job 1, a, has been removed\. Add it again, or "),
        (True, r"^The world no longer has the song of job 1, as its account, a, was removed\. Make the song again"),
    ],
)
def test_a_song_whose_account_was_removed_cannot_be_edited(tmp_path: Path, local: bool, words: str) -> None:
    async def main() -> None:
        async with bench(tmp_path, World(capabilities=CAN._replace(local=local))) as b:
            old = parent(b)
            b.store.put_accounts("world", [Account("world", "b", 1)])
            with pytest.raises(NotPossible, match=words):
                b.job_commands.edit(old.id, "stems", {})
            b.store.put_accounts("world", [Account("world", "a", 1)])
            b.job_commands.edit(old.id, "stems", {})

    run(main())


def test_only_a_finished_song_of_this_service_can_be_edited(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path, World(capabilities=CAN)) as b:
            for old, expected in [
                (parent(b, Status.MAKING), "only finished songs"),
                (parent(b, remote_id=None), "only finished songs"),
                (parent(b, service="elsewhere"), "only elsewhere can edit it"),
            ]:
                with pytest.raises(NotPossible, match=expected):
                    b.job_commands.edit(old.id, "stems", {})

    run(main())


def test_a_service_without_edits_refuses_new_and_repeated_ones(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            old = parent(b)
            with pytest.raises(NotPossible, match="can't edit songs"):
                b.job_commands.edit(old.id, "extend", {})
            (copied,) = b.store.add([NewJob("one", Options(operation="cover", source="r1"), "world", "r", "b")])
            with pytest.raises(NotPossible, match="can't edit songs"):
                b.job_commands.again([copied.id])

    run(main())


def test_a_batch_file_can_only_use_an_edits_own_fields(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path, World(capabilities=CAN)) as b:
            extend = Options(operation="extend", source="r1", extra=(("extend_s", "30"),))
            (job,) = b.job_commands.submit_all([BatchItem("a solo", extend)])
            assert job.options == extend
            with pytest.raises(NotPossible, match="extend has no field 'pan'; its fields: extend_"):
                b.job_commands.submit_all([BatchItem("a solo", extend._replace(extra=(("pan", "7"),)))])
            with pytest.raises(NotPossible, match="its fields: none"):
                b.job_commands.submit_all([BatchItem("a solo", extend._replace(operation="stems"))])

    run(main())


def test_an_edit_can_be_repeated(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path, World(capabilities=CAN)) as b:
            old = parent(b)
            first = b.job_commands.edit(old.id, "stems", {})
            (second,) = b.job_commands.again([first.id])
            assert (second.options, second.parent) == (first.options, old.id)

    run(main())


def test_visible_fields_depend_on_the_chosen_value() -> None:
    effect = EDITS["effect"]
    assert [field.name for field in visible_fields(effect, {})] == ["effect"]
    assert [field.name for field in visible_fields(effect, {"effect": "Fade"})] == ["effect", "fade_in_s", "fade_out_s"]
    assert visible_fields(EDITS["extend"], {}) == EDITS["extend"].fields


def test_only_and_after_name_values_and_fields_of_the_same_edit() -> None:
    for edit in CAN.edits:
        choices = {choice for field in edit.fields for choice in field.choices}
        for field in edit.fields:
            assert field.only in {"", *choices}
            assert field.after in {"", *(one.name for one in edit.fields[: edit.fields.index(field)])}


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (EditField("x", ""), ""),
        (EditField("x", "", number=True), ""),
        (EditField("x", "", number=True, low=0), "0 or more"),
        (EditField("x", "", number=True, low=-1.5, high=1), "-1.5 to 1"),
        (EditField("x", "", number=True, low=0, high=2**31 - 1), "0 to 2147483647"),
    ],
)
def test_field_types_are_described_in_words(field: EditField, words: str) -> None:
    assert range_of(field) == words


def test_open_ranges_and_free_text_are_accepted(tmp_path: Path) -> None:
    can = Capabilities(edits=(Edit("bend", "", fields=(EditField("by", "", number=True), EditField("note", ""))),))

    async def main() -> None:
        async with bench(tmp_path, World(capabilities=can)) as b:
            job = b.job_commands.edit(parent(b).id, "bend", {"by": "-3", "note": "soft"})
            assert dict(job.options.extra) == {"by": "-3", "note": "soft"}
            with pytest.raises(NotPossible, match="by must be a number, not 'much'"):
                b.job_commands.edit(job.parent or 0, "bend", {"by": "much"})

    run(main())


CHOICES = Capabilities(edits=profile_of("studio").capabilities.edits)


@pytest.mark.parametrize(
    ("plan", "text", "extra"),
    [
        ({"stems": ["Drums", "Upright Bass", "Drums", 3]}, "upright bass", "Upright Bass"),
        ({"stems": "Drums"}, "anything", "anything"),
        ({}, "anything", "anything"),
    ],
)
def test_a_field_accepts_only_values_in_the_songs_plan(
    tmp_path: Path, plan: dict[str, Any], text: str, extra: str
) -> None:
    async def main() -> None:
        async with bench(tmp_path, World(capabilities=CHOICES)) as b:
            old = parent(b)
            b.store.put_song(Song(old.id, plan=plan))
            assert b.job_commands.edit(old.id, "mute", {"stem": text}).options.extra == (("stem", extra),)
            if extra == "Upright Bass":
                with pytest.raises(NotPossible, match="stem must be one of Drums, Upright Bass, not 'Oboe'"):
                    b.job_commands.edit(old.id, "mute", {"stem": "Oboe"})

    run(main())


def test_options_that_the_service_would_refuse_are_not_queued(tmp_path: Path) -> None:
    def check(service: str, options: Options, song: Song | None) -> str:
        return f"{service} has no {options.title}." if options.title else ""

    async def main() -> None:
        async with bench(tmp_path) as b:
            commands = JobCommands(b.store, b.world, clock=b.clock, rng=random.Random(1), options_check=check)
            (job,) = commands.submit(["one"], Options())
            with pytest.raises(NotPossible, match=r"^line 2: world has no spoon\.$"):
                commands.submit_all([BatchItem("two", Options(title="spoon"), where="line 2")])
            with pytest.raises(NotPossible, match="no spoon"):
                commands.edit_queued(job.id, options=Options(title="spoon"))
            with pytest.raises(NotPossible, match="no spoon"):
                commands.again([job.id], options=Options(title="spoon"))
            assert b.store.jobs() == (job,)

    run(main())


def test_an_edit_that_the_service_cannot_make_is_not_queued(tmp_path: Path) -> None:
    def check(service: str, options: Options, song: Song | None) -> str:
        return f"{service} can't {options.operation} {dict(options.extra)['stem']}." if song is None else ""

    async def main() -> None:
        async with bench(tmp_path, World(capabilities=CHOICES)) as b:
            old, clock = parent(b), b.clock
            commands = JobCommands(b.store, b.world, clock=clock, rng=random.Random(1), options_check=check)
            with pytest.raises(NotPossible, match="world can't mute Drums"):
                commands.edit(old.id, "mute", {"stem": "Drums"})
            assert len(b.store.jobs()) == 1
            b.store.put_song(Song(old.id))
            assert commands.edit(old.id, "mute", {"stem": "Drums"}).parent == old.id

    run(main())
