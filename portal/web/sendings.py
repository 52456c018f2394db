"""A create form that is sent: twice as it is, it makes one thing."""

import json
from hashlib import sha256
from uuid import UUID

from flask import request

from portal.kernel import submissions
from portal.kernel.text import clean
from portal.web.passing import Passed

KEY_LENGTH = 32


class Sending:
    """The form that was shown with a key, and all that is sent in it: held for the transaction
    under way. Whoever goes back and sends something else in the same form wants that as well."""

    def __init__(self, person_id: UUID, form_key: str) -> None:
        self._mine = person_id, request.path[:200], _digest(form_key[:KEY_LENGTH])

    def claim(self) -> bool:
        """Whether it is the first of its like."""
        return submissions.claim(*self._mine)

    def find_earlier(self) -> str | None:
        """The path to which an earlier one led."""
        return submissions.find_location(*self._mine)

    def remember(self, location: str) -> None:
        submissions.remember(*self._mine, location)


def _digest(form_key: str) -> str:
    """64 hexadecimal digits. Of a text as it is kept: a script ends lines otherwise than a browser
    does. Of a file its name and size: its bytes have gone by already."""
    typed = (
        (name, clean(value))
        for name, value in request.form.items(multi=True)
        if not name.endswith("csrf_token")
    )
    files = (
        (name, one.filename or "", one.stream.meter.size if isinstance(one.stream, Passed) else 0)
        for name, one in request.files.items(multi=True)
    )
    return sha256(json.dumps([form_key, sorted(typed), sorted(files)]).encode()).hexdigest()
