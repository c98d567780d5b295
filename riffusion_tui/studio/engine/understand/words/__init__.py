"""The words of a prompt: tokens, the lexicon, its matches, spelling, languages and scripts."""
