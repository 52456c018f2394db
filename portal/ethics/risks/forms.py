"""Forms of risks and mitigations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from portal.ethics.risks.commands import Residual, RiskFacts
from portal.ethics.risks.labels import LABELS, LIKELIHOODS, SEVERITIES
from portal.ethics.risks.mitigation_commands import MitigationFacts, MitigationProof
from portal.ethics.risks.models import AFFECTED_MAX, LINE_MAX, REASON_MAX, TEXT_MAX, URL_MAX
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    choices_of,
)
from portal.platform.web.form_fields import (
    link_line,
    optional_date,
    optional_text,
    required_line,
    required_text,
    scale_choice,
)

PersonChoices = Sequence[tuple[UUID, str]]


class _RiskFields(Form):
    what = required_line(
        _l("Que pourrait-il arriver ?"),
        _l("Écrivez ce qui pourrait arriver."),
        LINE_MAX,
        _l("En une ligne : l’erreur ou l’usage redouté, et ce qu’il entraînerait."),
    )
    affected = required_line(
        LABELS["affected"],
        _l("Dites qui serait touché."),
        AFFECTED_MAX,
        _l("Des catégories de personnes : les demandeurs, les agents d’un service…"),
    )
    likelihood = scale_choice(_l("Vraisemblance, avant toute mesure"), LIKELIHOODS)
    severity = scale_choice(_l("Gravité, avant toute mesure"), SEVERITIES)
    detail = optional_text(
        LABELS["detail"],
        TEXT_MAX,
        _l("D’où vient le risque, dans quels cas, ce qui le montre déjà."),
    )
    knowingly = BooleanField(_l("J’ai relu : ce texte ne désigne personne"))

    def facts(self) -> RiskFacts:
        return RiskFacts(**{name: self.values[name] for name in RiskFacts.__dataclass_fields__})


class NewRiskForm(_RiskFields, CreateForm):
    """A new risk."""


class RiskForm(_RiskFields, EditForm):
    """The same, to edit."""


class ResidualForm(EditForm):
    """The residual risk."""

    residual_likelihood = scale_choice(LABELS["residual_likelihood"], LIKELIHOODS)
    residual_severity = scale_choice(LABELS["residual_severity"], SEVERITIES)
    residual_reason = required_text(
        LABELS["residual_reason"],
        _l("Dites ce qui le montre."),
        REASON_MAX,
        _l("Ce que les mesures ont changé, et ce qui le montre."),
    )

    def residual(self) -> Residual:
        likelihood, severity, reason = self.values.values()
        return Residual(likelihood=likelihood, severity=severity, reason=reason)


class CloseRiskForm(EditForm):
    """Why a risk is closed."""

    closing_reason = required_text(
        LABELS["closing_reason"],
        _l("Dites pourquoi : votre nom et cette raison resteront."),
        REASON_MAX,
    )


class _MitigationFields(Form):
    what = required_line(
        _l("Que ferez-vous ?"),
        _l("Écrivez ce qui sera fait."),
        LINE_MAX,
        _l("Un geste précis, dont on pourra montrer qu’il est en place."),
    )
    owner = SelectField(LABELS["owner_id"], [Optional()], coerce=str)
    due_on = optional_date(LABELS["due_on"])

    def __init__(self, people: PersonChoices, *, obj: Any = None, **usual: Any) -> None:
        super().__init__(obj=obj, **usual)
        self.people = people
        self.owner.choices = choices_of([("", _l("Personne pour l’instant")), *people])
        if obj is not None:
            self.owner.data = str(obj.owner_id or "")

    def as_stored(self, row: Any) -> Form:
        return type(self)(self.people, formdata=None, obj=row)

    def facts(self) -> MitigationFacts:
        raw_owner = (self.owner.data or "").strip()
        owner = UUID(raw_owner) if raw_owner else None
        return MitigationFacts(
            what=self.values["what"], owner_id=owner, due_on=self.values["due_on"]
        )


class NewMitigationForm(_MitigationFields, CreateForm):
    """A new mitigation."""


class MitigationForm(_MitigationFields, EditForm):
    """The same, to edit."""


class MitigationProofForm(EditForm):
    """The proof that a mitigation is in place."""

    proof_link = link_line(
        LABELS["proof_link"],
        URL_MAX,
        _l("Une page, un compte rendu, un essai. Ou joignez d’abord un fichier."),
    )
    note = optional_text(_l("Ce que la preuve montre"), REASON_MAX, rows=3)

    def proof(self) -> MitigationProof:
        return MitigationProof(link=self.values["proof_link"], note=self.values["note"])


class DropMitigationForm(EditForm):
    """Why a mitigation is dropped."""

    note = required_text(
        _l("Pourquoi elle est abandonnée"), _l("Dites pourquoi."), REASON_MAX, rows=3
    )


def with_owner(people: PersonChoices, owner_id: UUID | None, name: str | None) -> PersonChoices:
    """The people of the team, and the owner if they left it."""
    if owner_id is None or owner_id in dict(people):
        return people
    return [*people, (owner_id, _("%(name)s, qui a quitté l’équipe", name=name))]
