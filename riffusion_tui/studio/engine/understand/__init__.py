"""Understanding: prompt → plan. What words mean is data in `styles/`; the rules for reading them are here.

`words` splits the text and finds the lexicon's phrases in it, `figures` reads numbers and notation, and `reading`
decides which words are names, are negated or have another sense; its `read_prompt` collects the result. From these,
`singers`, `timing`, `instruments`, `casts`, `form` and `genres` read what the prompt says of each part of a plan, and
`limits` what the song can't keep of it. `planning` draws the rest from the seed.

Arguments mean the same everywhere: `tokens` are the prompt's words, `matches` the lexicon's phrases in it, and
`mentions` what these mean, in order; `requested` are the instruments that it names; `genre`, `meter` and `cast` are the
plan's, and `genre` is None while that isn't known.
"""
