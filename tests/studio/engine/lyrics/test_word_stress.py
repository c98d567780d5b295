"""Which syllable of a word is stressed, and where words are divided, in each language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.tunes.text_setting import weakness
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics.syllables import sing, split
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_LANGUAGES = sorted(read_data("letters.toml"))

_STRESSED = {
    "es": """can-CIÓN co-ra-ZÓN ÁR-bol LÁ-gri-mas vol-ve-RÁN tam-BIÉN RÍ-o LU-na can-TA-mos JO-ven a-MI-gos ciu-DAD
        fe-LIZ co-MER es-TOY """,
    "pt": """vo-CÊ co-ra-ÇÃO MÚ-si-ca ÓR-gão tam-BÉM a-ma-NHÃ nin-GUÉM sau-DA-de JO-vem HO-mens can-TEI fa-LOU a-ZUL
        fe-LIZ a-QUI ja-NE-la""",
    "it": """cit-TÀ per-CHÉ li-ber-TÀ a-MO-re can-TA-re do-MA-ni A-ni-ma LA-cri-me MU-si-ca bel-LIS-si-mo
        pos-SI-bi-le""",
    "de": "LIE-be ver-LIE-ben ge-LIEBT ver-GES-sen be-KANNT GE-ben GES-tern ER-de er-ZÄH-len stu-die-REN",
    "la": "DÓ-mi-ne GLO-ri-a GRA-ti-a cre-Á-tor SAE-cu-lum MUN-di",
    "nl": "ver-LO-ren ge-LUK BE-ter LE-ven",
    "en": """gui-TAR hel-LO um-BREL-la to-MOR-row  RIV-er be-LIEVE  JAN-u-ar-y bal-LOON
        cig-a-RETTE good-BYE""",
    "pl": "ko-CHA-nie MI-łość",
    "tr": "kal-BIM yıl-dız-LAR",
}  # fmt: skip
"""Words with the stressed syllable in capitals."""


def _shown(word: str, language: str) -> str:
    found = sing(word, language).syllables
    return "-".join(s.text.upper() if s.stressed else s.text.lower() for s in found)


@pytest.mark.parametrize(
    ("language", "word"), [(code, word) for code, words in _STRESSED.items() for word in words.split()]
)
def test_a_word_is_stressed_as_its_language_does(language: str, word: str) -> None:
    plain = word.replace("-", "").lower()
    assert _shown(plain, language).replace("-", "") == word.replace("-", "")


def test_small_words_have_no_stress_and_nouns_among_them_have() -> None:
    shown = {
        "es": "a la LUZ del MAR", "de": "die NACHT im HERZ", "la": "in TER-ra PAX",
    }  # fmt: skip
    for language, text in shown.items():
        found = sing(text.replace("-", "").lower(), language).syllables
        assert " ".join(s.text.upper() if s.stressed else s.text for s in found) == text.replace("-", " ")


_DIVIDED = {
    "en": """mon-ster sig-nal strength de-stroy mis-tress in-stead con-struct ques-tion whis-per is-land
        se-cret re-gret sing-ing ask-ing kiss-ing fall-ing run-ning sit-ting trem-bling dar-ling light-ning wish-es
        start-ed teach-er ex-act tax-i nee-dle ket-tle ap-ple bot-tom an-gry fin-ger ob-sta-cle in-dus-try
        noth-ing play-er law-yer be-yond""",
    "es": """pe-rro ca-lle no-che gue-rra trans-por-te abs-trac-to obs-tá-cu-lo es-tre-lla sig-no ac-ción al-re-de-dor
        siem-pre""",
    "pt": "nin-guém a-qui ma-nhã fi-lho car-ro pas-so es-tre-la nas-cer",
    "it": """so-gno ba-gno not-te mo-stro fi-ne-stra co-strui-re ac-qua fi-glio la-scia ba-cio oc-chi pe-sce piog-gia
        del-l'a-ni-ma""",
    "de": """ges-tern Fens-ter wün-schen Was-ser ba-cken Herbs-te Knos-pe Städ-te Kat-ze ver-ste-hen ge-hen
        be-schrei-ben ent-span-nen""",
    "fr": "châ-teau chan-ter es-pé-rer é-toile ins-ti-tut",
    "nl": "vrien-den wach-ten bak-ken zin-gen mees-ter ge-spro-ken",
    "pl": "szczę-ście przy-ja-ciel oj-czy-zna mi-łość",
    "sv": "stjär-na hjär-tat män-nis-kor för-står",
    "la": "a-gnus san-ctus o-mnes no-ster gra-ti-a",
    "id": "la-ngit bin-tang tung-gal",
    "tr": "is-tan-bul",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "word"), [(code, word) for code, words in _DIVIDED.items() for word in words.split()]
)
def test_a_word_is_divided_as_its_language_does(language: str, word: str) -> None:
    assert "-".join(split(word.replace("-", ""), language)) == word


_LETTERS = "abcdefghijklmnopqrstuvwxyzáàâãäåçéèêíìñóòôõöøúùüßœæłśżąęğışČÑ'’"


@pytest.mark.parametrize("language", _LANGUAGES)
@given(
    word=st.text(
        st.sampled_from("abcdefghijklmnopqrstuvwxyzáàâãäåçéèêíìñóòôõöøúùüßœæłśżąęğışČÑ'’"), min_size=1, max_size=24
    )
)
@settings(max_examples=150, deadline=None)
def test_the_syllables_of_any_word_make_the_word(language: str, word: str) -> None:
    parts = split(word, language)
    assert "".join(parts) == word
    assert all(parts)
    sung = "".join(one.text for one in sing(word, language).syllables)
    assert [c for c in sung if c.isalpha()] == [c for c in word if c.isalpha()]


def test_each_syllable_has_one_note() -> None:
    words = "[Verse]\nLa canción del corazón\nNo la canta la estrella\n\n[Chorus]\nTransporte de lágrimas"
    score = compose(plan(Request("pop, in Spanish", seed=1, length_s=60.0, lyrics=words)), lyrics=words)
    sung = [n.syllable for t in score.tracks if t.role == "vocal" for n in sorted(t.notes, key=lambda n: n.start)]
    assert all(sung)
    assert "".join(sung[:7]).replace("-", "") == "Lacancióndelcorazón"
    assert sung[:8] == ["La", "can-", "ción", "del", "co-", "ra-", "zón", "No"]


_VERSES = {
    "Spanish": "Corazón de la canción\nAdiós, adiós, mi ilusión\nTambién está la emoción\nVolverá con el jardín",
    "Italian": "La città perché non sa\nSerenità, la verità\nCosì però ti perderò\nE di qui la libertà",
    "Portuguese": "Coração, a solidão\nVocê virá de manhã\nTambém será de verdade\nA ilusão da multidão",
}
_ACCENTS = set("áéíóúàèìòùãâêô")


@pytest.mark.parametrize("language", _VERSES)
def test_accented_syllables_fall_on_stronger_beats_than_the_others_of_their_words(language: str) -> None:
    strong: list[int] = []
    weak: list[int] = []
    words = f"[Verse]\n{_VERSES[language]}"
    for genre in ("pop", "ballad", "rock"):
        for seed in range(6):
            request = Request(f"{genre} in {language}, 4/4", seed=seed, length_s=40.0, lyrics=words)
            score = compose(plan(request), lyrics=words)
            for note in (n for t in score.tracks if t.role == "vocal" for n in t.notes):
                beat = weakness((4, 4), round(note.start * 4) / 4)
                if _ACCENTS & set(note.syllable):
                    strong.append(beat)
                elif note.syllable.endswith("-"):
                    weak.append(beat)
    assert sum(strong) / len(strong) < sum(weak) / len(weak)
