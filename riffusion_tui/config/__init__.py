"""Settings as dataclasses, TOML in and out, folders, secrets. Documented keys only; a wrong one is told what was meant."""
