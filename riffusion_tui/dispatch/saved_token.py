"""What came of saving a token."""

from typing import NamedTuple


class SavedToken(NamedTuple):
    """The address that a token was saved for, and the variable, if any, whose token is used instead."""

    address: str
    overridden_by: str = ""
    needed: bool = True
    """False if the service in use takes no token."""
