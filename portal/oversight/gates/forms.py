"""What people type about gates."""

from collections.abc import Sequence
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from portal.oversight.gates.definition_rules import (
    MONTH_MAX,
    THRESHOLD_MAX,
    THRESHOLD_MIN,
    WEIGHT_MAX,
    GateAcceptor,
)
from portal.oversight.gates.fact_commands import ChangePlanTexts, EngagementFacts, PanelFacts
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
    choices_of,
    validate_plausible_date,
)

Choices = Sequence[tuple[UUID, str]]
_CHOOSE = InputRequired(_l("Choisissez dans la liste."))
MET, NOT_MET = "+", "-"


def parse_id(value: object) -> UUID | None:
    """What a list sends; nothing chosen is None."""
    return None if value in (None, "", "None") else UUID(str(value))


class GateActForm(CreateForm):
    """A verb that needs no words."""


class AcceptGateForm(CreateForm):
    """`seen` is the fingerprint of the evidence that the page showed."""

    note = TextAreaField(
        _l("Ce que vous en dites"),
        [Length(max=REASON_MAX)],
        description=_l("Facultatif : l’équipe le lira."),
        render_kw={"rows": 4},
    )
    seen = HiddenField(validators=[Length(max=FINGERPRINT)])


class ReasonForm(CreateForm):
    """A decision that says why."""

    reason = TextAreaField(
        _l("Pourquoi"),
        [DataRequired(_l("Dites pourquoi : l’équipe le lira.")), Length(max=REASON_MAX)],
        render_kw={"rows": 5},
    )


class EngagementForm(EditForm):
    """When the agreement was signed, and who holds the key roles."""

    agreed_on = DateField(_l("Convention signée le"), [Optional(), validate_plausible_date])
    sponsor_id = SelectField(
        _l("Sponsor"),
        coerce=parse_id,
        description=_l("Qui défend le projet dans sa direction, et lève ce qui bloque."),
    )
    business_owner_id = SelectField(
        _l("Responsable métier"),
        coerce=parse_id,
        description=_l("Qui répond de ce que le prototype change dans le travail."),
    )

    def set_people(self, people: Choices) -> "EngagementForm":
        """Whom one may choose."""
        nobody = [("", _("Personne pour l’instant"))]
        for field in (self.sponsor_id, self.business_owner_id):
            field.choices = choices_of([*nobody, *people])
        return self

    def as_stored(self, row: object) -> Form:
        """As it is kept, with the same people to choose from."""
        stored = EngagementForm(formdata=None, obj=row)
        for name in ("sponsor_id", "business_owner_id"):
            stored[name].choices = self[name].choices
        if "agreed_on" not in self:
            del stored.agreed_on
        return stored

    def facts(self) -> EngagementFacts:
        return EngagementFacts(
            agreed_on=self.agreed_on.data if "agreed_on" in self else None,
            sponsor_id=self.sponsor_id.data,
            business_owner_id=self.business_owner_id.data,
        )


class ChangePlanForm(EditForm):
    """What changes for those who will work with the prototype."""

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
    shown = SelectField(_l("Version montrée en direct"), coerce=parse_id)
    criteria = TextAreaField(
        _l("Les critères"),
        [
            DataRequired(_l("Écrivez au moins un critère, et s’il est atteint.")),
            Length(max=TEXT_MAX),
        ],
        description=_l("Un par ligne ; commencez par + s’il est atteint, par - s’il ne l’est pas."),
        render_kw={"rows": 6},
    )
    outcome = RadioField(
        _l("La suite décidée"), [_CHOOSE], choices=choices_of(OUTCOMES), coerce=PanelOutcome
    )
    reasons = TextAreaField(
        _l("Les raisons"),
        [DataRequired(_l("Dites pourquoi.")), Length(max=TEXT_MAX)],
        render_kw={"rows": 5},
    )

    def set_versions(self, versions: Choices) -> "_PanelFields":
        """Which version may have been shown."""
        self.shown.choices = choices_of([("", _("Aucune en direct")), *versions])
        return self

    def validate_criteria(self, field: TextAreaField) -> None:
        lines = parse_criteria(field.data or "")
        if lines is None or len(lines) > CRITERIA_MAX:
            raise ValidationError(
                _("Commencez chaque ligne par + ou par - ; %(n)s lignes au plus.", n=CRITERIA_MAX)
            )

    def facts(self) -> PanelFacts:
        return PanelFacts(
            held_on=self.held_on.data or clock.today(),  # one is asked for
            members=self.members.data or "",
            version_id=self.shown.data,
            criteria=parse_criteria(self.criteria.data or "") or (),
            outcome=self.outcome.data,
            reasons=self.reasons.data or "",
        )


class NewPanelForm(_PanelFields, CreateForm):
    """What a panel saw and decided."""


class PanelForm(_PanelFields, EditForm):
    """The same, mended."""

    def as_stored(self, row: object) -> Form:
        """As the panel is kept."""
        stored = PanelForm(
            formdata=None, data=panel_form_data(row) if isinstance(row, Panel) else {}
        )
        stored.shown.choices = self.shown.choices
        return stored


def panel_form_data(panel: Panel) -> dict[str, object]:
    """A panel as its form shows it."""
    names = ("held_on", "members", "outcome", "reasons")
    return {name: getattr(panel, name) for name in names} | {
        "version": panel.version,
        "shown": panel.prototype_version_id,
        "criteria": format_criteria(panel.criteria),
    }


def parse_criteria(text: str) -> Sequence[tuple[str, bool]] | None:
    """Lines of « + texte » or « - texte »; None where one is neither."""
    criteria = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        mark, criterion = line[0].replace("–", NOT_MET), line[1:].strip()
        if mark not in {MET, NOT_MET} or not criterion or len(criterion) > LINE_MAX:
            return None
        criteria.append((criterion, mark == MET))
    return criteria


def format_criteria(criteria: Sequence[Sequence[object]]) -> str:
    return "\n".join(f"{MET if met else NOT_MET} {criterion}" for criterion, met in criteria)


class GateTermsForm(EditForm):
    """What a programme asks at a gate. Its numbers are fields of their own, made by `asking`."""

    weight = IntegerField(
        _l("Poids"),
        [InputRequired(_l("Donnez un nombre.")), NumberRange(0, WEIGHT_MAX)],
    )
    month = IntegerField(
        _l("Mois attendu"),
        [InputRequired(_l("Donnez un nombre.")), NumberRange(0, MONTH_MAX)],
        description=_l("Compté depuis le début de l’accompagnement."),
    )
    acceptor = SelectField(_l("Accepté par"), choices=choices_of(ACCEPTORS), coerce=GateAcceptor)
    track = SelectField(_l("Volet"))
    because = StringField(
        _l("Pourquoi ce changement"),
        [DataRequired(_l("Dites pourquoi : l’historique le garde.")), Length(max=LINE_MAX)],
    )
    knowingly = BooleanField(_l("J’ai vu quelles équipes cela déplace"))


def threshold_field(label: str) -> IntegerField:
    """The field of one number that a predicate asks for."""
    return IntegerField(
        label,
        [InputRequired(_l("Donnez un nombre.")), NumberRange(THRESHOLD_MIN, THRESHOLD_MAX)],
    )


def build_terms_form(
    labels: Sequence[tuple[str, str]], tracks: Sequence[tuple[str, str]]
) -> type[GateTermsForm]:
    """A form with the numbers of one gate, (key, label), and a programme's tracks."""
    fields = {f"asked_{key}": threshold_field(label) for key, label in labels}
    form_class: type[GateTermsForm] = type(
        "GateTermsForm",
        (GateTermsForm,),
        {
            **fields,
            "track": SelectField(_l("Volet"), choices=choices_of([("", _("Aucun")), *tracks])),
        },
    )
    return form_class
