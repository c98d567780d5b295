"""The result of saving a token."""

from typing import NamedTuple


class SavedToken(NamedTuple):
    """The address for which a token was saved, and the environment variable that overrides it, if any."""

    address: str
    overridden_by: str = ""
    needed: bool = True
    """False if the service needs no token."""
