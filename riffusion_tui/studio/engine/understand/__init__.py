"""Understanding: prompt → plan. What words mean is data in `styles/`; the rules for reading them are here.

`tokens` splits the text, `explicit` and `key_signature` read figures and notation, `matching` and `spelling` find the
lexicon's phrases, `negation` and `senses` decide which of them are negated or have another sense; `mentions` collects
the result. `casts` decides whether the prompt says exactly who plays; `planning` draws from the seed what it leaves
open.
"""
