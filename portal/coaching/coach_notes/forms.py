"""Forms of coaches' notes."""

from portal.coaching.coach_notes.models import BODY_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form
from portal.platform.web.form_fields import required_text


class _NoteFields(Form):
    body = required_text(
        _l("Note"),
        _l("Écrivez votre note."),
        BODY_MAX,
        _l(
            "En Markdown. L’équipe ne la lit pas, ni personne d’autre que les coachs du"
            " projet et la direction du programme."
        ),
        rows=6,
    )


class NewNoteForm(_NoteFields, CreateForm):
    """Create a note."""


class NoteForm(_NoteFields, EditForm):
    """Edit a note."""


class NoteDeleteForm(CreateForm):
    """Confirm a deletion."""
