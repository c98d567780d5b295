"""Understanding: prompt → plan. What words mean is data in `styles/`; the rules for reading them are here.

`words` splits the text and finds the lexicon's phrases in it, `figures` reads numbers and notation, and `reading`
decides which words are names, are negated or have another sense; its `read_prompt` collects the result. From these,
`singers`, `timing`, `instruments`, `casts`, `form` and `genres` read what the prompt says of each part of a plan, and
`limits` what the song can't keep of it. `planning` draws the rest from the seed.
"""
