"""The times that platforms write, read as ISO 8601 with the offset from UTC."""

import contextlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from coursekit.grading.batch.base.platform_words import MONTHS
from coursekit.grading.batch.hand_ins.sources import Source, Unreadable

_SEVERAL = 3  # files whose dates can be compared
_MOMENT = 60  # seconds in which nobody submits with most of a class
_MONTH_OF = {word: month for month, words in enumerate(MONTHS, 1) for word in words}


def nbgrader_times(sources: Iterable[Source]) -> dict[PurePosixPath, str]:
    """Read every ``timestamp.txt`` of nbgrader's; return the times by folder."""
    times = {}
    for source in sources:
        if source.path.name == "timestamp.txt" and source.size < 200:
            with contextlib.suppress(Unreadable):
                times[source.path.parent] = nbgrader_time(source.read().decode("utf-8", "replace"))
    return times


def one_moment(times: Sequence[str]) -> bool:
    """Whether most of several files' dates are the same, because copying or packing made them.

    Parameters
    ----------
    times : sequence of str
        In ISO 8601.
    """
    seconds = sorted(datetime.fromisoformat(time).timestamp() for time in times)
    most = len(seconds) // 2  # places from the first to the last of the smallest majority
    spans = (last - first for first, last in zip(seconds, seconds[most:], strict=False))
    return len(seconds) >= _SEVERAL and min(spans) < _MOMENT


def nbgrader_time(text: str) -> str:
    """Read nbgrader's ``timestamp.txt``: "2015-02-02 15:58:23.948203 America/Los_Angeles".

    Without a time zone it is UTC, as for nbgrader. Sakai's file of that name has digits alone,
    in UTC to the millisecond. Returns an empty string for everything else.
    """
    if sakai := re.fullmatch(r"\s*(\d{14})(\d{3})\s*", text):
        text = f"{sakai[1][:4]}-{sakai[1][4:6]}-{sakai[1][6:8]} {sakai[1][8:10]}:{sakai[1][10:12]}"
    found = re.fullmatch(r"\s*(\d{4}-\d\d-\d\d[ T]\S+)(?:\s+(\S+))?\s*", text)
    try:
        if not found:
            return ""
        zone = found[2] or "UTC"
        if re.fullmatch(r"[+-]\d\d:?\d\d", zone):
            return datetime.fromisoformat(found[1] + zone).isoformat()
        time = datetime.fromisoformat(found[1])
        known = UTC if zone in ("UTC", "GMT") else ZoneInfo(zone)
        return (time if time.tzinfo else time.replace(tzinfo=known)).isoformat()
    except (ValueError, KeyError, OSError):  # no such time; no such zone
        return ""


def moodle_time(text: str) -> str:
    """Read a time as Moodle writes it, in the languages of `platform_words`, or as in ISO 8601.

    Such as "Monday, 23 November 2026, 8:11 PM"; an empty string for everything else.
    """
    clock = re.search(r"(\d{1,2}):(\d\d)(?::\d\d)?\s*([AaPp]\.?[Mm])?", text)
    words = re.findall(r"[^\W\d_]+", text.casefold())
    months = [_MONTH_OF[word] for word in words if word in _MONTH_OF]
    year = re.search(r"(?<!\d)\d{4}(?!\d)", text)
    day = re.search(r"(?<![\d:])(\d{1,2})(?![\d:])", text)
    if found := re.search(r"(\d{4})(?:年\s*|-)(\d{1,2})(?:月\s*|-)(\d{1,2})", text):
        date = (int(found[1]), int(found[2]), int(found[3]))
    elif months and year and day:
        date = (int(year[0]), months[0], int(day[1]))
    else:
        return ""
    if clock is None:
        return ""
    hour = int(clock[1])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].casefold().startswith("p") else 0)
    try:
        return datetime(*date, hour=hour, minute=int(clock[2])).astimezone().isoformat()
    except ValueError:
        return ""
