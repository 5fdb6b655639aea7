"""Which values are a person's, and how are they kept out of messages, logs and lists?"""

from __future__ import annotations

import re
from typing import Any

MASK = "***"
#: What looks like an identity number of 15 or 18 digits, and fixed telephone numbers: perhaps no person's, and of no use in a message.
NUMBERS = re.compile(r"\b\d{17}[\dXx]\b|\b\d{15}\b|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")


def masked(value: Any) -> Any:
    """Replace in the data everything that looks like a person's number or address."""
    if isinstance(value, str):
        from cfmap.model import personal  # its patterns take longer to compile than `cfmap --help` to answer

        shown = personal.masked(value, MASK) if personal.hits(value) else value  # else as written, width and all
        return NUMBERS.sub(MASK, shown)
    if isinstance(value, dict):
        return {key: masked(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(inner) for inner in value]
    return value
