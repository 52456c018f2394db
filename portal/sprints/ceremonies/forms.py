"""Forms of demonstrations, retrospectives and their actions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import (
    build_dataclass_from_fields,
    day_field,
    integer_field,
    line_field,
    text_field,
)
from portal.sprints.ceremonies.action_commands import ActionFacts
from portal.sprints.ceremonies.commands import DemonstrationFacts, RetrospectiveFacts
from portal.sprints.ceremonies.labels import ATTENDEE_LABELS, LABELS, SETTLEMENT_LABELS
from portal.sprints.ceremonies.models import ATTENDEES, LINE_MAX, PEOPLE_MAX, TEXT_MAX, Settlement
from portal.sprints.prototypes.forms import VersionChoiceForm
from portal.sprints.sprints.models import NUMBER_MAX as SPRINT_MAX

REOPEN = "open"


def _attendee_field(name: str, description: str = "") -> IntegerField:
    return integer_field(
        ATTENDEE_LABELS[name], 0, PEOPLE_MAX, hint=description, render_kw={"inputmode": "numeric"}
    )


class _DemonstrationFields(VersionChoiceForm):
    no_version = _l("Aucune version")
    held_on = day_field(LABELS["held_on"])
    prototype = SelectField(LABELS["shown"], coerce=int)
    team_business = _attendee_field("team_business", _l("Combien, sans nommer personne."))
    team_technical = _attendee_field("team_technical")
    agents = _attendee_field("agents")
    citizens = _attendee_field("citizens")
    management = _attendee_field("management")
    support = _attendee_field("support")
    coaches = _attendee_field("coaches")
    others = _attendee_field("others")
    feedback = text_field(
        LABELS["feedback"],
        TEXT_MAX,
        rows=5,
        hint=_l("Ce qui a surpris, plu ou gêné. Un rôle suffit, jamais de nom."),
    )
    decisions = text_field(
        LABELS["decisions"],
        TEXT_MAX,
        rows=4,
        hint=_l("Ce que vous ferez de ces retours, et ce que vous ne ferez pas."),
    )

    def facts(self) -> DemonstrationFacts:
        return build_dataclass_from_fields(
            self,
            DemonstrationFacts,
            version=self.versions.get(self.prototype.data),
            attendee_counts={name: self.values[name] or 0 for name in ATTENDEES},
        )


class NewDemonstrationForm(_DemonstrationFields, CreateForm):
    """Note a demonstration."""


class EditDemonstrationForm(_DemonstrationFields, EditForm):
    """Change a demonstration."""


class RetrospectiveForm(EditForm):
    """Write a sprint's retrospective. Version 0: there is none yet."""

    held_on = day_field(LABELS["held_on"])
    went_well = text_field(LABELS["went_well"], TEXT_MAX, rows=5, hint=_l("À garder au prochain sprint."))
    went_badly = text_field(
        LABELS["went_badly"],
        TEXT_MAX,
        rows=5,
        hint=_l("Des faits et des façons de faire, pas des personnes."),
    )

    def facts(self) -> RetrospectiveFacts:
        return RetrospectiveFacts(**self.values)


class _ActionFields(Form):
    what = line_field(
        LABELS["what"],
        LINE_MAX,
        required=_l("Écrivez ce qui sera fait."),
        hint=_l("Un geste précis, qu’on pourra dire fait ou non."),
    )
    owner = SelectField(LABELS["owner_id"], coerce=str)
    due_on = day_field(LABELS["due_on"])

    def __init__(self, people: Sequence[tuple[UUID, str]], *, obj: Any = None, **defaults: Any) -> None:
        super().__init__(obj=obj, **defaults)
        self.people = people
        self.owner.choices = build_choices_from_pairs(people)
        if obj is not None:
            self.owner.data = str(obj.owner_id)

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(self.people, formdata=None, obj=row)

    def facts(self) -> ActionFacts:
        return build_dataclass_from_fields(self, ActionFacts, owner_id=UUID(self.owner.data))


class NewActionForm(_ActionFields, CreateForm):
    """Add an action."""


class EditActionForm(_ActionFields, EditForm):
    """Change an action."""


class SettleActionForm(Form):
    """Settle or reopen an action; `back` is the sprint of the retrospective to return to."""

    to = SelectField(
        LABELS["settlement"],
        [InputRequired(_l("Choisissez dans la liste."))],
        choices=build_choices_from_pairs([*SETTLEMENT_LABELS.items(), (REOPEN, _l("Ouverte"))]),
    )
    back = IntegerField(validators=[Optional(), NumberRange(0, SPRINT_MAX)])

    def settlement(self) -> Settlement | None:
        return None if self.to.data == REOPEN else Settlement(self.to.data)
