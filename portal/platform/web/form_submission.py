"""A create form that is sent: twice as it is, it makes one thing."""

import json
from hashlib import sha256
from uuid import UUID

from flask import request

from portal.platform.kernel import idempotency
from portal.platform.kernel.text import clean
from portal.platform.web.uploads import StreamedUpload

KEY_LENGTH = 32


class FormSubmission:
    """The form that was shown with a key, and all that is sent in it: held for the transaction
    under way. Whoever goes back and sends something else in the same form wants that as well."""

    def __init__(self, person_id: UUID, form_key: str) -> None:
        self._idempotency_key = person_id, request.path[:200], _digest(form_key[:KEY_LENGTH])

    def claim(self) -> bool:
        """Whether it is the first of its like."""
        return idempotency.claim(*self._idempotency_key)

    def find_earlier_location(self) -> str | None:
        """The path to which an earlier one led."""
        return idempotency.find_location(*self._idempotency_key)

    def save_location(self, location: str) -> None:
        idempotency.save_location(*self._idempotency_key, location)


def _digest(form_key: str) -> str:
    """64 hexadecimal digits. Of a text as it is kept: a script ends lines otherwise than a browser
    does. Of a file its name and size: its bytes have gone by already."""
    typed = (
        (name, clean(value))
        for name, value in request.form.items(multi=True)
        if not name.endswith("csrf_token")
    )
    files = (
        (
            name,
            file.filename or "",
            file.stream.meter.size if isinstance(file.stream, StreamedUpload) else 0,
        )
        for name, file in request.files.items(multi=True)
    )
    return sha256(json.dumps([form_key, sorted(typed), sorted(files)]).encode()).hexdigest()
