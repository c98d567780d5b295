"""The wait that a 429 requests in its header or body, in any form."""

from __future__ import annotations

import pytest

from riffusion_tui.services import base
from tests.services.kit import answering, request
from tests.services.raw import reply


class Clock:
    """Sixteen minutes and forty seconds after the epoch."""

    def now(self) -> float:
        return 1000.0

    def steady(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None: ...


@pytest.mark.parametrize(
    ("header", "body", "seconds"),
    [
        ("17", {}, 17.0),
        ("0", {}, 0.0),
        ("-5", {}, 0.0),
        ("1e9", {}, 1e9),
        ("99999999999999999999", {}, 2.0**64),
        ("inf", {}, 2.0**64),
        ("-inf", {}, 0.0),
        ("1e999", {"retryAfter": 5}, 2.0**64),
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
    answer = reply(429, {"detail": "Too Many Requests", **body}, Retry_After=header)
    async with answering(answer, clock=Clock()) as (service, _):
        with pytest.raises(base.UpstreamLimited) as caught:
            await service.create(request())
    assert caught.value.retry_after_s == seconds


@pytest.mark.parametrize(
    ("date", "header", "body", "seconds"),
    [
        ("Thu, 01 Jan 1970 03:16:40 GMT", "Thu, 01 Jan 1970 03:16:57 GMT", {}, 17.0),
        ("Thu, 01 Jan 1970 03:16:40 GMT", "", {"retryAfter": "1970-01-01T03:17:00Z"}, 20.0),
        ("Thu, 01 Jan 1970 03:16:40 GMT", "17", {}, 17.0),
        ("soon", "Thu, 01 Jan 1970 00:16:50 GMT", {}, 10.0),
    ],
)
async def test_a_time_is_read_by_the_clock_of_the_service(
    date: str, header: str, body: dict[str, object], seconds: float
) -> None:
    answer = reply(429, {"detail": "Too Many Requests", **body}, Retry_After=header, Date=date)
    async with answering(answer, clock=Clock()) as (service, _):
        with pytest.raises(base.UpstreamLimited) as caught:
            await service.create(request())
    assert caught.value.retry_after_s == seconds
