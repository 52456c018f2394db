"""Findings by severity, as a bar of shares."""

from collections.abc import Mapping

from portal.platform.kernel.text import gettext as _
from portal.user_tests.rounds.result_charts import ShareBarPart

# The most severe first, those that nobody rated before the minor ones.
_LOOKS = ((4, "alert"), (3, "warn"), (None, "end"), (2, "doing"), (1, "minor"), (0, "minor"))


def build_severity_bar_parts(counts: Mapping[int | None, int]) -> list[ShareBarPart]:
    """Return a part for each severity that occurs."""
    total = sum(counts.values())
    bars: list[ShareBarPart] = []
    at = 0.0
    for severity, look in _LOOKS:
        if count := counts.get(severity, 0):
            width = 100 * count / total
            bars.append(ShareBarPart(_describe_severity_in_short(severity), look, count, at, width))
            at += width
    return bars


def _describe_severity_in_short(severity: int | None) -> str:
    return _("non évaluée") if severity is None else _("gravité %(n)s", n=severity)
