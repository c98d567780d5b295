"""Names of a song's sections in the languages of typed lyrics, and the words beside them."""

from __future__ import annotations

import re

NAMES = {
    "verse": """
verse, vers, verso, strophe, strofa, estrofa, estrofe, strofă, strofo, couplet, zwrotka, sloka, sloha,
versszak, säkeistö, salm, posmas, erindi, куплет, строфа, κουπλέ, στροφή, aメロ, 主歌, 벌스, phiên khúc, अंतरा,
antara""",
    "chorus": """
chorus, refrain, hook, coro, estribillo, ritornello, refrão, refrao, kehrreim, refrein, refren, refrenul,
refrén, refräng, refreng, refrään, omkvæd, kertosäe, tornada, piedziedājums, priedainis, viðlag, rekantaĵo,
nakarat, припев, прыпеў, приспів, рефрен, ρεφρέν, επωδός, サビ, 大サビ, ラスサビ, 落ちサビ, 副歌, 후렴, 후렴구,
코러스, điệp khúc, मुखड़ा, mukhda, कोरस, 重复副歌, 重複副歌, คอรัส, ท่อนฮุก, פזמון, كورس, اللازمة""",
    "postchorus": "postchorus, postrefrain, postcoro, postestribillo",
    "prechorus": """
prechorus, prerefrain, prérefrain, préchorus, precoro, preestribillo, prérefrão, prerefrão, prerefrao,
preritornello, vorrefrain, prerefrein, przedrefren, prerefren, předrefrén, predrefrén, förrefräng, esikertosäe,
ön nakarat, предприпев, препрыпеў, препрыпев, преприпев, передприспів, προρεφρέν, bメロ, 导歌, 導歌, 预副歌,
預副歌, 프리코러스, tiền điệp khúc""",
    "bridge": """
bridge, middle eight, c-part, c-teil, puente, ponte, pont, brücke, brygga, mostek, väliosa, köprü, бридж, γέφυρα, cメロ,
桥段, 橋段, 브릿지, 브리지""",
    "intro": """
intro, introducción, introdução, introduzione, introducció, einleitung, vorspiel, voorspel, förspel, forspil,
forspill, předehra, predohra, alkusoitto, вступление, вступ, интро, εισαγωγή, イントロ, 前奏, 인트로""",
    "ending": """
outro, coda, epílogo, nachspiel, naspel, slotspel, zakończenie, dohra, loppusoitto, аутро, кода, кінцівка,
концовка, アウトロ, 尾奏, 后奏, 後奏, 아웃트로""",
    "solo": """
instrumental, pont musical, puente musical, gitarrensolo, guitarra solo, solo de guitarra, zwischenspiel,
tussenspel, mellanspel, mellemspil, mellomspill, mezihra, medzihra, välisoitto, solówka, проигрыш, програш,
соло, interludio, interlúdio, intermezzo, intermède, 間奏, 间奏, 간주""",
    "breakdown": "breakdown, interlude",
}
"""Names by kind of section; a line that has only such a name is a heading."""
WORDS = {
    "verse": """
rap, rap part, verses, stanza, part, parte, teil, str, zwr, vrs, coupl, estr, 番, 절, 段, בית, مقطع, bölüm, bent, bait,
lời, ท่อน""",
    "chorus": "refrán, ref, reff, refr, rit, chor, ฮุก, 훅",
    "postchorus": "vamp",
    "prechorus": "build, buildup, build up",
    "bridge": "middle, przejście, brug, bro, br, stick, мост, גשר",
    "intro": "wstęp, giriş, entrada, introduction, prologue, prólogo",
    "ending": """
fade out, fadeout, big finish, ending, end, tag, final, finale, finał, schluss, slut, slot, fin, fine, fim,
koniec, конец, финал, çıkış, epilogue, эпилог""",
    "solo": "solo, música, musik, music break, piano break, guitar break",
    "drop": "drop",
    "breakdown": "break",
}
"""Names that are also words of songs: headings with a number, a colon or signs around them."""
ABBREVIATIONS = "ref, refr, rit, str, zwr, chor, vrs, coupl, estr, br"
"""Those that are headings with a full stop."""
LETTERS = {"verse": "v", "chorus": "c, ch", "prechorus": "pc", "bridge": "b, br"}
"""The same in one or two letters: headings with a number or a colon."""
ORDINALS = """
first, second, third, fourth, fifth, 1st, 2nd, 3rd, primera, segunda, tercera, primer, segundo, tercer,
primeira, terceira, primo, prima, seconda, secondo, terza, terzo, première, premier, deuxième, troisième,
second, erste, erster, zweite, zweiter, dritte, dritter, vierte, eerste, tweede, derde, första, andra, tredje,
første, anden, andre, первый, второй, третий, четвёртый, перший, другий, третій, pierwsza, druga, trzecia,
pierwszy, drugi, trzeci, první, druhá, třetí, birinci, ikinci, üçüncü, st, nd, rd, th, er, ère, ere, re, e,
ème, eme, ième, o, a, й, я, ый, ая, º, ª, te, ter, de, ste"""
"""Words for a section's place, and what follows its number: `1st`, `1ère`, `2-й`."""
NUMBERS = """
one, two, three, four, five, six, i, ii, iii, iv, v, vi, eins, zwei, drei, vier, un, une, deux, trois, quatre,
uno, dos, tres, cuatro, due, tre, quattro, um, dois, três, quatro, en, två, fyra, to, fire, een, twee, drie,
один, два, три, jeden, dwa, trzy, dva, tři, bir, iki, üç, no, nr, n"""
"""Words and Roman numerals for a section's number."""
QUALIFIERS = """
final, last, repeat, double, half, big, alternate, alt, another, next, letzter, letzte, último, última, ultimo,
ultima, dernier, dernière, laatste, sista, siste, sidste, последний, останній, ostatni, ostatnia, poslední,
son"""
"""What else precedes a section's name: `Last Chorus`."""
RETURNS = """
again, repeats, repeated, reprise, back, to, au, al, ao, zum, wiederholung, wiederholen, repite, repetir,
ripete, répété, répéter, повтор, повторяется"""
"""Words beside the name of a section that is sung again."""
ARTICLES = "the, el, la, le, il, lo, o, os, der, die, das, den, de, het, se, au, al, ao"
"""Words between these and the name."""
SOUND = frozenset((
    "acoustic", "bass", "beat", "bpm", "choir", "drop", "drum", "drums", "enters", "fade", "fades", "guitar",
    "guitars", "horns", "instrumental", "key", "minor", "organ", "pad", "pads", "percussion", "piano", "riff", "sax",
    "solo", "strings", "synth", "synths", "tempo", "trumpet", "violin", "vocal", "vocals",
))  # fmt: skip
"""Words in a description of a section, below its name."""
STYLES = frozenset((
    "acoustic", "ballad", "bluegrass", "blues", "bossa", "classical", "country", "disco", "edm", "electronic", "folk",
    "funk", "gospel", "grunge", "hiphop", "hop", "house", "indie", "jazz", "kpop", "latin", "lofi", "lullaby", "metal",
    "pop", "punk", "ranchera", "rap", "reggae", "reggaeton", "rnb", "rock", "salsa", "schlager", "shanty", "ska",
    "soul", "swing", "techno", "trance", "trap", "waltz",
))  # fmt: skip
"""Words that name the style of a song."""
ROLES = frozenset((
    "all", "and", "backing", "band", "both", "boy", "boys", "choir", "crowd", "duet", "everybody", "everyone",
    "falsetto", "female", "girl", "girls", "group", "her", "him", "lead", "loudly", "male", "man", "men", "quietly",
    "rap", "rapped", "screamed", "shouted", "singer", "singers", "softly", "solo", "spoken", "sung", "together",
    "vocal", "vocals", "voice", "voices", "whisper", "whispered", "with", "woman", "women",
))  # fmt: skip
"""Words that say who sings a section, or how, after its name."""
PERSONS = frozenset((
    "i", "i'm", "i'll", "i've", "i'd", "me", "my", "mine", "you", "you're", "you'll", "your", "we", "we're", "we'll",
    "us", "our", "let's", "oh", "la", "na", "yeah", "je", "moi", "tu", "toi", "nous", "ich", "mich", "du", "dich",
    "wir", "yo", "te", "mi", "mí", "io", "noi", "eu", "você",
))  # fmt: skip
"""Words of those who sing, rarely of those who describe a song."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def describes_sound(text: str) -> bool:
    """Whether a text has a word that describes how music sounds."""
    return not SOUND.isdisjoint(WORD.findall(text.lower()))
