"""What time is it, for files? One clock, in UTC, that ``SOURCE_DATE_EPOCH`` stops."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def now() -> datetime:
    """
    Time that outputs are marked with, UTC.

    ``SOURCE_DATE_EPOCH`` (seconds since 1970) stops the clock, so that equal inputs give equal bytes.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.strip().isdigit() else datetime.now(UTC).replace(microsecond=0)


def stamp(when: datetime) -> str:
    """As text: ``2024-12-31T08:00:00Z``."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
