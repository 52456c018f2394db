"""Forms of risks and mitigations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

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
    validate_plausible_date,
    validate_web_link,
)

PersonChoices = Sequence[tuple[UUID, str]]
_CHOICE_REQUIRED = InputRequired(_l("Choisissez dans la liste."))


class _RiskFields(Form):
    what = StringField(
        _l("Que pourrait-il arriver ?"),
        [DataRequired(_l("Écrivez ce qui pourrait arriver.")), Length(max=LINE_MAX)],
        description=_l("En une ligne : l’erreur ou l’usage redouté, et ce qu’il entraînerait."),
    )
    affected = StringField(
        LABELS["affected"],
        [DataRequired(_l("Dites qui serait touché.")), Length(max=AFFECTED_MAX)],
        description=_l("Des catégories de personnes : les demandeurs, les agents d’un service…"),
    )
    likelihood = RadioField(
        _l("Vraisemblance, avant toute mesure"),
        [_CHOICE_REQUIRED],
        choices=choices_of(LIKELIHOODS),
        coerce=int,
    )
    severity = RadioField(
        _l("Gravité, avant toute mesure"),
        [_CHOICE_REQUIRED],
        choices=choices_of(SEVERITIES),
        coerce=int,
    )
    detail = TextAreaField(
        LABELS["detail"],
        [Length(max=TEXT_MAX)],
        description=_l("D’où vient le risque, dans quels cas, ce qui le montre déjà."),
        render_kw={"rows": 4},
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

    residual_likelihood = RadioField(
        LABELS["residual_likelihood"],
        [_CHOICE_REQUIRED],
        choices=choices_of(LIKELIHOODS),
        coerce=int,
    )
    residual_severity = RadioField(
        LABELS["residual_severity"], [_CHOICE_REQUIRED], choices=choices_of(SEVERITIES), coerce=int
    )
    residual_reason = TextAreaField(
        LABELS["residual_reason"],
        [DataRequired(_l("Dites ce qui le montre.")), Length(max=REASON_MAX)],
        description=_l("Ce que les mesures ont changé, et ce qui le montre."),
        render_kw={"rows": 4},
    )

    def residual(self) -> Residual:
        likelihood, severity, reason = self.values.values()
        return Residual(likelihood=likelihood, severity=severity, reason=reason)


class CloseRiskForm(EditForm):
    """Why a risk is closed."""

    closing_reason = TextAreaField(
        LABELS["closing_reason"],
        [
            DataRequired(_l("Dites pourquoi : votre nom et cette raison resteront.")),
            Length(max=REASON_MAX),
        ],
        render_kw={"rows": 4},
    )


class _MitigationFields(Form):
    what = StringField(
        _l("Que ferez-vous ?"),
        [DataRequired(_l("Écrivez ce qui sera fait.")), Length(max=LINE_MAX)],
        description=_l("Un geste précis, dont on pourra montrer qu’il est en place."),
    )
    owner = SelectField(LABELS["owner_id"], [Optional()], coerce=str)
    due_on = DateField(LABELS["due_on"], [Optional(), validate_plausible_date])

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

    proof_link = StringField(
        LABELS["proof_link"],
        [Length(max=URL_MAX), validate_web_link],
        description=_l("Une page, un compte rendu, un essai. Ou joignez d’abord un fichier."),
    )
    note = TextAreaField(
        _l("Ce que la preuve montre"), [Length(max=REASON_MAX)], render_kw={"rows": 3}
    )

    def proof(self) -> MitigationProof:
        return MitigationProof(link=self.values["proof_link"], note=self.values["note"])


class DropMitigationForm(EditForm):
    """Why a mitigation is dropped."""

    note = TextAreaField(
        _l("Pourquoi elle est abandonnée"),
        [DataRequired(_l("Dites pourquoi.")), Length(max=REASON_MAX)],
        render_kw={"rows": 3},
    )


def with_owner(people: PersonChoices, owner_id: UUID | None, name: str | None) -> PersonChoices:
    """The people of the team, and the owner if they left it."""
    if owner_id is None or owner_id in dict(people):
        return people
    return [*people, (owner_id, _("%(name)s, qui a quitté l’équipe", name=name))]
