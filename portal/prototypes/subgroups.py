"""Results per subgroup as people type them: a line each, “name; result; size”. Pure."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_PARTS = re.compile(r"\s*[;\t]\s*")
_BLANKS = str.maketrans("", "", " \u00a0\u202f")


@dataclass(frozen=True)
class Subgroup:
    """`size` is the number of cases, None where it was not said."""

    name: str
    result: float
    size: int | None


def read(text: str) -> list[Subgroup]:
    """Raises `ValueError` with the number of the first line that is not one."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                found.append(_read_line(line))
            except (ValueError, OverflowError):
                raise ValueError(number) from None
    return found


def _read_line(line: str) -> Subgroup:
    name, result, *rest = _PARTS.split(line.strip())
    value = float(result.translate(_BLANKS).replace(",", "."))
    size = rest[0].translate(_BLANKS) if rest and rest[0] else None
    if not name or len(rest) > 1 or not math.isfinite(value) or (size and len(size) > 10):
        raise ValueError
    return Subgroup(name, value, int(size) if size else None)


def _plain(value: float) -> str:
    return repr(value).removesuffix(".0")


def write(subgroups: Iterable[Subgroup], number: Callable[[float], str] = _plain) -> str:
    """As `read` takes it; `number` writes a result as its reader does."""
    return "\n".join(_write_line(one, number) for one in subgroups)


def _write_line(one: Subgroup, number: Callable[[float], str]) -> str:
    parts = [one.name, number(one.result)]
    return "; ".join([*parts, str(one.size)] if one.size is not None else parts)
