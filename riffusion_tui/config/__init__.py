"""Settings as dataclasses, TOML in and out, folders, secrets. A wrong key or value is told what was meant."""
