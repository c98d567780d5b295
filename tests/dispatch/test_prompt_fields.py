"""Values stated in a prompt become a service's options; jobs for several services at once."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.dispatch import JobCommands
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.requests.job_builder import check_fields
from riffusion_tui.dispatch.requests.prompt_fields import carried, options_for, with_stated
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.matrix import Prompt
from riffusion_tui.jobs.model import Job, Options, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.acestep.fields import key_scale
from riffusion_tui.services.capabilities import Capabilities, Edit, EditField
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.store import NewJob
from tests.dispatch.bench import Bench, bench
from tests.dispatch.virtual import run
from tests.dispatch.world import World

ACE = profile_of("acestep").capabilities
PLAIN = Capabilities()
SAID = {"tempo": "90", "key": "C minor", "length": "700", "vocals": "none", "mood": "calm"}


def test_values_in_a_prompt_fill_unset_options() -> None:
    options = with_stated(SAID, ACE, Options())
    assert (options.extra, options.length_s) == ((("tempo", "90"), ("key", "C minor")), 600.0)
    assert options.instrumental
    chosen = with_stated(SAID, ACE, Options(extra=(("tempo", "120"),), length_s=30.0, lyrics="la"))
    assert (dict(chosen.extra)["tempo"], chosen.length_s, chosen.instrumental) == ("120", 30.0, False)
    assert with_stated(SAID, PLAIN, Options()).extra == ()
    edit = Options(operation="cover", source="x")
    assert with_stated(SAID, ACE, edit) == edit


def test_removing_words_from_a_prompt_removes_their_values() -> None:
    before = with_stated({"tempo": "90", "length": "60"}, ACE, Options())
    after = with_stated({"tempo": "120"}, ACE, before, before={"tempo": "90", "length": "60"})
    assert (after.extra, after.length_s) == ((("tempo", "120"),), None)
    kept = with_stated(
        {}, ACE, Options(extra=(("tempo", "100"),), length_s=5.0), before={"tempo": "90", "length": "60"}
    )
    assert (kept.extra, kept.length_s) == ((("tempo", "100"),), 5.0)


def _job(**options: Any) -> Job:
    return Job(1, "r", "calm piano", Options(**options), "studio", Status.DONE, "b")


def test_another_service_gets_plan_lyrics_and_seed() -> None:
    plan = {"plan": {"bpm": 92.0, "key": "A", "mode": "minor", "meter": "7/8", "seed": 41, "language": "de"}}
    old = _job(account="a", model="FUZZ-0.8", title="T", length_s=60.0)
    options = options_for(old, Song(1, lyrics="la la", plan=plan), ACE)
    assert options == Options(
        lyrics="la la", seed=41, length_s=60.0, extra=(("tempo", "92"), ("key", "A minor"), ("language", "de"))
    )
    silent = options_for(_job(instrumental=True, seed=7), Song(1, lyrics="la la", plan={"key": "C"}), ACE)
    assert (silent.lyrics, silent.seed, silent.extra) == (None, 7, (("key", "C major"),))
    assert options_for(_job(seed=7, lyrics="la", length_s=5.0), None, PLAIN) == Options()


@pytest.mark.parametrize(
    ("plan", "extra"),
    [
        ({"meter": [3, 4]}, (("meter", "3/4"),)),  # the studio's form
        ({"meter": [7, 8]}, ()),
        ({"meter": [3]}, ()),
        ({"key": "D", "mode": "dorian"}, ()),
        ({"bpm": 400.0}, ()),
        ({"bpm": float("nan")}, ()),
        ({"bpm": 30}, (("tempo", "30"),)),
    ],
)
def test_another_service_gets_only_what_it_supports(
    plan: dict[str, object], extra: tuple[tuple[str, str], ...]
) -> None:
    assert options_for(_job(), Song(1, plan=plan), ACE).extra == extra


@pytest.mark.parametrize("key", ["C major", "F# minor", "Bb", "am", "E♭ min", "C maj"])
def test_a_valid_key_is_sent_unchanged(tmp_path: Path, key: str) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            (job,) = _commands(b).submit_all([BatchItem("one", Options(extra=(("key", key),)), 1, "acestep")])
            assert dict(job.options.extra)["key"] == key
            assert key_scale(key)

    run(main())


@pytest.mark.parametrize("key", ["D dorian", "H minor", "Cx", "major"])
def test_a_key_that_the_service_lacks_is_refused_before_sending(tmp_path: Path, key: str) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            with pytest.raises(NotPossible, match=f"key must look like C major, F# minor or Bb major, not '{key}'"):
                _commands(b).submit_all([BatchItem("one", Options(extra=(("key", key),)), 1, "acestep")])
            assert not key_scale(key)

    run(main())


def test_text_fields_may_have_a_limit() -> None:
    field = EditField("like", "prompt", max_length=3)
    assert [field.allows(text) for text in ("abc", "abcd")] == [True, False]
    with pytest.raises(NotPossible, match="like has 4 characters; the limit is 3"):
        check_fields((field,), {"like": "abcd"})


def test_number_fields_may_have_open_ranges() -> None:
    field = EditField("steps", "steps", number=True, low=0)
    assert [field.allows(text) for text in ("0", "1e9", "-1", "inf", "many")] == [True, True, False, False, False]
    assert EditField("gain", "dB", number=True, high=6).allows("-90")


def test_repeating_a_song_drops_values_that_are_no_longer_allowed(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            options = Options(seed=5, extra=(("tempo", "96"), ("key", "D dorian")))
            (old,) = b.store.add([NewJob("one", options, "acestep", "r", "b")])
            (new,) = _commands(b).again([old.id], service="acestep")
            assert new.options == Options(seed=5, extra=(("tempo", "96"),))

    run(main())


def _commands(b: Bench) -> JobCommands:
    return JobCommands(
        b.store,
        b.world,
        clock=b.clock,
        rng=random.Random(3),
        stated=lambda service, prompt: {"tempo": "90"} if service == "acestep" and "90" in prompt else {},
    )


def test_prompts_of_a_batch_may_name_services(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            commands = _commands(b)
            items = [BatchItem("one 90", Options()), BatchItem("two 90", Options(), 2, "acestep")]
            jobs = commands.submit_all(items)
            assert [(job.service, job.options.extra) for job in jobs] == [
                ("world", ()),
                ("acestep", (("tempo", "90"),)),
                ("acestep", (("tempo", "90"),)),
            ]
            assert len({job.batch for job in jobs}) == 1
            with pytest.raises(NotPossible, match=r"Unknown service @nobody. Services: studio, "):
                commands.submit_all([BatchItem("one", Options(), 1, "nobody")])
            with pytest.raises(NotPossible, match=r"@Acestp. Did you mean @acestep.*write .@Acestp"):
                commands.submit([Prompt("one", None, "Acestp")], Options())
            with pytest.raises(NotPossible, match="No prompt"):
                commands.submit_all([])

    run(main())


def test_prompts_use_the_options_that_their_service_supports(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            options = Options(account="mine", model="FUZZ-0.8", seed=5, extra=(("swing", "1"), ("tempo", "96")))
            prompts: list[Prompt | str] = [Prompt("one", 2, "acestep"), Prompt("two", None, "world"), "three"]
            jobs = _commands(b).submit(prompts, options._replace(model=""))
            assert [(job.service, job.prompt, job.options.account) for job in jobs] == [
                ("acestep", "one", None),
                ("acestep", "one", None),
                ("world", "two", "mine"),
                ("world", "three", "mine"),
            ]
            assert jobs[0].options == Options(seed=5, extra=(("tempo", "96"),))
            assert carried(Options(length_s=5.0, title="T"), ACE) == Options(length_s=10.0)
            (made,) = _commands(b).again([jobs[2].id], options=options, service="acestep")
            assert (made.service, made.options.account, made.options.model) == ("acestep", None, "")
            changed = _commands(b).edit_queued(jobs[0].id, prompt="one at 90")
            assert dict(changed.options.extra)["tempo"] == "96", "an explicit value is kept"

    run(main())


def test_a_job_of_another_service_is_cancelled_at_its_service(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            making = NewJob("x", Options(), "studio", "r1", "b", status=Status.MAKING, remote_id="y")
            endless = NewJob("x", Options(), "acestep", "r2", "b", status=Status.MAKING, remote_id="z")
            first, second = (job.id for job in b.store.add([making, endless]))
            acted = await b.job_commands.cancel([first, second])
            assert acted.ids == (second,)
            assert "it finishes the song" in b.store.timeline(second)[-1].detail
            assert "--service studio" in dict(acted.left)[first], "its service isn't open in this process"
            others = {"studio": b.world}
            commands = JobCommands(b.store, b.world, clock=b.clock, rng=random.Random(3), others=others.get)
            assert commands.submit([Prompt("x", None, "studio")], Options())[0].service == "studio"
            assert (await commands.cancel([first])).ids == (first,)

    run(main())


def test_a_sketch_is_repeated_with_another_service(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            (sketch,) = b.job_commands.submit(["calm piano 90"], Options(seed=5))
            (made,) = _commands(b).again([sketch.id], service="acestep")
            assert (made.service, made.parent, made.prompt) == ("acestep", sketch.id, "calm piano 90")
            assert (made.options.seed, made.options.extra) == (5, (("tempo", "90"),))
            (changed,) = _commands(b).again([made.id], prompt="calm piano", service="acestep")
            assert changed.options.extra == (), "removing the words removes their tempo"
            queued = _commands(b).edit_queued(sketch.id, prompt="other words")
            assert queued.prompt == "other words"

    run(main())


def test_an_edit_that_uploads_uses_the_songs_file(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.world.capabilities = Capabilities(
                uploads=True, edits=(Edit("cover", "c"), Edit("sing", "s", lyrics=True))
            )
            (other,) = b.job_commands.submit_all([BatchItem("one", Options(), 1, "studio")])
            for status in (Status.SENDING, Status.MAKING, Status.FETCHING):
                b.store.update(other.id, status)
            b.store.update(other.id, Status.DONE)
            with pytest.raises(NotPossible, match="no local file to upload"):
                b.job_commands.edit(other.id, "cover", {})
            b.store.update(other.id, file="/songs/one.flac")
            b.store.put_song(Song(other.id, lyrics="la la"))
            job = b.job_commands.edit(other.id, "cover", {})
            assert (job.service, job.options.source, job.options.lyrics) == ("world", "/songs/one.flac", "la la")
            assert b.job_commands.edit(other.id, "sing", {}, lyrics="do re").options.lyrics == "do re"

    run(main())


def test_cancelling_reports_that_the_service_cannot_stop_a_job(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.world.capabilities = b.world.capabilities._replace(cancels=False)
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                await b.job_commands.cancel([job.id])
            assert "can't cancel" in b.store.timeline(job.id)[-1].detail

    run(main())


def test_capabilities_are_fetched_from_the_named_service(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            there = World()
            others = {"flowmusic": there}
            commands = JobCommands(b.store, b.world, clock=b.clock, rng=random.Random(1), others=others.get)
            for learned in (commands.fetch_capabilities(), commands.fetch_capabilities("world")):
                assert await learned == b.world.capabilities
            assert await commands.fetch_capabilities("flowmusic") == there.capabilities
            others.clear()
            assert await commands.fetch_capabilities("flowmusic") == profile_of("flowmusic").capabilities

    run(main())
