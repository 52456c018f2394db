"""Exceptions that refuse a request. Features raise them; `web.error_pages` answers them."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")


class PortalError(Exception):
    """Base class of deliberate refusals."""


class NotFound(PortalError):
    """404: the row does not exist, or the actor may not know that it does."""


def require_row(row: Row | None) -> Row:
    """Return what a query found; raises `NotFound` for None."""
    if row is None:
        raise NotFound
    return row


class NotAllowed(PortalError):
    """403: the actor may see the row, but not do this. The message is a sentence or empty."""


class TooLate(NotAllowed):
    """403: the state of the row no longer allows it; forms keep what was typed.

    `page` is the path of the page that shows the state and how to continue.
    """

    def __init__(self, sentence: str, page: str = "") -> None:
        super().__init__(sentence)
        self.page = page


class Overtaken(TooLate):
    """409: another act came first; the sentence says whose where it matters, and what can still be done."""


class AlreadyDeleted(Overtaken):
    """409: somebody deleted the row meanwhile; forms show the text again, to copy."""


class CrossSiteRequest(PortalError):
    """403: a page of another site caused the request."""


class RuleBroken(PortalError):
    """422: the input is valid but breaks a rule of the programme.

    `field` is the form field that shows the message; None: the form as a whole.
    """

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message

    @property
    def faults(self) -> Sequence[tuple[str | None, str]]:
        """Each field with its sentence: several where a person corrects them in one go."""
        return [(self.field, self.message)]


class SeveralRulesBroken(RuleBroken):
    """422: rules that several fields break; `field` and `message` are the first's."""

    def __init__(self, faults: Sequence[tuple[str | None, str]]) -> None:
        super().__init__(*faults[0])
        self._faults = faults

    @property
    def faults(self) -> Sequence[tuple[str | None, str]]:
        return self._faults


def hash_warning(sentence: str) -> str:
    """What a confirmation names the warning by that it confirms."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


def require_warning_seen(field: str, warning: str, confirmed: bool | str) -> None:
    """Raise `RuleBroken` on a field with a warning, unless the actor has seen it: `confirmed` is its
    digest, or True for whoever needs no warning. Its lines after the first are shown as a list."""
    if confirmed is not True and confirmed != hash_warning(warning):
        raise RuleBroken(field, warning)


class Conflict(PortalError):
    """409: somebody else changed the row since it was read."""


class RateLimited(PortalError):
    """429: more than `most` attempts in `seconds`; the next one is allowed in `wait` seconds."""

    def __init__(self, wait: int, most: int, seconds: int) -> None:
        super().__init__(wait)
        self.wait, self.most, self.seconds = wait, most, seconds
