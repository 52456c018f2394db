"""Forms of coaching sessions and their decisions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import SelectField
from wtforms.validators import Optional

from portal.coaching.sessions.commands import DECISIONS_MAX, SessionFacts
from portal.coaching.sessions.labels import FORMATS, LABELS
from portal.coaching.sessions.models import LINE_MAX, MINUTES_MAX, SessionFormat
from portal.communication.calendar.meeting_forms import duration_field, hour_field, place_field
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import day_field, line_field, text_field

TrackChoices = Sequence[tuple[UUID, str]]


class _SessionFields(Form):
    format = SelectField(LABELS["format"], choices=build_choices_from_pairs(FORMATS))
    track = SelectField(LABELS["track_id"], [Optional()])
    held_on = day_field(LABELS["held_on"])
    next_on = day_field(LABELS["next_on"], optional=True)
    hour = hour_field(LABELS["hour"])
    duration = duration_field(LABELS["duration"])
    place = place_field(LABELS["place"])
    minutes = text_field(
        LABELS["minutes"],
        MINUTES_MAX,
        rows=10,
        hint=_l("Ce qui s’est dit, en Markdown. Toute l’équipe le lit."),
    )

    def __init__(self, tracks: TrackChoices, *, obj: Any = None, **defaults: Any) -> None:
        super().__init__(obj=obj, **defaults)
        self.tracks = tracks
        self.track.choices = build_choices_from_pairs([("", _l("Tous les volets ensemble")), *tracks])
        if obj is not None:
            self.track.data = str(obj.track_id or "")

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(self.tracks, formdata=None, obj=row)

    def facts(self) -> SessionFacts:
        values = self.values
        return SessionFacts(
            held_on=values["held_on"],
            format=SessionFormat(values["format"]),
            track_id=UUID(values["track"]) if values["track"] else None,
            minutes=values["minutes"],
            next_on=values["next_on"],
            hour=values["hour"],
            duration=values["duration"],
            place=values["place"],
        )


class NewSessionForm(_SessionFields, CreateForm):
    """Log a session with its decisions, one per line."""

    decisions = text_field(
        _l("Décisions"),
        (LINE_MAX + 2) * DECISIONS_MAX,
        rows=4,
        hint=_l(
            "Une par ligne. Chacune devient ensuite, en un clic, une recommandation ou un élément du carnet."
        ),
    )

    def decision_lines(self) -> Sequence[str]:
        """The non-empty lines, without leading list marks."""
        lines = (line.strip().lstrip("-*•").strip() for line in self.values["decisions"].splitlines())
        return [line for line in lines if line]


class EditSessionForm(_SessionFields, EditForm):
    """Edit a session."""


class _DecisionFields(Form):
    what = line_field(LABELS["decision"], LINE_MAX, required=_l("Écrivez ce qui est décidé."))


class NewDecisionForm(_DecisionFields, CreateForm):
    """Add a decision."""


class RewordDecisionForm(_DecisionFields, EditForm):
    """Reword a decision."""


class DeleteDecisionForm(CreateForm):
    """A button whose second click finds the decision already deleted (idempotency key)."""
