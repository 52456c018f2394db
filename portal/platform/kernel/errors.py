"""The ways a request can be refused. Features raise these; `web.errors` answers them."""


class PortalError(Exception):
    """Anything a feature refuses on purpose."""


class NotFound(PortalError):
    """It does not exist, or this person may not know that it does."""


class NotAllowed(PortalError):
    """They may see it, but not do this to it. The message is a sentence for them, or empty."""


class TooLate(NotAllowed):
    """They might do it, but not as things stand by now: what they typed is given back.

    `page` is the path where one sees how things stand, and goes on from there.
    """

    def __init__(self, sentence: str, page: str = "") -> None:
        super().__init__(sentence)
        self.page = page


class AlreadyDeleted(TooLate):
    """What they were changing was deleted by somebody: the text is given back, to copy."""


class CrossSiteRequest(PortalError):
    """Another site's page caused the request."""


class RuleBroken(PortalError):
    """The input is well formed and still breaks a rule of the programme.

    `field` names the form's field the sentence belongs to; None: the form as a whole.
    """

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class Conflict(PortalError):
    """Somebody else changed the same thing since it was read."""


class RateLimited(PortalError):
    """They tried too many times. `wait` is how long until they may again, in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait
