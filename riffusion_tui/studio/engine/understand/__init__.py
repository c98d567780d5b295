"""Understanding: prompt → plan. What words mean is data in `styles/`; the rules for reading them are here.

`words` splits the text and finds the lexicon's phrases in it, `figures` reads numbers and notation, and `reading`
decides which words are names, are negated or have another sense; its `mentions` collects the result. `casts` decides
whether the prompt says exactly who plays; `planning` draws from the seed what it leaves open.
"""
