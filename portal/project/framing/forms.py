"""Forms of target groups, assumptions, interviews and impact metrics."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    NumberField,
    choices_of,
    validate_plausible_date,
)
from portal.project.framing.commands import AssumptionFacts, GroupFacts, InterviewFacts
from portal.project.framing.labels import ANSWERS, AUDIENCES, DIRECTIONS, RISKS
from portal.project.framing.metric_commands import MeasurementFacts, MetricPlan
from portal.project.framing.metric_models import SAMPLE_MAX, UNIT_MAX, VALUE_LIMIT, Direction
from portal.project.framing.models import (
    LINE_MAX,
    NAME_MAX,
    PEOPLE_MAX,
    SIZE_MAX,
    TEXT_MAX,
    AssumptionVerdict,
    TargetAudience,
    TargetGroup,
)

_VALUE = NumberRange(-VALUE_LIMIT, VALUE_LIMIT)
_CHOOSE = InputRequired(_l("Choisissez dans la liste."))
_DECIMAL = {"inputmode": "decimal"}
NOBODY = 0  # the choice that stands for no target group


class _GroupFields(Form):
    name = StringField(
        _l("Qui sont-ils ?"),
        [DataRequired(_l("Nommez ce public.")), Length(max=NAME_MAX)],
        description=_l("Par leur métier ou leur situation : les contrôleurs de la côte."),
    )
    audience = RadioField(
        _l("De quel côté du guichet ?"),
        [_CHOOSE],
        choices=choices_of(AUDIENCES),
        coerce=TargetAudience,
    )
    size = IntegerField(
        _l("Combien sont-ils ?"),
        [Optional(), NumberRange(0, SIZE_MAX)],
        description=_l("Un ordre de grandeur suffit."),
    )
    access_needs = TextAreaField(
        _l("Besoins d’accès"),
        [Length(max=TEXT_MAX)],
        description=_l("Lecteur d’écran, peu de réseau, gants, français difficile… sans nommer."),
        render_kw={"rows": 3},
    )

    def facts(self) -> GroupFacts:
        return GroupFacts(**{name: self.values[name] for name in GroupFacts.__dataclass_fields__})


class NewGroupForm(_GroupFields, CreateForm):
    """Add a target group."""


class GroupForm(_GroupFields, EditForm):
    """Edit a target group, or drop it."""

    left = BooleanField(
        _l("Le projet ne vise plus ce public"),
        description=_l("Il reste lisible, avec le jour où vous l’avez écarté."),
    )

    def __init__(self, *args: Any, obj: TargetGroup | None = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=obj, **kwargs)
        if obj is not None:
            self.left.data = obj.left_on is not None


class _AssumptionFields(Form):
    statement = StringField(
        _l("Ce que nous tenons pour vrai"),
        [DataRequired(_l("Écrivez l’hypothèse.")), Length(max=LINE_MAX)],
        description=_l("Une affirmation qu’un test peut démentir."),
    )
    risk = RadioField(
        _l("Que perd-on si elle est fausse ?"), [_CHOOSE], choices=choices_of(RISKS), coerce=int
    )
    test = TextAreaField(
        _l("Le test qui tranche"),
        [Length(max=TEXT_MAX)],
        description=_l("Ce que vous ferez, et le résultat à partir duquel vous changerez d’avis."),
        render_kw={"rows": 3},
    )

    def facts(self) -> AssumptionFacts:
        return AssumptionFacts(**self.values)


class NewAssumptionForm(_AssumptionFields, CreateForm):
    """Add an assumption."""


class AssumptionForm(_AssumptionFields, EditForm):
    """Edit an assumption."""


class AssumptionResultForm(EditForm):
    """Record the result of the test of an assumption."""

    verdict = RadioField(
        _l("Qu’a dit le test ?"), [_CHOOSE], choices=choices_of(ANSWERS), coerce=AssumptionVerdict
    )
    settled_on = DateField(_l("Jour du résultat"), [Optional(), validate_plausible_date])
    result = TextAreaField(
        _l("Ce qui a été observé"),
        [DataRequired(_l("Dites ce qui a été observé.")), Length(max=TEXT_MAX)],
        render_kw={"rows": 4},
    )


class _InterviewFields(Form):
    held_on = DateField(
        _l("Jour"), [InputRequired(_l("Donnez une date.")), validate_plausible_date]
    )
    people = IntegerField(
        _l("Personnes entendues"),
        [InputRequired(_l("Donnez un nombre.")), NumberRange(1, PEOPLE_MAX)],
    )
    group = SelectField(_l("Public"), coerce=int)
    learnt = TextAreaField(
        _l("Ce que vous avez appris"),
        [DataRequired(_l("Écrivez ce que vous avez appris.")), Length(max=TEXT_MAX)],
        description=_l("Jamais de nom ni de quoi reconnaître quelqu’un : un rôle suffit."),
        render_kw={"rows": 6},
    )
    knowingly = BooleanField(_l("J’ai relu : ce texte ne désigne personne"))

    def __init__(
        self,
        groups: Sequence[TargetGroup] = (),
        current_group: TargetGroup | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.groups = {group.number: group for group in groups}
        choices = [(group.number, group.name) for group in groups if not group.left_on]
        if current_group is not None and current_group.left_on:
            choices.append((current_group.number, current_group.name))
        self.group.choices = choices_of([*choices, (NOBODY, _l("Un autre public"))])
        if current_group is not None and self.group.raw_data is None:
            self.group.data = current_group.number

    def as_stored(self, row: Any) -> Form:
        groups = list(self.groups.values())
        current_group = next((group for group in groups if group.id == row.target_group_id), None)
        return type(self)(groups, current_group, formdata=None, obj=row)

    def facts(self) -> InterviewFacts:
        values = {name: self.values[name] for name in ("held_on", "people", "learnt")}
        return InterviewFacts(target_group=self.groups.get(self.group.data), **values)


class NewInterviewForm(_InterviewFields, CreateForm):
    """Log an interview."""


class InterviewForm(_InterviewFields, EditForm):
    """Edit an interview."""


class _MetricFields(Form):
    name = StringField(
        _l("Ce qui doit changer"),
        [DataRequired(_l("Nommez l’indicateur.")), Length(max=NAME_MAX)],
        description=_l("Le temps de réponse, la part de dossiers complets…"),
    )
    unit = StringField(
        _l("Unité"),
        [DataRequired(_l("Donnez l’unité.")), Length(max=UNIT_MAX)],
        description=_l("jours, %, dossiers par agent…"),
    )
    direction = RadioField(
        _l("Dans quel sens ?"), [_CHOOSE], choices=choices_of(DIRECTIONS), coerce=Direction
    )
    baseline = NumberField(
        _l("Point de départ"),
        [Optional(), _VALUE],
        description=_l("Sa valeur avant le projet."),
        render_kw=_DECIMAL,
    )
    baseline_on = DateField(_l("Mesuré le"), [Optional(), validate_plausible_date])
    baseline_source = StringField(
        _l("Source du point de départ"),
        [Length(max=LINE_MAX)],
        description=_l("Un rapport, un comptage, une requête : de quoi refaire la mesure."),
    )
    target = NumberField(_l("Cible"), [Optional(), _VALUE], render_kw=_DECIMAL)

    def plan(self) -> MetricPlan:
        return MetricPlan(**{name: self.values[name] for name in MetricPlan.__dataclass_fields__})


class NewMetricForm(_MetricFields, CreateForm):
    """Define an impact metric."""


class MetricForm(_MetricFields, EditForm):
    """Redefine an impact metric, with a reason."""

    reason = StringField(
        _l("Pourquoi l’indicateur change"),
        [DataRequired(_l("Dites pourquoi il change.")), Length(max=LINE_MAX)],
        description=_l("L’ancienne définition et ses mesures restent lisibles."),
    )


class _MeasurementFields(Form):
    measured_on = DateField(
        _l("Jour"), [InputRequired(_l("Donnez une date.")), validate_plausible_date]
    )
    value = NumberField(
        _l("Valeur"), [InputRequired(_l("Donnez un nombre.")), _VALUE], render_kw=_DECIMAL
    )
    sample_size = IntegerField(_l("Sur combien de cas ?"), [Optional(), NumberRange(1, SAMPLE_MAX)])
    method = TextAreaField(
        _l("Comment"),
        [Length(max=TEXT_MAX)],
        description=_l("Sur quelle période, par qui, avec quelle requête ou quel comptage."),
        render_kw={"rows": 3},
    )

    def measurement_facts(self) -> MeasurementFacts:
        return MeasurementFacts(
            **{name: self.values[name] for name in MeasurementFacts.__dataclass_fields__}
        )


class NewMeasurementForm(_MeasurementFields, CreateForm):
    """Add a measurement."""


class MeasurementForm(_MeasurementFields, EditForm):
    """Correct a measurement, or set it aside."""

    set_aside = BooleanField(
        _l("Ne plus compter cette mesure"),
        description=_l("Elle reste dans le tableau, rayée de la courbe."),
    )

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=obj, **kwargs)
        if obj is not None:
            self.set_aside.data = obj.set_aside_on is not None
