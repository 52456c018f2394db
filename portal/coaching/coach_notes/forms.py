"""Forms of coaches' notes."""

from portal.coaching.coach_notes.models import BODY_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form
from portal.platform.web.form_fields import text_field


class _NoteFields(Form):
    body = text_field(
        _l("Note"),
        BODY_MAX,
        rows=6,
        required=_l("Écrivez votre note."),
        hint=_l(
            "En Markdown. L’équipe ne la lit pas, ni personne d’autre que les coachs du"
            " projet et la direction du programme."
        ),
    )


class NewNoteForm(_NoteFields, CreateForm):
    """Create a note."""


class EditNoteForm(_NoteFields, EditForm):
    """Edit a note."""


class DeleteNoteForm(CreateForm):
    """Confirm a deletion."""
