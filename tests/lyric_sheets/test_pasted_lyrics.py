"""Lyrics with what surrounds them where they were copied."""

from __future__ import annotations

import time

import pytest

from riffusion_tui.lyric_sheets.chat_logs import without_messages
from riffusion_tui.lyric_sheets.lyric_files import header_in, sung_text, title_in

_SRT = (
    "1\n00:00:01,000 --> 00:00:04,000\nI walk\n\n2\n00:00:04,500 --> 00:00:08,000\n<i>You run</i>\n{\\an8}7 of us\n\n"
    "3\n00:01:15,000 --> 00:01:18,000\nWe go\n"
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (_SRT, "I walk|You run|7 of us|We go"),
        ("WEBVTT\n\n00:01.000 --> 00:04.000\nI walk\n\n00:04.500 --> 00:05.000 align:start\nYou run", "I walk|You run"),
        (
            "<b>Verse 1</b><br>\nI walk &amp; run<br/>\nIt&#39;s <3 me\n1 < 2",
            "Verse 1|I walk & run|It's <3 me|1 < 2",
        ),
        ("e|--0--2-|\nB|------|\nI walk\nwe we", "I walk|we we"),
        ("0:12 I walk\n(0:15) You run\n0:20 - We go", "I walk|You run|We go"),
        ("5:30 in the morning\nI walk\nyou run\nwe go", "5:30 in the morning|I walk|you run|we go"),
        ("I walk\nYou might also like\nYou run3Embed", "I walk|You run"),
        ("See Anna Live\nGet tickets as low as $45\nI walk\n12Embed", "I walk"),
        ("I walk\n\nWritten by Anna\n© 2024 Anna. All rights reserved.\n#blue #door", "I walk"),
        ("I walk\n\nSongwriters: Ann / Ben\nBlue lyrics © Big Music\nSource: LyricFind\n", "I walk"),
        ("I walk\n\nCapo: 2nd fret\nTuning: Standard", "I walk"),
        ("I walk\n\n******* This Lyrics is NOT for Commercial use *******\n(1409620943142)", "I walk"),
        ("I walk\n\n— Anna, 2020", "I walk"),
        ("I walk\n\n— and I run", "I walk|— and I run"),
        ("[ch]Am[/ch]    [ch]F#m7[/ch]\n[tab]I walk[/tab]", "I walk"),
        ("1. I walk\n2. You run\n\n3. We go", "I walk|You run|We go"),
        ("1  I walk\n2  You run\n3\n4\tWe go", "I walk|You run|We go"),
        ("1 I walk\n2 You run\n3 We go", "1 I walk|2 You run|3 We go"),
        ("> I walk\n> You run\n>\n> We go", "I walk|You run|We go"),
        ("- I walk\n- You run", "I walk|You run"),
        ("- I walk\nYou run\nWe go", "- I walk|You run|We go"),
        ("Here are the lyrics for your song:\n\nI walk\n\n---\n\nLet me know if you'd like any changes!", "I walk|---"),
        ("12 Contributors\nTranslations\nEspañol\nBlue Door Lyrics\n[Verse]\nI walk", "[Verse]|I walk"),
        ("1 Contributor\nBlue Door Lyrics\n“Blue Door” is a single… Read More\n[Verse]\nI walk", "[Verse]|I walk"),
        ("12 Contributors\nI walk", "I walk"),
        ("Here are the keys of my car\nI walk", "Here are the keys of my car|I walk"),
        ("I walk\n\nLet me know if you love me", "I walk|Let me know if you love me"),
        ("I walk\nWritten by the sea", "I walk|Written by the sea"),
        ("Written by the sea\nI walk", "I walk"),
        ("Anna: I walk\nBen: You run\nAnna: We go", "I walk|You run|We go"),
        ("ANNA:\nI walk\nBEN:\nYou run", "I walk|You run"),
        ("I walk\nAll: We go", "I walk|We go"),
        ("Friend: I walk\nHome: you run", "Friend: I walk|Home: you run"),
        ("she said: I walk\nshe said: you run", "she said: I walk|she said: you run"),
        ("Am  F  (x2)\nI walk\n| Am | F |\nhome\n(Am) (F)", "I walk|home"),
    ],
)
def test_only_what_is_sung_is_left(text: str, lines: str) -> None:
    assert [line for line in sung_text(text) if line] == lines.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "[10:02] Anna: I walk\n[10:03] Ben: We go\n[10:05] Anna: Come home",
        "[10:02:01] <anna> I walk\n[10:02:07] <ben> We go\n[10:02:09] ben left\n[10:05:13] <anna> Come home",
        "<anna> I walk\n<ben> We go\n<anna> Come home",
        "12/03/2024, 10:01 - Encrypted.\n12/03/2024, 10:02 - Ann B: I walk\nWe go\n12/03/2024, 10:03 - Ben: Come home",
        "1/3/2024, 10:02 - Ann B: I walk\n1/3/2024, 10:03 - Ben: <Media omitted>\nWe go\nCome home",
        "[12.03.24, 10:02:11] +49 170 12345: I walk\nWe go\n[12.03.24, 10:05:13] ~ Ben: Come home",
        "3/12/24, 10:02 PM - Anna: I walk\n3/12/24, 10:03 PM - Ben: We go\n3/12/24, 10:05 PM - Anna: Come home",
        "[10:02, 1/3/2024] Anna: I walk\n[10:03, 1/3/2024] Ben B: We go\n[10:05 PM, 3/12/2024] Anna: Come home",
        "2024-03-12 10:02:11 Anna: I walk\n2024-03-12 10:03:11 Ben: We go\n2024-03-12 10:05:13 Anna: Come home",
        "Anna  10:02 AM\nI walk\nWe go\nBen  10:03 AM\nCome home",
        "Anna — Today at 10:02 AM\nI walk\nBen — Yesterday at 9:58 PM\nWe go\nCome home",
        "Anna, [12.03.2024 10:02]\nI walk\n\nBen, [12.03.2024 10:03]\nWe go\nCome home",
        "Anna Bell March 12, 2024 10:02\nI walk\nBen 12 March 2024 10:03\nWe go\nCome home",
        "You: write me a song\nabout home\nAssistant: I walk\nWe go\nCome home",
        "**You said:** a song, please\n**ChatGPT said:**\nI walk\nWe go\nCome home\nUser: thanks",
    ],
)
def test_of_a_chat_the_words_are_sung(text: str) -> None:
    """`12/03/2024, 10:02 - Anna: I walk` was sung with its date."""
    assert [line for line in sung_text(text) if line] == ["I walk", "We go", "Come home"]


@pytest.mark.parametrize(
    "text",
    [
        "I met you at 10:02\nwe left at 10:05", "<chorus> I walk\n<chorus> We go", "You: I walk\nMe: We go",
        "[10:02] the train is late\nand I am, too", "Meet me: 10:02\nLeave me: 10:05", "<>\n<oh>\n<oh>",
        "[00:12] Chorus: we go\nI walk", "x" * 400,
    ],
)  # fmt: skip
def test_other_lines_with_times_are_no_chat(text: str) -> None:
    assert without_messages(text.split("\n")) == text.split("\n")


def test_a_pause_in_subtitles_separates_stanzas() -> None:
    assert sung_text(_SRT)[-3:] == ["7 of us", "", "We go"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("12 ContributorsBlue Door Lyrics\n[Verse]\nI walk", "Blue Door"),
        ("Blue Door Lyrics[Verse]\nI walk", "Blue Door"),
        ('"Blue Door" lyrics\nAnna Bell Lyrics\n\n"Blue Door"\n(feat. Ben)\n\n[Verse]\nI walk', "Blue Door"),
        ("Sure! Here are lyrics:\n\n**Title: Blue Door**\n\n**[Verse]**\nI walk", "Blue Door"),
        ("Here's a song about rivers:\n\n### Blue Door\n\n**Verse 1:**\nI walk", "Blue Door"),
        ("3 ContributorsTranslationsDeutschBlue Door Lyrics[Verse]\nI walk", ""),
        ("I love your Lyrics\n[Verse]\nI walk", ""),
        ("1 ContributorBlue Door\n[Verse]\nI walk", "Blue Door"),
        ("Título: Blue Door\nAutor: Ana\n\nI walk", "Blue Door"),
        ("TITLE: Blue Door\nKEY: G\n\nI walk", "Blue Door"),
        ("**Blue Door**\n\n--- Verse ---\nI walk", "Blue Door"),
        ("12 contributions to a better world\n[Verse]\nI walk", ""),
    ],
)
def test_the_title_above_pasted_lyrics(text: str, title: str) -> None:
    assert title_in(text) == title
    assert "I walk" in sung_text(text)
    assert not [line for line in sung_text(text) if title and title in line]


def test_labels_in_other_languages_are_not_sung() -> None:
    assert sung_text("作词 : Anna\n作曲：Ben\n\nI walk") == ["I walk"]
    assert header_in("Автор: Anna\nI walk") == {"автор": "Anna", "title": ""}


@pytest.mark.parametrize(
    "part",
    [
        "<b ",
        "&a",
        "0:0",
        "1:00 ",
        "A: ",
        "lyrics ",
        "#a ",
        "--",
        "e|-",
        "Embed",
        "Repeat ",
        "x2 ",
        "- ",
        "\n0:01 a",
        "\n1:00 a: ",
        "<a> ",
        "a, 1:00\n",
        "you:\nai:",
    ],
)
def test_long_pasted_texts_are_read_in_linear_time(part: str) -> None:
    begun = time.process_time()
    sung_text(part * 20_000 + ".")
    assert time.process_time() - begun < 3
