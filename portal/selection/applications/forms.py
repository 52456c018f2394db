"""Forms of applications."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectMultipleField, StringField, widgets
from wtforms.validators import Email, Length, Optional

from portal.people.accounts.models import EMAIL_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import (
    build_dataclass_from_fields,
    day_field,
    line_field,
    radio_field,
    text_field,
)
from portal.selection.applications.commands import ApplicationFacts
from portal.selection.applications.models import (
    MESSAGE_MAX,
    NAME_MAX,
    ORGANISATION_MAX,
    REASON_MAX,
    TEXT_MAX,
    TITLE_MAX,
)
from portal.selection.applications.rules import parse_members

NUMBER_TYPED_MAX = 30
LINES_HINT = _l("Un par ligne.")


class _ApplicationFields(Form):
    organisation = line_field(_l("Organisme"), ORGANISATION_MAX, required=_l("Donnez l’organisme."))
    company_number = line_field(_l("Numéro SIREN ou SIRET"), NUMBER_TYPED_MAX)
    title = line_field(_l("Titre du projet"), TITLE_MAX, required=_l("Donnez un titre."))
    received_on = day_field(_l("Reçue le"))
    summary = text_field(_l("Résumé"), TEXT_MAX, rows=4)
    problem = text_field(_l("Problème à résoudre"), TEXT_MAX, rows=4)
    benefits = text_field(_l("Bénéfices attendus"), TEXT_MAX, rows=4)
    data_sources = text_field(
        _l("Données"), TEXT_MAX, rows=3, hint=_l("Une par ligne : nom ; détenteur. Le projet les reprendra.")
    )
    target_groups = text_field(_l("Publics visés"), TEXT_MAX, rows=3, hint=LINES_HINT)
    ethical_risks = text_field(_l("Risques éthiques"), TEXT_MAX, rows=3)
    contact_name = line_field(_l("Personne à joindre"), NAME_MAX)
    contact_email = StringField(
        _l("Son adresse électronique"),
        [Optional(), Length(max=EMAIL_MAX), Email(_l("Cette adresse n’est pas complète."))],
    )
    members = text_field(
        _l("Équipe"),
        TEXT_MAX,
        rows=4,
        hint=_l("Une personne par ligne : nom ; adresse ; fonction. La première sera le porteur."),
    )

    def facts(self) -> ApplicationFacts:
        """The values as commands take them."""
        members = [
            member
            for member in parse_members(self.values["members"])
            if len(member.name) <= NAME_MAX and len(member.email) <= EMAIL_MAX
        ]
        return build_dataclass_from_fields(self, ApplicationFacts, members=members)


class AddApplicationForm(_ApplicationFields, CreateForm):
    """Type in an application."""


class ChangeApplicationForm(_ApplicationFields, EditForm):
    """Change an application."""


class EligibilityForm(EditForm):
    """Judge whether it is eligible."""

    conditions = SelectMultipleField(
        _l("Conditions remplies"),
        coerce=int,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    verdict = radio_field(
        _l("Éligibilité"), {"yes": _l("Éligible"), "no": _l("Non éligible")}, lambda value: value
    )
    reason = text_field(
        _l("Motif"),
        REASON_MAX,
        rows=3,
        hint=_l("Obligatoire pour un refus, ou si une condition n’est pas remplie."),
    )

    def __init__(self, conditions: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = conditions
        self.conditions.choices = build_choices_from_pairs(enumerate(conditions))
        if not conditions:
            del self.conditions

    @property
    def met(self) -> set[int]:
        """The numbers of the conditions that are met."""
        return set(self.values.get("conditions") or ())

    def make_form_from_stored(self, row: object) -> "EligibilityForm":
        """The same form, filled from the stored row."""
        return type(self)(self.labels, formdata=None, obj=row)


class WithdrawalForm(EditForm):
    """Note that the applicant withdrew."""

    reason = text_field(_l("Ce qu’a dit le candidat"), REASON_MAX, rows=3, required=_l("Dites pourquoi."))


class MessageForm(CreateForm):
    """Write in the thread."""

    body = text_field(_l("Message"), MESSAGE_MAX, rows=3, required=_l("Écrivez un message."))
