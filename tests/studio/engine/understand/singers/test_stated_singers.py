"""A singer that the prompt states wins over the people of the song's story."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_DUETS = "The studio has one singer or a choir; it can't sing duets."


@pytest.mark.parametrize(
    ("prompt", "singer"),
    [
        ("lady in red, sung by a man", "male"),
        ("lady in red, male singer", "male"),
        ("the man who sold the world, female vocals", "female"),
        ("I am a man, sung by a woman, soul", "female"),
        ("he broke her heart, pop sung by a woman", "female"),
        ("a choir boy nicknamed Choirboy, blues with male singer", "male"),
        ("song about a man, female voice", "female"),
        ("a woman left me, male vocalist, blues", "male"),
        ("pretty woman, male voice", "male"),
        ("boys don't cry, indie with female singer", "female"),
        ("my father's hands, sung by a female singer", "female"),
        ("girl from the north country, folk, male vocals", "male"),
        ("a king and his queen, female singer", "female"),
        ("a song about my brother and his wife, female vocals", "female"),
        ("mother and daughter, country, baritone", "male"),
        ("woman singing about a man", "female"),
        ("man singing about his mother", "male"),
        ("Billie Jean is not my lover, pop by a male singer", "male"),
        ("a man's world sung by a woman", "female"),
        ("sung by a man about a woman", "male"),
        ("female vocals, he broke my heart", "female"),
        ("children's choir singing about a man", "children"),
        ("a choir sings about a woman", "choir"),
        ("a cappella choir singing about women", "choir"),
        ("a cappella choir, about a woman", "choir"),
        ("a child sings about his mother", "child"),
        ("female singer with a choir of men", "female"),
        ("gospel choir, piano, female soloist", "female"),
        ("singer with guitar and a choir", "any"),
        ("choir with a soloist", "any"),
        ("violin soloist and choir", "choir"),
        ("gospel choir singer", "choir"),
        ("only voices. georgian mountain men, three part polyphony", "choir"),
        ("a lonely cowboy sings to the moon, acoustic guitar", "male"),
        ("folk song everyone can sing along to, guitar", "any"),
        ("lullaby for my daughter, sung by her father", "male"),
        ("sung by Anna, a woman", "female"),
        ("love song for a man with female lead vocals", "female"),
        ("male vocals, female backing vocals", "male"),
        ("choir boy blues, male singer", "male"),
        ("boys choir", "children"),
        ("boys choir, male lead vocals", "male"),
        ("a man singing to a woman", "male"),
        ("a woman with a deep voice, her man is gone", "female"),
        ("rap, male", "male"),
        ("voz suave feminina, pop", "female"),
        ("voce calda maschile, pop", "male"),
        ("josei vocal, hayai, rock", "female"),
        ("no singing, just rap", "any"),
        ("pop, mail voice", "male"),
        ("reggae, gurl singer", "female"),
        ("female, pop", "female"),
        ("breathy woman, about a boy", "female"),
        ("a guy and his banjo", "male"),
        ("song sung by a woman to her husband", "female"),
        ("gospel, man preaching, sister in law left, male vocal", "male"),
        ("the boy is mine, r&b, sultry female voice", "female"),
        ("voice of an old man", "male"),
        ("queen of hearts, female lead", "female"),
        ("woman crying in the rain, female ballad singer", "female"),
        ("she left me, sung by a heartbroken cowboy man", "male"),
        ("vocals: female; story: a man walks home", "female"),
        ("vocals: male. The lyrics are about a woman", "male"),
        ("a woman with a deep voice", "female"),
        ("woman with a baritone voice, jazz", "female"),
        ("a man with a high voice", "male"),
        ("sung by a woman, a man walks away", "female"),
        ("children's choir, male singer", "male"),
        ("sung by a children's choir", "children"),
        ("little girl vocals", "child"),
        ("man rapping", "male"),
        ("male vocals and choir", "male"),
        ("a woman singing with her husband on guitar", "female"),
        ("guy singing about girls", "male"),
        ("love song to a woman, male tenor", "male"),
        ("cowboy falls for a girl, sung from her perspective", "female"),
        ("1920s style blues woman, barrelhouse piano, double entendres", "female"),
        ("gritty soul brother with a hammond organ", "male"),
        ("gospel mama, organ, choir behind her", "female"),
        ("trap queen, dark piano", "female"),
        ("gospel with a big mama lead singer", "female"),
        ("yodeling cowgirl, acoustic guitar", "female"),
        ("a country girl song, sung by a man", "male"),
        ("shieldmaiden singing, nordic drums", "female"),
        ("elderly man talking over ambient pads", "male"),
        ("barbershop, women", "female"),
        ("barbershop, sung by women", "female"),
        ("barbershop quartet with a woman singing lead", "female"),
        ("barbershop quartet about a woman", "male"),
        ("piano man, saloon", "male"),
        ("norteno polka accordion", "male"),
    ],
)
def test_a_stated_singer_wins_over_other_people(prompt: str, singer: str) -> None:
    made = plan(Request(prompt))
    assert (made.vocals, _DUETS in made.limits) == (singer, False)


@pytest.mark.parametrize(
    "prompt",
    [
        "sung by a man and a woman",
        "male and female vocals",
        "duet of a man and a woman",
        "a man sings the verses and a woman sings the chorus",
        "male vocals in verse, female vocals in chorus",
        "she sings, he raps",
        "two singers, a man and a woman, acoustic guitar",
        "Liebeslied, Duett Mann und Frau",
        "boy girl duet, indie pop",
        "male singer, then a woman sings the chorus",
        "sung by a young man and an old woman",
        "vocals by a woman with a man",
        "male, female, pop duet",
        "a husband and wife duo",
        "sung by a man and a woman, folk",
        "deep male voice and angelic female voice",
        "vocals: male and female",
        "verse sung by man, chorus sung by woman",
        "A woman and a man sing together in harmony",
        "Eurodance, female chorus, male rap verse",
    ],
)
def test_two_stated_singers_are_a_duet(prompt: str) -> None:
    made = plan(Request(prompt))
    assert (made.vocals, _DUETS in made.limits) == ("any", True)


@pytest.mark.parametrize(
    ("prompt", "singer"),
    [
        ("song about a country girl, male singer", "male"),
        ("barrelhouse piano, 1920s, double entendres", "any"),
        ("instrumental for a jazz lady, piano", "none"),
        ("lofi girl", "none"),
    ],
)
def test_a_person_of_a_style_sings_only_if_somebody_does(prompt: str, singer: str) -> None:
    assert plan(Request(prompt)).vocals == singer
