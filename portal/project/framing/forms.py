"""Forms of target groups, assumptions, interviews and impact metrics."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import (
    build_dataclass_from_fields,
    day_field,
    decimal_field,
    integer_field,
    line_field,
    radio_field,
    text_field,
)
from portal.project.framing.commands import AssumptionFacts, GroupFacts, InterviewFacts
from portal.project.framing.labels import ANSWERS, AUDIENCES, DIRECTIONS, RISKS
from portal.project.framing.metric_commands import MeasurementFacts, MetricDefinitionFacts
from portal.project.framing.metric_models import SAMPLE_MAX, UNIT_MAX, VALUE_LIMIT, MetricDirection
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

NOBODY = 0  # the choice that stands for no target group


class _GroupFields(Form):
    name = line_field(
        _l("Qui sont-ils ?"),
        NAME_MAX,
        required=_l("Nommez ce public."),
        hint=_l("Par leur métier ou leur situation : les contrôleurs de la côte."),
    )
    audience = radio_field(_l("De quel côté du guichet ?"), AUDIENCES, TargetAudience)
    size = integer_field(_l("Combien sont-ils ?"), 0, SIZE_MAX, hint=_l("Un ordre de grandeur suffit."))
    access_needs = text_field(
        _l("Besoins d’accessibilité"),
        TEXT_MAX,
        rows=3,
        hint=_l("Lecteur d’écran, peu de réseau, gants, français difficile… sans nommer."),
    )

    def facts(self) -> GroupFacts:
        return build_dataclass_from_fields(self, GroupFacts)


class NewGroupForm(_GroupFields, CreateForm):
    """Add a target group."""


class EditGroupForm(_GroupFields, EditForm):
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
    statement = line_field(
        _l("Ce que nous tenons pour vrai"),
        LINE_MAX,
        required=_l("Écrivez l’hypothèse."),
        hint=_l("Une affirmation qu’un test peut démentir."),
    )
    risk = radio_field(_l("Que perd-on si elle est fausse ?"), RISKS, int)
    test = text_field(
        _l("Le test qui tranche"),
        TEXT_MAX,
        rows=3,
        hint=_l("Ce que vous ferez, et le résultat à partir duquel vous changerez d’avis."),
    )

    def facts(self) -> AssumptionFacts:
        return AssumptionFacts(**self.values)


class NewAssumptionForm(_AssumptionFields, CreateForm):
    """Add an assumption."""


class EditAssumptionForm(_AssumptionFields, EditForm):
    """Edit an assumption."""


class AssumptionResultForm(EditForm):
    """Record the result of the test of an assumption."""

    verdict = radio_field(_l("Qu’a dit le test ?"), ANSWERS, AssumptionVerdict)
    settled_on = day_field(_l("Jour du résultat"), optional=True)
    result = text_field(
        _l("Ce qui a été observé"), TEXT_MAX, rows=4, required=_l("Dites ce qui a été observé.")
    )


class _InterviewFields(Form):
    held_on = day_field(_l("Jour"))
    people = integer_field(_l("Personnes entendues"), 1, PEOPLE_MAX, required=_l("Donnez un nombre."))
    group = SelectField(_l("Public"), coerce=int)
    learnt = text_field(
        _l("Ce que vous avez appris"),
        TEXT_MAX,
        rows=6,
        required=_l("Écrivez ce que vous avez appris."),
        hint=_l("Jamais de nom ni de quoi reconnaître quelqu’un : un rôle suffit."),
    )
    knowingly = BooleanField(_l("J’ai relu : ce texte ne désigne personne"))

    def __init__(
        self, groups: Sequence[TargetGroup] = (), current_group: TargetGroup | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.groups = {group.number: group for group in groups}
        choices = [(group.number, group.name) for group in groups if not group.left_on]
        if current_group is not None and current_group.left_on:
            choices.append((current_group.number, current_group.name))
        self.group.choices = build_choices_from_pairs([*choices, (NOBODY, _l("Un autre public"))])
        if current_group is not None and self.group.raw_data is None:
            self.group.data = current_group.number

    def make_form_from_stored(self, row: Any) -> Form:
        groups = list(self.groups.values())
        current_group = next((group for group in groups if group.id == row.target_group_id), None)
        return type(self)(groups, current_group, formdata=None, obj=row)

    def facts(self) -> InterviewFacts:
        return build_dataclass_from_fields(
            self, InterviewFacts, target_group=self.groups.get(self.group.data)
        )


class NewInterviewForm(_InterviewFields, CreateForm):
    """Log an interview."""


class EditInterviewForm(_InterviewFields, EditForm):
    """Edit an interview."""


class _MetricFields(Form):
    name = line_field(
        _l("Ce qui doit changer"),
        NAME_MAX,
        required=_l("Nommez l’indicateur."),
        hint=_l("Le temps de réponse, la part de dossiers complets…"),
    )
    unit = line_field(
        _l("Unité"), UNIT_MAX, required=_l("Donnez l’unité."), hint=_l("jours, %, dossiers par agent…")
    )
    direction = radio_field(_l("Dans quel sens ?"), DIRECTIONS, MetricDirection)
    baseline = decimal_field(
        _l("Point de départ"), VALUE_LIMIT, optional=True, hint=_l("Sa valeur avant le projet.")
    )
    baseline_on = day_field(_l("Mesuré le"), optional=True)
    baseline_source = line_field(
        _l("Source du point de départ"),
        LINE_MAX,
        hint=_l("Un rapport, un comptage, une requête : de quoi refaire la mesure."),
    )
    target = decimal_field(_l("Cible"), VALUE_LIMIT, optional=True)

    def plan(self) -> MetricDefinitionFacts:
        return build_dataclass_from_fields(self, MetricDefinitionFacts)


class NewMetricForm(_MetricFields, CreateForm):
    """Define an impact metric."""


class RedefineMetricForm(_MetricFields, EditForm):
    """Redefine an impact metric, with a reason."""

    reason = line_field(
        _l("Pourquoi l’indicateur change"),
        LINE_MAX,
        required=_l("Dites pourquoi il change."),
        hint=_l("L’ancienne définition et ses mesures restent lisibles."),
    )


class _MeasurementFields(Form):
    measured_on = day_field(_l("Jour"))
    value = decimal_field(_l("Valeur"), VALUE_LIMIT)
    sample_size = integer_field(_l("Sur combien de cas ?"), 1, SAMPLE_MAX)
    method = text_field(
        _l("Comment"),
        TEXT_MAX,
        rows=3,
        hint=_l("Sur quelle période, par qui, avec quelle requête ou quel comptage."),
    )

    def measurement_facts(self) -> MeasurementFacts:
        return build_dataclass_from_fields(self, MeasurementFacts)


class NewMeasurementForm(_MeasurementFields, CreateForm):
    """Add a measurement."""


class CorrectMeasurementForm(_MeasurementFields, EditForm):
    """Correct a measurement, or set it aside."""

    set_aside = BooleanField(
        _l("Ne plus compter cette mesure"), description=_l("Elle reste dans le tableau, rayée de la courbe.")
    )

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=obj, **kwargs)
        if obj is not None:
            self.set_aside.data = obj.set_aside_on is not None
