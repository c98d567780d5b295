"""The pages of `riffusion-tui help TOPIC`: one Markdown file each, linked from the README."""
