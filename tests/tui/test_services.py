"""Several services on the screen: switching, generating with another one, a service's own options."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.matrix import Prompt
from riffusion_tui.jobs.model import Account, Gate, Job, Options, Song, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import WrittenLyrics
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.store import NewJob
from riffusion_tui.tui.screens.compare import CompareScreen
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, NOON, Shown, Stage, tone


@pytest.fixture
def ace(stage: Stage) -> Stage:
    stage.service.capabilities = profile_of("acestep").capabilities
    return stage


async def test_the_service_can_be_switched_in_the_palette(show: ShowScreen, stage: Stage) -> None:
    wanted: list[str] = []
    stage.deps.callbacks.switch = wanted.append
    async with show() as shown:
        shown.app.main.action_choose_service()
        await shown.settle()
        await shown.type("ace")
        await shown.press("enter")
        assert (wanted, shown.app.return_code) == (["acestep"], 0)


async def test_choosing_the_current_service_does_nothing(show: ShowScreen, stage: Stage) -> None:
    wanted: list[str] = []
    stage.deps.callbacks.switch = wanted.append
    async with show() as shown:
        shown.app.main.action_choose_service()
        await shown.settle()
        await shown.type("studio")
        await shown.press("enter")
        assert wanted == []
        assert shown.app.is_running


async def test_a_sketch_is_repeated_with_another_service_by_one_key(show: ShowScreen, stage: Stage) -> None:
    done = stage.done("calm piano", "Harbour Lights", 182, 84, "F", "soul")
    async with show() as shown:
        await shown.press("escape", "W")
        await shown.settle()
        await shown.type("ace")
        await shown.press("enter")
        made = next(job for job in shown.jobs if job.id != done.id)
        assert (made.service, made.parent, made.prompt) == ("acestep", done.id, "calm piano")


async def test_only_services_that_are_set_up_are_offered(show: ShowScreen, stage: Stage) -> None:
    stage.done("calm piano", "Harbour Lights", 182, 84, "F", "soul")
    there = ["studio", "acestep"]
    stage.deps.callbacks.is_set_up = there.__contains__
    async with show() as shown:
        await shown.press("escape", "W")
        await shown.settle()
        assert "ACE-Step" in shown.text()
        assert "Flow Music" not in shown.text()
        await shown.press("escape")
        there.remove("acestep")
        await shown.press("W")
        await shown.settle()
        assert "No other service is set up" in shown.text()


async def test_values_in_a_prompt_are_not_shown_as_locks(show: ShowScreen, stage: Stage) -> None:
    done = stage.done("calm piano, 90 bpm", "Harbour Lights", 182, 84, "F", "soul")
    fields = Options(extra=(("tempo", "90"), ("key", "C minor"), ("meter", "3/4"), ("steps", "12")))
    stage.store.add([NewJob(done.prompt, fields, "acestep", "r", "b")])
    async with show(200, 50) as shown:
        await shown.press("escape", "home", "enter")
        assert "sent as tempo 90, key C minor, meter 3/4, steps 12" in shown.words()
        assert "locked" not in shown.words()


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 50)])
async def test_sketches_of_a_matrix_are_repeated_with_another_service_and_compared(
    show: ShowScreen, stage: Stage, size: tuple[int, int]
) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    async with show(*size) as shown:
        await shown.type("calm piano, {90|120} bpm, {C major|A minor}")
        await shown.press("ctrl+j")
        for job in shown.jobs:
            _finish(stage, job)
        await shown.press("escape", "M", "plus", "down", "right", "plus", "W")
        await shown.settle()
        await shown.press("enter")
        made = [job for job in shown.jobs if job.service == "acestep"]
        kept = [job for job in shown.jobs if job.verdict == "keep"]
        assert len(kept) == 2
        assert [(job.parent, job.prompt) for job in made] == [(job.id, job.prompt) for job in kept]
        assert {dict(job.options.extra)["tempo"] for job in made} == {"90", "120"}
        assert len({job.batch for job in made}) == 1, "they are a separate table"
        for job in made:
            _finish(stage, job)
        await shown.press("escape")
        shown.app.model.list.select(made[0].id)
        await shown.press("v")
        assert _pair(shown) == [kept[0].id, made[0].id], "the sketch beside the song"
        if size[0] > 40:
            assert "service studio → acestep" in shown.words()
            assert "fields – → tempo" in shown.words()
        await shown.press("escape")
        shown.app.model.list.select(made[0].id)
        await shown.press("M", "space", "down", "right", "space", "v")
        assert _pair(shown) == [job.id for job in made]


def _pair(shown: Shown) -> list[int]:
    assert isinstance(shown.app.screen, CompareScreen)
    return shown.app.screen.pair


def _finish(stage: Stage, job: Job) -> None:
    """Finish a job, with the plan that its prompt states."""
    stage.songs.mkdir(exist_ok=True)
    file = stage.songs / f"{job.id}.wav"
    file.write_bytes(tone())
    for step in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
        stage.store.update(job.id, step, step.value, duration_s=10.0, file=str(file))
    bpm = 90.0 if "90" in job.prompt else 120.0
    stage.store.put_song(Song(job.id, plan={"plan": {"bpm": bpm, "key": "C", "mode": "major", "seed": job.id}}))


async def test_a_services_own_options_are_set_by_keys(show: ShowScreen, ace: Stage) -> None:
    async with show(200, 50) as shown:
        await shown.type("calm piano")
        await shown.press("ctrl+t", "f")
        await shown.settle()
        await shown.type("tempo")
        await shown.press("enter")
        await shown.type("96")
        await shown.press("enter")
        assert "tempo 96" in shown.text()
        await shown.press("f")
        await shown.settle()
        await shown.type("meter")
        await shown.press("enter")
        await shown.type("3/4")
        await shown.press("enter")
        await shown.press("f")
        await shown.settle()
        await shown.type("tempo")
        await shown.press("enter")
        await shown.press("end", *["backspace"] * 2, "9", "enter")
        assert "tempo must be a number (30 to 300), not '9'" in shown.text()
        await shown.press("escape", "ctrl+j")
        (job,) = shown.jobs
        assert job.options.extra == (("tempo", "96"), ("meter", "3/4"))


async def test_a_prompt_in_the_editor_may_name_its_service(show: ShowScreen, stage: Stage) -> None:
    too: list[str] = []
    stage.deps.dispatcher.dispatch_too = too.append
    async with show() as shown:
        await shown.type("slow rain, {90|120} bpm @acestep")
        assert "@acestep · instrumental without lyrics" in shown.text()
        await shown.press("ctrl+j")
        assert [(job.service, job.prompt) for job in shown.jobs] == [
            ("acestep", "slow rain, 90 bpm"),
            ("acestep", "slow rain, 120 bpm"),
        ]
        assert too == ["acestep"]
        await shown.press("ctrl+n")
        await shown.type("slow rain")
        assert "@acestep" not in shown.text().partition("Jobs")[0]


async def test_an_unknown_service_is_refused_with_a_suggestion(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.type("slow rain @acestp")
        assert "unknown service @acestp. Did you mean @acestep?" in shown.words()
        await shown.press("ctrl+j")
        assert shown.jobs == []
        assert "Unknown service @acestp. Did you mean @acestep?" in shown.words()
        await shown.press("escape", "ctrl+n")
        await shown.type("slow rain @xyz")
        assert "unknown service @xyz · " in shown.words()


async def test_a_queued_job_of_another_service_is_edited_in_place(show: ShowScreen, stage: Stage) -> None:
    (job,) = stage.deps.job_commands.submit([Prompt("hello @bob", None, "acestep")], Options())
    async with show() as shown:
        await shown.press("escape", "e")
        assert shown.app.main.text == r"hello \@bob @acestep"
        assert f"edits job {job.id}" in shown.text()
        await shown.press(*["backspace"] * len(" @acestep"))
        assert f"1 song replaces job {job.id}" in shown.text()
        await shown.type(" @acestep")
        await shown.press("home")
        await shown.type("oh ")
        await shown.press("ctrl+j")
        assert [(one.id, one.service, one.prompt) for one in shown.jobs] == [(job.id, "acestep", "oh hello @bob")]


async def test_jobs_of_another_service_show_progress_and_reasons_to_wait(show: ShowScreen, stage: Stage) -> None:
    first, _ = stage.deps.job_commands.submit([Prompt(word, None, "acestep") for word in ("one", "two")], Options())
    stage.store.put_accounts("acestep", [Account("acestep", "box:8001", 2, seen_at=NOON)])
    for step in (Status.SENDING, Status.MAKING):
        stage.store.update(
            first.id, step, step.value, account="box:8001", remote_id="x@box:8001", accepted_at=NOON - 42
        )
    stage.deps.dispatcher.progress = {first.id: 0.66}.get
    stage.store.put_gate(Gate("acestep", "box:8001", WaitCause.WARMING, NOON - 30))
    async with show(120, 40) as shown:
        assert "0:42" in _row(shown, "one")
        assert "loading" in _row(shown, "two")
        assert "0:30" in _row(shown, "two")
        assert shown.app.model.share(stage.store.job(first.id)) == 0.66
        stage.deps.dispatcher.progress = lambda _: None
        assert shown.app.model.share(stage.store.job(first.id)) is None, "durations at that service are unknown"
        stage.store.add_time("acestep", 84.0)
        stage.store.put_accounts("acestep", [Account("acestep", "box:8001", 2, seen_at=NOON + 1)])
        await shown.settle()
        assert shown.app.model.share(stage.store.job(first.id)) == 0.5
        shown.app.model.list.select(first.id)
        await shown.press("escape", "c")
        assert "Its server can't stop: it finishes the song" in shown.words()
        await shown.press("y")
        assert stage.store.job(first.id).status is Status.CANCELLED
        assert "finishes the song" in stage.store.timeline(first.id)[-1].detail


def _row(shown: Shown, prompt: str) -> str:
    return next(line for line in shown.text().splitlines() if line.rstrip(" │").endswith(f" {prompt}"))


async def test_suggestions_with_generated_lyrics_are_optional(show: ShowScreen, ace: Stage) -> None:
    ace.service.capabilities = ace.service.capabilities._replace(lyrics=True)
    extra = (("tempo", "92"), ("key", "G major"))
    ace.service.suggestion = WrittenLyrics("", "warm {folk}", extra, 120.0)
    async with show() as shown:
        await shown.type("a road home")
        await shown.press("ctrl+t", "w")
        await shown.settle()
        assert "Suggested: tempo 92 · key G major · 2:00 · warm {folk}. ^T uses that too." in shown.words()
        await shown.press("ctrl+j")
        assert (shown.app.draft.options.extra, shown.app.main.text) == ((), "a road home"), "the suggestion wasn't used"
        await shown.press("w")
        await shown.settle()
        await shown.press("ctrl+t")
        assert "Also used: tempo 92" in shown.words()
        await shown.press("ctrl+t", "ctrl+t", "ctrl+j")
        options = shown.app.draft.options
        assert (options.extra, options.length_s, options.lyrics) == (extra, 120.0, "[Verse]\na road home")
        assert shown.app.main.text == "a road home\nwarm \\{folk\\}"
        assert all(text in shown.text() for text in ("tempo 92", "key G major"))


async def test_no_suggestion_is_offered_without_one(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.type("sea")
        await shown.press("ctrl+t", "w")
        await shown.settle()
        await shown.press("ctrl+t")
        assert "Written. ^G rewrites them" in shown.words()


async def test_models_of_the_server_are_fetched_and_shown(show: ShowScreen, ace: Stage) -> None:
    edits = ace.service.capabilities.edits
    ace.service.capabilities = ace.service.capabilities._replace(edits=())
    async with show() as shown:
        assert "job.rework" in shown.app.model.availability().unsupported
        ace.service.capabilities = ace.service.capabilities._replace(models=("acestep-v15-turbo",), edits=edits)
        await shown.press("ctrl+t", "m")
        await shown.settle()
        await shown.press("enter")
        assert "acestep-v15-turbo" in shown.text()
        assert "job.rework" not in shown.app.model.availability().unsupported


# -- jobs of services that no process dispatches


async def test_a_job_that_no_process_sends_says_so_and_what_sends_it(show: ShowScreen, stage: Stage) -> None:
    sent: list[str] = []
    stage.deps.dispatcher.dispatches = sent.__contains__
    stage.store.add([NewJob("rain", Options(), "acestep", "r", "b")])
    async with show() as shown:
        assert "held not sent @acestep rain" in shown.words()
        await shown.press("escape", "enter")
        assert "no process sends it" in shown.text()
        assert "`riffusion-tui work --service acestep` sends it" in shown.words()
        await shown.press("escape")
        sent.append("acestep")
        stage.store.put_accounts("acestep", [Account("acestep", "http://box:8001", 1)])  # as that process does
        shown.app.show_changes()
        await shown.settle()
        assert "waits its turn @acestep rain" in shown.words()


async def test_a_job_whose_service_has_no_token_says_how_to_set_one(show: ShowScreen, stage: Stage) -> None:
    stage.deps.dispatcher.dispatches = lambda service: False
    ready = ["acestep"]
    stage.deps.callbacks.is_set_up = ready.__contains__
    stage.store.add([NewJob("rain", Options(), "flowmusic", "r", "b")])
    async with show() as shown:
        await shown.press("escape", "enter")
        assert "There is no token for flowmusic." in shown.text()
        assert "`riffusion-tui token set --service flowmusic` sets one" in shown.words()
        ready.append("flowmusic")
        stage.store.put_gate(Gate("flowmusic", None, WaitCause.TOKEN, NOON))
        shown.app.show_changes()
        await shown.settle()
        assert "There is no token" not in shown.text()
        assert "`riffusion-tui work --service flowmusic` sends it" in shown.words()


async def test_a_job_of_a_removed_service_and_one_held_by_the_user_keep_their_reasons(
    show: ShowScreen, stage: Stage
) -> None:
    stage.deps.dispatcher.dispatches = lambda service: False
    held, _ = stage.store.add(
        [NewJob("held", Options(), "acestep", "r", "b"), NewJob("gone", Options(), "oldservice", "s", "c")]
    )
    stage.store.update(held.id, Status.HELD, "held")
    async with show() as shown:
        assert "held by you @acestep held" in shown.words()
        assert "held not sent @oldservice gone" in shown.words()


async def test_f12_also_goes_to_the_first_job_of_each_queue_that_only_the_user_can_open(
    show: ShowScreen, stage: Stage
) -> None:
    stage.accounts()
    stage.store.put_gate(Gate("studio", FIRST, WaitCause.BROKEN, NOON))
    failed = stage.add("failed", Status.FAILED)
    pinned = [stage.add("pinned", options=Options(account=FIRST)) for _ in range(3)]
    queued = stage.add("in the queue")
    (other,) = stage.store.add([NewJob("rain", Options(), "flowmusic", "r", "b")])
    stage.store.put_gate(Gate("flowmusic", None, WaitCause.TOKEN, NOON))
    async with show() as shown:
        found = []
        shown.app.model.list.select(queued.id)
        for _ in range(4):
            await shown.press("f12")
            found.append(shown.app.model.list.selected)
        assert found[0] == failed.id, "those that the status bar counts come first"
        assert set(found[1:3]) == {pinned[0].id, other.id}
        assert found[3] == found[0]
