"""The mutant that is active, and the places reached since the last clear.

Code with switches, as `tools/mutants.py` writes it, asks here whether a place is changed.
"""

import os

active = int(os.environ.get("MUTANT", "-1"))
reached: set[int] = set()


def is_mutated(number: int) -> bool:
    """Tell whether place `number` is changed, and remember that it was reached."""
    reached.add(number)
    return number == active
