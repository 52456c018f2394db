"""Refusals as tests expect them."""

from typing import Any

import pytest

from portal.platform.kernel.errors import NotAllowed


def forbidden(match: str | None = None) -> Any:
    """Expect `NotAllowed` itself: `TooLate`, a kind of it, would say that the state forbids it."""
    return pytest.raises(NotAllowed, match=match, check=lambda error: type(error) is NotAllowed)
