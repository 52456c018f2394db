"""A form that was sent while a proof was due: the page of the question carries it, its own gives it back.

The question's page holds every field in hidden inputs, each value of each name; the server stores
nothing. Once the proof is there, the page sends them to where they were sent first, with a mark:
`submit` then shows the form as it was sent and runs no command. Passwords are not carried, and a
browser lets no page choose a file: these are asked for again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from wtforms import PasswordField

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.web.form_submission import RESUMED
from portal.platform.web.recovered_text import list_portal_field_names_of_kind
from portal.platform.web.rendering import wants_fragment


@dataclass(frozen=True)
class SentForm:
    """A form as it was sent to `path`: (name, value) in the order of the body, names repeated."""

    path: str
    fields: Sequence[tuple[str, str]]
    has_file: bool


def read_sent_form() -> SentForm | None:
    """The form of this request; None for a button alone, and for htmx, which replaces a part of a page."""
    if request.method in SAFE_METHODS or wants_fragment():
        return None
    secret = list_portal_field_names_of_kind(PasswordField) | {
        "csrf_token"
    }  # the question's page has its own
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != RESUMED and name.rsplit("-", 1)[-1] not in secret
    ]
    has_file = any(file.filename for file in request.files.values())
    return SentForm(request.full_path.rstrip("?"), fields, has_file) if fields else None
