"""Why jobs wait, in the words that a countdown and the accounts screen share."""

WAIT_CAUSES: dict[str, object] = {
    "upstream": "the service is rate limiting",
    "offline": "no connection",
    "unavailable": "the service is unavailable",
    "token": "token rejected (401)",
    "credits": "no credits",
    "outdated": "riffusion-tui needs an update",
    "paused": "paused",
    "user": "held",
    "turn": "waiting",
    "fault": "the service is failing",
    "disk": "songs can't be written",
    "unreadable": "the service's responses can't be read",
    "warming": "loading the model",
    "processor": "all processors are busy",
}
