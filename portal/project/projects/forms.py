"""Forms of a project, its team and its state."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from portal.people.accounts.models import Person
from portal.people.programmes.forms import InviteForm
from portal.people.programmes.models import SHARE_MAX, Track
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    build_choices_from_pairs,
    validate_web_link,
)
from portal.platform.web.form_fields import build_dataclass_from_fields, day_field, line_field
from portal.project.projects.commands import EditableProjectColumns
from portal.project.projects.labels import MOVES
from portal.project.projects.models import (
    ACRONYM_MAX,
    LINE_MAX,
    ORGANISATION_MAX,
    TEXT_MAX,
    TITLE_MAX,
    URL_MAX,
    ProjectTransition,
)


def to_uuid(value: object) -> UUID:
    """Coerce a choice of a list of people or tracks; raises `ValueError` unless it is a UUID."""
    return UUID(str(value))


def to_uuid_or_none(value: object) -> UUID | None:
    """Coerce a choice of a list that begins with none; raises `ValueError` as `to_uuid` does."""
    return to_uuid(value) if value else None


class _ProjectFields(Form):
    organisation = line_field(_l("Organisation"), ORGANISATION_MAX, required=_l("Nommez l’organisation."))
    acronym = line_field(_l("Nom court"), ACRONYM_MAX)
    title_fr = line_field(_l("Titre en français"), TITLE_MAX, required=_l("Donnez un titre."))
    title_en = line_field(_l("Titre en anglais"), TITLE_MAX)
    problem = TextAreaField(_l("Problème à résoudre"), [Length(max=TEXT_MAX)])
    users_aimed_at = line_field(_l("Utilisateurs visés"), LINE_MAX)
    repository_url = StringField(_l("Lien vers le dépôt"), [Length(max=URL_MAX), validate_web_link])
    demonstration_url = StringField(
        _l("Lien vers la démonstration"), [Length(max=URL_MAX), validate_web_link]
    )
    starts_on = day_field(_l("Début"))
    ends_on = day_field(_l("Fin"))

    def details(self) -> EditableProjectColumns:
        return build_dataclass_from_fields(self, EditableProjectColumns)


class ProjectTracksForm(Form):
    """The tracks of its programme on which a project is supported."""

    tracks = SelectMultipleField(_l("Volets d’accompagnement"))

    def __init__(self, tracks: Sequence[Track] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tracks.choices = build_choices_from_pairs((track.key, track.name) for track in tracks)


class NewProjectForm(_ProjectFields, ProjectTracksForm, CreateForm):
    """A new project on some of its programme's tracks."""


class EditProjectForm(_ProjectFields, EditForm):
    """Edit the file of a project."""


class _TimeShareFields(Form):
    share_of_time = IntegerField(
        _l("Part de temps"), [Optional(), NumberRange(0, SHARE_MAX, _l("Donnez une part entre 0 et 100."))]
    )


class InviteMemberForm(InviteForm, _TimeShareFields):
    """Invite a person into the team."""

    knowingly = BooleanField(_l("L’inviter aussi dans ce rôle"))


class TimeShareForm(_TimeShareFields):
    """Set a team member's share of time."""


class AssignCoachForm(CreateForm):
    """Assign a coach to a track; `people` are the ids and names of the programme's coaches, none of them
    chosen beforehand."""

    person = SelectField(_l("Coach"), [InputRequired(_l("Choisissez un coach."))], coerce=to_uuid_or_none)
    track = SelectField(_l("Volet"), coerce=to_uuid)

    def __init__(
        self, people: Sequence[tuple[UUID, str]] = (), tracks: Sequence[Track] = (), **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.person.choices = (
            build_choices_from_pairs([("", _l("Choisir un coach")), *people]) if people else []
        )
        self.track.choices = build_choices_from_pairs((track.id, track.name) for track in tracks)


class AssignReviewerForm(CreateForm):
    """Assign an ethics reviewer; `people` are the programme's reviewers."""

    person = SelectField(_l("Relecteur éthique"), coerce=to_uuid)

    def __init__(self, people: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person.choices = build_choices_from_pairs((person.id, person.name) for person in people)


class ProjectStateForm(CreateForm):
    """Change the state of a project. Stopping requires a reason and what was learnt; resuming a stopped
    project, which the command knows, a reason."""

    move = RadioField(
        _l("Décision"),
        [InputRequired(_l("Choisissez une décision."))],
        choices=build_choices_from_pairs(MOVES),
        coerce=ProjectTransition,
    )
    reason = TextAreaField(
        _l("Pourquoi le projet s’arrête"), [Length(max=TEXT_MAX)], description=_l("Obligatoire pour arrêter.")
    )
    learnings = TextAreaField(
        _l("Ce que l’équipe a appris"), [Length(max=TEXT_MAX)], description=_l("Obligatoire pour arrêter.")
    )

    def limit_transitions(self, moves: Sequence[ProjectTransition]) -> "ProjectStateForm":
        """Offer only the transitions allowed from the project's present state; returns itself."""
        self.move.choices = build_choices_from_pairs((move, MOVES[move]) for move in moves)
        return self

    def validate_reason(self, field: TextAreaField) -> None:
        if self.move.data is ProjectTransition.STOP and not field.data:
            raise ValidationError(_("Dites pourquoi le projet s’arrête."))

    def validate_learnings(self, field: TextAreaField) -> None:
        if self.move.data is ProjectTransition.STOP and not field.data:
            raise ValidationError(_("Dites ce que l’équipe a appris : la page le gardera."))
