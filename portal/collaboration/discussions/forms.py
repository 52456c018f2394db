"""Forms of discussions."""

from collections.abc import Callable
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal.collaboration.discussions.models import COMMENT_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form
from portal.platform.web.fragment_cache import KEY_MARK

_RULES = [
    DataRequired(_l("Écrivez votre message.")),
    Length(max=COMMENT_MAX, message=_l("Un message a au plus %(n)s caractères.", n=COMMENT_MAX)),
]


class CommentForm(CreateForm):
    """A new comment; a page has several such forms, each with its own prefix."""

    body = TextAreaField(_l("Votre message"), _RULES)


def make_empty_form(prefix: str) -> CommentForm:
    """A form in which nothing is typed, for a part that is drawn once for all readers."""
    return CommentForm(formdata=None, prefix=prefix, form_key=KEY_MARK)


class EditCommentForm(EditForm):
    """The text of a comment, which `read_stored` reads of its row with the names of those it mentions."""

    body = TextAreaField(_l("Message"), _RULES)

    def __init__(self, *args: Any, read_stored: Callable[[Any], object], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_stored = read_stored

    def make_form_from_stored(self, row: object) -> "EditCommentForm":
        return type(self)(formdata=None, obj=self._read_stored(row), read_stored=self._read_stored)


class DiscussionActionForm(Form):
    """A button of a comment or a thread, without fields."""
