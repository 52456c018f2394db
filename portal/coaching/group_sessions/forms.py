"""Forms of group sessions: the session, its attendance, the satisfaction survey."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from wtforms import IntegerField, RadioField
from wtforms.validators import NumberRange, Optional

from portal.coaching.group_sessions.commands import GatheringFacts
from portal.coaching.group_sessions.labels import ANSWERS
from portal.coaching.group_sessions.labels import QUESTIONS as QUESTION_LABELS
from portal.coaching.group_sessions.models import (
    LINE_MAX,
    PEOPLE_MAX,
    REASON_MAX,
    TEXT_MAX,
    Gathering,
)
from portal.communication.calendar.meeting_forms import duration_field, hour_field, place_field
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form
from portal.platform.web.form_fields import day_field, line_field, radio_field, text_field
from portal.project.projects.models import Project


class _GatheringFields(Form):
    title = line_field(_l("Sujet"), LINE_MAX, required=_l("Donnez un sujet."))
    held_on = day_field(_l("Date"))
    hour = hour_field()
    duration = duration_field()
    place = place_field()
    agenda = text_field(
        _l("Ordre du jour"),
        TEXT_MAX,
        rows=6,
        hint=_l("En Markdown. Toutes les équipes du programme le lisent."),
    )
    minutes = text_field(
        _l("Ce qu’il en reste"), TEXT_MAX, rows=6, hint=_l("Après la séance : le compte rendu, les liens.")
    )

    def facts(self) -> GatheringFacts:
        return GatheringFacts(**self.values)


class NewGatheringForm(_GatheringFields, CreateForm):
    """Announce a group session."""


class EditGatheringForm(_GatheringFields, EditForm):
    """Edit a group session."""


class CancelGatheringForm(EditForm):
    """Why a group session is cancelled."""

    reason = text_field(
        _l("Pourquoi"),
        REASON_MAX,
        rows=3,
        required=_l("Dites pourquoi."),
        hint=_l("Toutes les équipes du programme le lisent."),
    )


def build_attendance_form_class(teams: Sequence[Project]) -> type["AttendanceForm"]:
    """A form class with one integer field per team."""
    fields = {
        f"team_{team.id.hex}": IntegerField(
            team.short_name, [Optional(), NumberRange(0, PEOPLE_MAX)], render_kw={"inputmode": "numeric"}
        )
        for team in teams
    }
    return type("AttendanceOfTeams", (AttendanceForm,), fields)


class AttendanceForm(EditForm):
    """How many people came from each team; `build_attendance_form_class` adds the fields."""

    def attendance(self) -> Mapping[UUID, int]:
        """People by project id; teams whose field is empty are left out."""
        return {
            UUID(name.removeprefix("team_")): people
            for name, people in self.values.items()
            if people is not None
        }


class StoredAttendanceFormData:
    """The stored attendance as form data, read lazily and cached by version, so that a refused form
    shows what is stored at that moment."""

    def __init__(self, row: Gathering, read: Callable[[Gathering], Mapping[UUID, int]]) -> None:
        self._row = row
        self._read = read
        self._cached_attendance: tuple[int, Mapping[UUID, int]] = (-1, {})

    @property
    def version(self) -> int:
        return self._row.version

    def __getattr__(self, name: str) -> int | None:
        if not name.startswith("team_"):
            raise AttributeError(name)
        if self._cached_attendance[0] != self._row.version:
            self._cached_attendance = self._row.version, self._read(self._row)
        return self._cached_attendance[1].get(UUID(name.removeprefix("team_")))


def _make_question_field(number: int) -> RadioField:
    return radio_field(QUESTION_LABELS[number], ANSWERS, int)


class SatisfactionForm(CreateForm):
    """The anonymous satisfaction survey: three questions."""

    useful = _make_question_field(1)
    suited = _make_question_field(2)
    next_step = _make_question_field(3)

    def marks(self) -> Sequence[int]:
        """One mark per question, in their order."""
        return list(self.values.values())
