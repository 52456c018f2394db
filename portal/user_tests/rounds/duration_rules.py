"""Parse durations as people write them. Pure."""

import re

_PARTS = re.compile(
    r"(?:(?P<h>\d{1,2})\s*(?:h|heures?)\s*)?(?:(?P<m>\d{1,4})\s*(?:min|mn|m|')\s*)?"
    r"(?:(?P<s>\d{1,5})\s*(?:s|sec|secondes?|seconds?|\"|'')?)?"
)


def parse_seconds(text: str) -> int | None:
    """Parse « 83 », « 1:23 », « 1:02:03 » or « 1 min 23 s » to seconds; None for anything else."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ").strip().lower()
    if not plain.isascii():
        return None
    if re.fullmatch(r"\d{1,4}(?::[0-5]\d){1,2}", plain):
        total = 0
        for part in plain.split(":"):
            total = total * 60 + int(part)
        return total
    match = _PARTS.fullmatch(plain)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (int(match[name] or 0) for name in ("h", "m", "s"))
    return hours * 3600 + minutes * 60 + seconds
