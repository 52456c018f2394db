"""Forms of discussions."""

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
    body = TextAreaField(_l("Message"), _RULES)


class DiscussionActionForm(Form):
    """A button of a comment or a thread, without fields."""
