"""Understanding: prompt → plan. What words mean lies in `styles/`; the rules for reading them lie here.

`words` splits, `explicit` and `keys` read figures and notation, `matching` and `spelling` find the lexicon's phrases,
`scope` and `senses` say which of them are negated or meant otherwise; `reading` gathers it; `planning` draws what is
left open.
"""
