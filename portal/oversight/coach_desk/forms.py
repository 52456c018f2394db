"""The forms that ask to hand a team over to another coach, do it, and answer the request."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.coaching.coach_notes.models import BODY_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, build_choices_from_pairs
from portal.platform.web.form_fields import text_field

HEADING_MAX = 600  # of the note, which the command adds above it
NOTE_MAX = BODY_MAX - HEADING_MAX
NOTE_LABEL = _l("Ce que le suivant doit savoir")


def shorten_note(note: str) -> str:
    """A note cut to what the forms take: edited since, it may have more."""
    return note if len(note) <= NOTE_MAX else f"{note[: NOTE_MAX - 1]}…"


class HandOverForm(CreateForm):
    """The successor, and a note for them."""

    to = SelectField(_l("À qui"), [InputRequired(_l("Choisissez dans la liste."))])
    note = TextAreaField(
        NOTE_LABEL,
        [DataRequired(_l("Écrivez ce que le suivant doit savoir.")), Length(max=NOTE_MAX)],
        description=_l("Gardé parmi les notes de coachs : l’équipe ne le lit pas."),
        render_kw={"rows": 6},
    )

    def __init__(self, people: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.to.choices = build_choices_from_pairs([("", _l("Choisir un coach")), *people])


class HandOverRequestForm(CreateForm):
    """To whom the coach would hand the team over, why, and what the next coach must know."""

    to = SelectField(_l("À qui"))
    why = text_field(
        _l("Pourquoi"),
        BODY_MAX,
        rows=4,
        required=_l("Écrivez pourquoi."),
        hint=_l("La direction et les coachs de l’équipe le lisent, l’équipe non."),
    )
    note = text_field(
        NOTE_LABEL,
        NOTE_MAX,
        rows=6,
        hint=_l("Gardé parmi les notes de coachs ; la direction part de ce texte pour confier l’équipe."),
    )

    def __init__(self, people: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.to.choices = build_choices_from_pairs([("", _l("À la direction de choisir")), *people])


class HandOverRefusalForm(CreateForm):
    """Why the team is not handed over."""

    reason = text_field(
        _l("Votre réponse, telle que le coach la lira"),
        NOTE_MAX,
        rows=2,
        required=_l("Écrivez votre réponse."),
    )
