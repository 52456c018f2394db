"""Forms of gates: decisions, facts, terms."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from portal.oversight.gates.definition_rules import (
    MONTH_MAX,
    THRESHOLD_MAX,
    THRESHOLD_MIN,
    WEIGHT_MAX,
    GateAcceptor,
)
from portal.oversight.gates.fact_commands import ChangePlanTexts, KeyRolesFacts, PanelFacts
from portal.oversight.gates.labels import ACCEPTORS, OUTCOMES
from portal.oversight.gates.models import (
    CRITERIA_MAX,
    FINGERPRINT,
    LINE_MAX,
    REASON_MAX,
    TEXT_MAX,
    Panel,
    PanelOutcome,
)
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    build_choices_from_pairs,
    validate_plausible_date,
)
from portal.platform.web.form_fields import ANSWER_REQUIRED, WarningSeenField

Choices = Sequence[tuple[UUID, str]]
MET, NOT_MET = "+", "-"


def parse_option_id(value: object) -> UUID | None:
    """Return the id that a select field sends, None for its empty option."""
    return None if value in (None, "", "None") else UUID(str(value))


class GateButtonForm(CreateForm):
    """A decision without fields: declare, withdraw."""


class _AnswerGateForm(CreateForm):
    """`answered` is the moment of the last acceptance or refusal that the page knew of."""

    answered = HiddenField(validators=[Length(max=40)])


class AcceptGateForm(_AnswerGateForm):
    """`fingerprint` is the fingerprint of the evaluation that the page showed."""

    note = TextAreaField(
        _l("Ce que vous en dites"),
        [Length(max=REASON_MAX)],
        description=_l("Facultatif : l’équipe le lira."),
        render_kw={"rows": 4},
    )
    fingerprint = HiddenField(validators=[Length(max=FINGERPRINT)])


class GateDecisionReasonForm(CreateForm):
    """A decision with its reason: waive, restore."""

    reason = TextAreaField(
        _l("Pourquoi"),
        [DataRequired(_l("Dites pourquoi : l’équipe le lira.")), Length(max=REASON_MAX)],
        render_kw={"rows": 5},
    )


class RefuseGateForm(_AnswerGateForm, GateDecisionReasonForm):
    """A refusal with its reason."""


class KeyRolesForm(EditForm):
    """Holders of the key roles."""

    sponsor_id = SelectField(
        _l("Sponsor"),
        coerce=parse_option_id,
        description=_l("Qui défend le projet dans sa direction, et lève ce qui bloque."),
    )
    business_owner_id = SelectField(
        _l("Responsable métier"),
        coerce=parse_option_id,
        description=_l("Qui répond de ce que le prototype change dans le travail."),
    )

    def set_people(self, people: Choices) -> "KeyRolesForm":
        """Set the options of both roles; return the form."""
        nobody = [("", _("Personne pour l’instant"))]
        for field in (self.sponsor_id, self.business_owner_id):
            field.choices = build_choices_from_pairs([*nobody, *people])
        return self

    def make_form_from_stored(self, row: object) -> Form:
        """Return the form filled from the stored row, with the same options."""
        stored = KeyRolesForm(formdata=None, obj=row)
        for name in ("sponsor_id", "business_owner_id"):
            stored[name].choices = self[name].choices
        return stored

    def facts(self) -> KeyRolesFacts:
        """Return the values typed."""
        return KeyRolesFacts(
            sponsor_id=self.sponsor_id.data,
            business_owner_id=self.business_owner_id.data,
        )


class EditChangePlanForm(EditForm):
    """What changes for the people who will work with the prototype."""

    missions = TextAreaField(
        _l("Les missions"),
        [Length(max=TEXT_MAX)],
        description=_l("Ce que chacun fera, ne fera plus, fera autrement."),
        render_kw={"rows": 5},
    )
    workflow = TextAreaField(
        _l("L’organisation"),
        [Length(max=TEXT_MAX)],
        description=_l("Les étapes, les outils, qui répond de quoi."),
        render_kw={"rows": 5},
    )
    training = TextAreaField(
        _l("La formation"),
        [Length(max=TEXT_MAX)],
        description=_l("Qui est formé à quoi, quand, par qui."),
        render_kw={"rows": 5},
    )

    def texts(self) -> ChangePlanTexts:
        """Return the texts typed."""
        return ChangePlanTexts(
            missions=self.missions.data or "",
            workflow=self.workflow.data or "",
            training=self.training.data or "",
        )


class _PanelFields(Form):
    held_on = DateField(_l("Le"), [InputRequired(_l("Donnez une date.")), validate_plausible_date])
    members = StringField(
        _l("Qui y siégeait"),
        [DataRequired(_l("Dites qui siégeait.")), Length(max=LINE_MAX)],
        description=_l("Des fonctions, jamais des noms."),
    )
    shown = SelectField(_l("Version montrée en direct"), coerce=parse_option_id)
    criteria = TextAreaField(
        _l("Les critères"),
        [DataRequired(_l("Écrivez au moins un critère, et s’il est atteint.")), Length(max=TEXT_MAX)],
        description=_l("Un par ligne ; commencez par + s’il est atteint, par - s’il ne l’est pas."),
        render_kw={"rows": 6},
    )
    outcome = RadioField(
        _l("La suite décidée"),
        [ANSWER_REQUIRED],
        choices=build_choices_from_pairs(OUTCOMES),
        coerce=PanelOutcome,
    )
    reasons = TextAreaField(
        _l("Les raisons"), [DataRequired(_l("Dites pourquoi.")), Length(max=TEXT_MAX)], render_kw={"rows": 5}
    )

    def set_versions(self, versions: Choices) -> "_PanelFields":
        """Set the options of the version that was shown; return the form."""
        self.shown.choices = build_choices_from_pairs([("", _("Aucune en direct")), *versions])
        return self

    def validate_criteria(self, field: TextAreaField) -> None:
        lines = parse_criteria(field.data or "")
        if lines is None or len(lines) > CRITERIA_MAX:
            raise ValidationError(
                _("Commencez chaque ligne par + ou par - ; %(n)s lignes au plus.", n=CRITERIA_MAX)
            )

    def facts(self) -> PanelFacts:
        """Return the values typed."""
        return PanelFacts(
            held_on=self.held_on.data or clock.today(),  # required: None only before validation
            members=self.members.data or "",
            version_id=self.shown.data,
            criteria=parse_criteria(self.criteria.data or "") or (),
            outcome=self.outcome.data,
            reasons=self.reasons.data or "",
        )


class NewPanelForm(_PanelFields, CreateForm):
    """Record what a panel saw and decided."""


class EditPanelForm(_PanelFields, EditForm):
    """Edit what a panel saw and decided."""

    def make_form_from_stored(self, row: object) -> Form:
        """Return the form filled from the stored panel."""
        stored = EditPanelForm(
            formdata=None, data=build_panel_form_data(row) if isinstance(row, Panel) else {}
        )
        stored.shown.choices = self.shown.choices
        return stored


def build_panel_form_data(panel: Panel) -> dict[str, object]:
    """Return the values of a panel by field of its form."""
    names = ("held_on", "members", "outcome", "reasons")
    return {name: getattr(panel, name) for name in names} | {
        "version": panel.version,
        "shown": panel.prototype_version_id,
        "criteria": format_criteria(panel.criteria),
    }


def parse_criteria(text: str) -> Sequence[tuple[str, bool]] | None:
    """Return (criterion, is_met) of lines « + texte » or « - texte », None if one is neither."""
    criteria = []
    for line in filter(None, map(str.strip, text.splitlines())):
        mark, criterion = line[0].replace("–", NOT_MET), line[1:].strip()
        if mark not in {MET, NOT_MET} or not criterion or len(criterion) > LINE_MAX:
            return None
        criteria.append((criterion, mark == MET))
    return criteria


def format_criteria(criteria: Sequence[Sequence[object]]) -> str:
    """Return criteria as the text that `parse_criteria` reads."""
    return "\n".join(f"{MET if met else NOT_MET} {criterion}" for criterion, met in criteria)


class GateTermsForm(EditForm):
    """Terms of a gate. `build_terms_form_class` adds a field for each threshold."""

    weight = IntegerField(_l("Poids"), [InputRequired(_l("Donnez un nombre.")), NumberRange(0, WEIGHT_MAX)])
    month = IntegerField(
        _l("Mois attendu"),
        [InputRequired(_l("Donnez un nombre.")), NumberRange(0, MONTH_MAX)],
        description=_l("Compté depuis le début de l’accompagnement."),
    )
    acceptor = SelectField(
        _l("Accepté par"), choices=build_choices_from_pairs(ACCEPTORS), coerce=GateAcceptor
    )
    track = SelectField(_l("Volet"))
    because = StringField(
        _l("Pourquoi ce changement"),
        [DataRequired(_l("Dites pourquoi : l’historique le garde.")), Length(max=LINE_MAX)],
    )
    knowingly = WarningSeenField(_l("J’ai vu quelles équipes cela touche"))


def build_terms_form_class(
    thresholds: Sequence[tuple[str, str]], tracks: Sequence[tuple[str, str]]
) -> type[GateTermsForm]:
    """Return a form class for one gate: its thresholds and a programme's tracks, (key, label)."""
    bounds = [InputRequired(_l("Donnez un nombre.")), NumberRange(THRESHOLD_MIN, THRESHOLD_MAX)]
    fields: dict[str, Any] = {f"asked_{key}": IntegerField(label, bounds) for key, label in thresholds}
    fields["track"] = SelectField(_l("Volet"), choices=build_choices_from_pairs([("", _("Aucun")), *tracks]))
    return type("GateTermsForm", (GateTermsForm,), fields)
