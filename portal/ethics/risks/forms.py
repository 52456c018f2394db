"""Forms of risks and mitigations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from portal.ethics.risks.commands import ResidualRisk, RiskFacts
from portal.ethics.risks.labels import LABELS, LIKELIHOODS, SEVERITIES
from portal.ethics.risks.mitigation_commands import MitigationFacts, MitigationProof
from portal.ethics.risks.models import AFFECTED_MAX, LINE_MAX, REASON_MAX, TEXT_MAX, URL_MAX
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import day_field, line_field, link_field, radio_field, text_field

PersonChoices = Sequence[tuple[UUID, str]]


class _RiskFields(Form):
    what = line_field(
        _l("Que pourrait-il arriver ?"),
        LINE_MAX,
        required=_l("Écrivez ce qui pourrait arriver."),
        hint=_l("En une ligne : l’erreur ou l’usage redouté, et ce qu’il entraînerait."),
    )
    affected = line_field(
        LABELS["affected"],
        AFFECTED_MAX,
        required=_l("Dites qui serait touché."),
        hint=_l("Des catégories de personnes : les demandeurs, les agents d’un service…"),
    )
    likelihood = radio_field(_l("Vraisemblance, avant toute mesure"), LIKELIHOODS, int)
    severity = radio_field(_l("Gravité, avant toute mesure"), SEVERITIES, int)
    detail = text_field(
        LABELS["detail"],
        TEXT_MAX,
        rows=4,
        hint=_l("D’où vient le risque, dans quels cas, ce qui le montre déjà."),
    )
    knowingly = BooleanField(_l("J’ai relu : ce texte ne désigne personne"))

    def facts(self) -> RiskFacts:
        return RiskFacts(**{name: self.values[name] for name in RiskFacts.__dataclass_fields__})


class NewRiskForm(_RiskFields, CreateForm):
    """A new risk."""


class EditRiskForm(_RiskFields, EditForm):
    """The same, to edit."""


class ResidualRiskForm(EditForm):
    """The residual risk."""

    residual_likelihood = radio_field(LABELS["residual_likelihood"], LIKELIHOODS, int)
    residual_severity = radio_field(LABELS["residual_severity"], SEVERITIES, int)
    residual_reason = text_field(
        LABELS["residual_reason"],
        REASON_MAX,
        rows=4,
        required=_l("Dites ce qui le montre."),
        hint=_l("Ce que les mesures ont changé, et ce qui le montre."),
    )

    def residual(self) -> ResidualRisk:
        likelihood, severity, reason = self.values.values()
        return ResidualRisk(likelihood=likelihood, severity=severity, reason=reason)


class CloseRiskForm(EditForm):
    """Why a risk is closed."""

    closing_reason = text_field(
        LABELS["closing_reason"],
        REASON_MAX,
        rows=4,
        required=_l("Dites pourquoi : votre nom et cette raison resteront."),
    )


class _MitigationFields(Form):
    what = line_field(
        _l("Que ferez-vous ?"),
        LINE_MAX,
        required=_l("Écrivez ce qui sera fait."),
        hint=_l("Un geste précis, dont on pourra montrer qu’il est en place."),
    )
    owner = SelectField(LABELS["owner_id"], [Optional()], coerce=str)
    due_on = day_field(LABELS["due_on"], optional=True)

    def __init__(self, people: PersonChoices, *, obj: Any = None, **usual: Any) -> None:
        super().__init__(obj=obj, **usual)
        self.people = people
        self.owner.choices = build_choices_from_pairs([("", _l("Personne pour l’instant")), *people])
        if obj is not None:
            self.owner.data = str(obj.owner_id or "")

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(self.people, formdata=None, obj=row)

    def facts(self) -> MitigationFacts:
        raw_owner = (self.owner.data or "").strip()
        owner = UUID(raw_owner) if raw_owner else None
        return MitigationFacts(what=self.values["what"], owner_id=owner, due_on=self.values["due_on"])


class NewMitigationForm(_MitigationFields, CreateForm):
    """A new mitigation."""


class EditMitigationForm(_MitigationFields, EditForm):
    """The same, to edit."""


class MitigationProofForm(EditForm):
    """The proof that a mitigation is in place."""

    proof_link = link_field(
        LABELS["proof_link"],
        URL_MAX,
        hint=_l("Une page, un compte rendu, un essai. Ou joignez d’abord un fichier."),
    )
    note = text_field(_l("Ce que la preuve montre"), REASON_MAX, rows=3)

    def proof(self) -> MitigationProof:
        return MitigationProof(link=self.values["proof_link"], note=self.values["note"])


class DropMitigationForm(EditForm):
    """Why a mitigation is dropped."""

    note = text_field(_l("Pourquoi elle est abandonnée"), REASON_MAX, rows=3, required=_l("Dites pourquoi."))


def add_owner_to_choices(people: PersonChoices, owner_id: UUID | None, name: str | None) -> PersonChoices:
    """The people of the team, and the owner if they left it."""
    if owner_id is None or owner_id in dict(people):
        return people
    return [*people, (owner_id, _("%(name)s, qui a quitté l’équipe", name=name))]
