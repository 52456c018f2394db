"""Parse and format results per subgroup, one per line: “name; result; size”. Pure."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_SEPARATOR = re.compile(r"\s*[;\t]\s*")
_BLANKS = str.maketrans("", "", " \u00a0\u202f")


@dataclass(frozen=True)
class SubgroupFigure:
    """The result of a subgroup of `size` cases (None: not stated)."""

    name: str
    result: float
    size: int | None


def parse_subgroups(text: str) -> list[SubgroupFigure]:
    """Raises `ValueError` with the number of the first line that cannot be parsed."""
    subgroups = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                subgroups.append(_parse_line(line))
            except (ValueError, OverflowError):
                raise ValueError(number) from None
    return subgroups


def _parse_line(line: str) -> SubgroupFigure:
    name, result, *rest = _SEPARATOR.split(line.strip())
    value = float(result.translate(_BLANKS).replace(",", "."))
    size = rest[0].translate(_BLANKS) if rest and rest[0] else None
    if not name or len(rest) > 1 or not math.isfinite(value) or (size and len(size) > 10):
        raise ValueError
    return SubgroupFigure(name, value, int(size) if size else None)


def _format_number(value: float) -> str:
    return repr(value).removesuffix(".0")


def format_subgroups(
    subgroups: Iterable[SubgroupFigure], number: Callable[[float], str] = _format_number
) -> str:
    """The text that `parse_subgroups` reads; `number` formats a result."""
    return "\n".join(_format_line(subgroup, number) for subgroup in subgroups)


def _format_line(subgroup: SubgroupFigure, number: Callable[[float], str]) -> str:
    parts = [subgroup.name, number(subgroup.result)]
    return "; ".join([*parts, str(subgroup.size)] if subgroup.size is not None else parts)
