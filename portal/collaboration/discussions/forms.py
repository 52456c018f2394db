"""What a person types in a discussion."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal.collaboration.discussions.models import COMMENT_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form

_RULES = [
    DataRequired(_l("Écrivez votre commentaire.")),
    Length(
        max=COMMENT_MAX, message=_l("Un commentaire a au plus %(n)s caractères.", n=COMMENT_MAX)
    ),
]


class CommentForm(CreateForm):
    """Several stand on one page, each with a prefix of its own."""

    body = TextAreaField(_l("Votre commentaire"), _RULES)


class EditCommentForm(EditForm):
    body = TextAreaField(_l("Commentaire"), _RULES)


class DiscussionActionForm(Form):
    """A button that does something to a comment or a thread: nothing to type."""
