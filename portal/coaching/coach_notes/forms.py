"""Forms of coaches' notes."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal.coaching.coach_notes.models import BODY_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form


class _NoteFields(Form):
    body = TextAreaField(
        _l("Note"),
        [DataRequired(_l("Écrivez votre note.")), Length(max=BODY_MAX)],
        description=_l(
            "En Markdown. L’équipe ne la lit pas, ni personne d’autre que les coachs du"
            " projet et la direction du programme."
        ),
        render_kw={"rows": 6},
    )


class NewNoteForm(_NoteFields, CreateForm):
    """Create a note."""


class NoteForm(_NoteFields, EditForm):
    """Edit a note."""


class NoteDeleteForm(CreateForm):
    """Confirm a deletion."""
