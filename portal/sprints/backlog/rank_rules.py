"""Ranks: integers that order items, with gaps so that a move changes one row. Pure."""

GAP = 1 << 20


def rank_between(lower: int | None, upper: int | None) -> int | None:
    """A rank between `lower` and `upper` (None: no neighbour); None without a gap."""
    if lower is None and upper is None:
        return 0
    if lower is None:
        return (upper or 0) - GAP
    if upper is None:
        return lower + GAP
    middle = (lower + upper) // 2
    return middle if lower < middle < upper else None


def list_ranks_after(lower: int | None, count: int) -> list[int]:
    """`count` ascending ranks after the last one."""
    first = 0 if lower is None else lower + GAP
    return [first + n * GAP for n in range(count)]


def list_ranks_before(upper: int | None, count: int) -> list[int]:
    """`count` ascending ranks before the first one."""
    first = (GAP if upper is None else upper) - count * GAP
    return [first + n * GAP for n in range(count)]
