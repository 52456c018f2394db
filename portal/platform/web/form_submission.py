"""How a form arrived: late, to be read again, or twice (the idempotency key of a create form)."""

import json
from hashlib import sha256
from uuid import UUID

from flask import request

from portal.platform.kernel import idempotency
from portal.platform.kernel.text import clean_text
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import has_csrf_failure
from portal.platform.web.uploads import StreamedUpload

KEY_LENGTH = 32
RESUMED = "resumed"  # the field that asks for the form as it was sent before, not for its command


def find_reason_to_show_again() -> str | None:
    """Why this form is shown again, whatever it holds: it came too late, or only to be read; else None."""
    if RESUMED in request.form:  # before the token: a proof renews the session, and so what tokens hold
        return _("Voici le formulaire tel que vous l’aviez envoyé. Vérifiez, puis envoyez-le.")
    if has_csrf_failure():
        return _("La page était ouverte depuis trop longtemps. Vérifiez et envoyez à nouveau.")
    return None


class IdempotentSubmission:
    """A submitted form, identified by person, path, form key and content.

    Going back in the browser and submitting other content is a new submission.
    """

    def __init__(self, person_id: UUID, form_key: str) -> None:
        self._idempotency_key = person_id, request.path[:200], _digest_submission(form_key[:KEY_LENGTH])

    def claim(self) -> bool:
        """Claim the submission for the current transaction; False when it was claimed before."""
        return idempotency.claim_form_key(*self._idempotency_key)

    def find_earlier_location(self) -> str | None:
        """The path of an earlier submission's result, if any."""
        return idempotency.find_result_location(*self._idempotency_key)

    def save_location(self, location: str) -> None:
        """Store the path of the result."""
        idempotency.save_result_location(*self._idempotency_key, location)


def _digest_submission(form_key: str) -> str:
    """SHA-256 of key and content: 64 hex digits.

    Texts are cleaned, because scripts and browsers end lines differently. Of a file, its name and
    size: the bytes were streamed already.
    """
    typed = (
        (name, clean_text(value))
        for name, value in request.form.items(multi=True)
        if not name.endswith("csrf_token")
    )
    files = (
        (name, file.filename or "", file.stream.meter.size if isinstance(file.stream, StreamedUpload) else 0)
        for name, file in request.files.items(multi=True)
    )
    return sha256(json.dumps([form_key, sorted(typed), sorted(files)]).encode()).hexdigest()
