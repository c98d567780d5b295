"""The wait that a 429 requests in its header or body, in any form."""

from __future__ import annotations

import pytest

from riffusion_tui.services import base
from tests.services.kit import answering, request
from tests.services.raw import reply


@pytest.mark.parametrize(
    ("header", "body", "seconds"),
    [
        ("17", {}, 17.0),
        ("0", {}, 0.0),
        ("-5", {}, 0.0),
        ("1e9", {}, 1e9),
        ("Thu, 01 Jan 1970 00:16:50 GMT", {}, 10.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", {}, 0.0),
        ("soon", {}, None),
        ("nan", {}, None),
        ("", {}, None),
        ("soon", {"retryAfter": "1970-01-01T00:17:00Z"}, 20.0),
        ("", {"retryAfter": "1970-01-01T00:16:00"}, 0.0),
        ("", {"retryAfter": "1970-01-01T00:17:00.500+00:00"}, 20.5),
        ("", {"retryAfter": 12}, 12.0),
        ("", {"retryAfter": 1_000_000_000_000}, 999_999_000.0),
        ("", {"retryAfter": "tomorrow"}, None),
        ("", {"retryAfter": ["x"]}, None),
        ("Fri, 31 Dec 99999 00:00:00 GMT", {}, None),
    ],
)
async def test_the_wait_is_read_from_header_or_body(
    header: str, body: dict[str, object], seconds: float | None
) -> None:
    class Clock:
        def now(self) -> float:
            return 1000.0

        def steady(self) -> float:
            return 0.0

        async def sleep(self, seconds: float) -> None: ...

    answer = reply(429, {"detail": "Too Many Requests", **body}, Retry_After=header)
    async with answering(answer, clock=Clock()) as (service, _):
        with pytest.raises(base.UpstreamLimited) as caught:
            await service.create(request())
    assert caught.value.retry_after_s == seconds
