"""Time zones by the names that systems write into timestamps."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

#: Names that mean one offset wherever they are used by computers, in hours. CST (America, China,
#: Cuba), IST (India, Ireland, Israel), BST (Britain, Bangladesh) and AST have several meanings.
_HOURS: Final = {
    **dict.fromkeys(("UTC", "UT", "GMT", "Z", "WET"), 0.0),
    **dict.fromkeys(("CET", "MEZ", "WEST"), 1.0),
    **dict.fromkeys(("CEST", "MESZ", "EET", "SAST", "CAT"), 2.0),
    **dict.fromkeys(("EEST", "MSK", "EAT"), 3.0),
    "PKT": 5.0,
    "NPT": 5.75,
    "WIB": 7.0,
    "HKT": 8.0,
    "SGT": 8.0,
    "AWST": 8.0,
    "JST": 9.0,
    "KST": 9.0,
    "ACST": 9.5,
    "AEST": 10.0,
    "ACDT": 10.5,
    "AEDT": 11.0,
    "NZST": 12.0,
    "NZDT": 13.0,
    "BRT": -3.0,
    "NST": -3.5,
    "NDT": -2.5,
    "EDT": -4.0,
    "EST": -5.0,
    "MDT": -6.0,
    "MST": -7.0,
    "PDT": -7.0,
    "PST": -8.0,
    "AKDT": -8.0,
    "AKST": -9.0,
    "HST": -10.0,
}


def zone_named(name: str) -> tzinfo | None:
    """The zone of a name such as ``EST``, ``+01:00`` or ``Europe/Berlin``.

    None if nobody knows, or if the name has several meanings.
    """
    if name[0] in "+-":
        sign = -1 if name[0] == "-" else 1
        digits = name[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timezone(sign * timedelta(minutes=minutes)) if minutes < 24 * 60 else None
    if (hours := _HOURS.get(name.upper())) is not None:
        return timezone(timedelta(hours=hours)) if hours else UTC
    if "/" not in name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None
