"""Forms of rounds, tasks and consent texts."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import (
    build_dataclass_from_fields,
    day_field,
    integer_field,
    line_field,
    radio_field,
    text_field,
)
from portal.project.framing.models import TargetGroup
from portal.sprints.prototypes.forms import VersionChoiceForm
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.rounds.commands import RoundPlan
from portal.user_tests.rounds.consent_commands import ConsentParts
from portal.user_tests.rounds.labels import LABELS, METHODS, SCALES
from portal.user_tests.rounds.models import (
    LINE_MAX,
    NAME_MAX,
    PEOPLE_MAX,
    TEXT_MAX,
    TIME_LIMIT_MAX,
    RoundScale,
    SessionMethod,
)
from portal.user_tests.rounds.task_commands import TaskFacts, TaskMoveDirection

_CHOOSE = InputRequired(_l("Choisissez dans la liste."))
_READ_AGAIN = _l("J’ai relu : ce texte ne désigne personne")
_NUMBER = {"inputmode": "numeric"}


class _TestedVersionForm(VersionChoiceForm):
    prototype = SelectField(LABELS["version"], [_CHOOSE], coerce=int)


class _RoundFields(_TestedVersionForm):
    title = line_field(
        LABELS["title"],
        NAME_MAX,
        required=_l("Donnez un titre."),
        hint=_l("Ce qu’on éprouve, en quelques mots : « Lire la carte sans aide »."),
    )
    groups = SelectMultipleField(LABELS["groups"], coerce=int)
    wanted = integer_field(
        _l("Participants par public"),
        1,
        PEOPLE_MAX,
        hint=_l("Cinq montrent l’essentiel de ce qui gêne."),
        render_kw=_NUMBER,
    )
    hypotheses = text_field(
        LABELS["hypotheses"],
        TEXT_MAX,
        rows=4,
        hint=_l(
            "Une phrase par ligne, que ce test pourra démentir. Ce que la série tranche pour le projet"
            " se note ensuite à ses hypothèses."
        ),
    )
    method = radio_field(LABELS["method"], METHODS, SessionMethod)
    scale = radio_field(LABELS["scale"], SCALES, RoundScale)
    starts_on = day_field(LABELS["starts_on"], optional=True)
    ends_on = day_field(LABELS["ends_on"], optional=True)
    script = text_field(
        LABELS["script"],
        TEXT_MAX,
        rows=5,
        hint=_l("L’accueil, ce qu’on dit et ne dit pas, les questions de la fin."),
    )
    knowingly = BooleanField(_READ_AGAIN)

    def __init__(
        self,
        versions: Sequence[PrototypeVersion],
        groups: Sequence[TargetGroup],
        *,
        obj: Any = None,
        **defaults: Any,
    ) -> None:
        super().__init__(versions, obj=obj, **defaults)
        self.by_number = {group.number: group for group in groups}
        self.groups.choices = build_choices_from_pairs((n, group.name) for n, group in self.by_number.items())
        self.init_args = (versions, groups)

    def make_form_from_stored(self, row: Any) -> Form:
        stored = type(self)(*self.init_args, formdata=None, obj=row)
        stored.groups.data, stored.wanted.data = self.groups.data, self.wanted.data
        return stored

    def plan(self) -> RoundPlan:
        selected_numbers = self.groups.data or []
        return build_dataclass_from_fields(
            self,
            RoundPlan,
            version=self.versions[self.prototype.data],
            groups=[group for n, group in self.by_number.items() if n in selected_numbers],
            participant_goal=self.values["wanted"],
        )


class NewRoundForm(_RoundFields, CreateForm):
    """Plan a round."""


class EditRoundForm(_RoundFields, EditForm):
    """Change a round."""


class CopyRoundForm(_TestedVersionForm, CreateForm):
    """Copy a round for a version, with a title."""

    title = line_field(LABELS["title"], NAME_MAX, required=_l("Donnez un titre."))


class AccessNeedsForm(EditForm):
    """Number of participants with an access need."""

    access_needs = integer_field(
        LABELS["access_needs"],
        0,
        PEOPLE_MAX,
        required=_l("Donnez un nombre, même zéro."),
        hint=_l("Dans toute la série. Ne l’écrivez jamais à côté d’un participant."),
        render_kw=_NUMBER,
    )
    no_access_needs = line_field(
        LABELS["no_access_needs"],
        LINE_MAX,
        hint=_l("Si c’est zéro : qui avez-vous invité, qu’a-t-il manqué ?"),
    )


class EndOrReopenRoundForm(Form):
    """A button that ends or reopens a round; `confirmed` once what an end does was told."""

    confirmed = HiddenField()
    to = SelectField(
        _l("État"),
        [_CHOOSE],
        choices=build_choices_from_pairs([("over", _l("Terminée")), ("open", _l("Rouverte"))]),
    )


class _TaskFields(Form):
    title = line_field(_l("La tâche, en quelques mots"), NAME_MAX, required=_l("Nommez la tâche."))
    instruction = text_field(
        LABELS["instruction"],
        TEXT_MAX,
        rows=4,
        required=_l("Écrivez quelque chose."),
        hint=_l("Un but dans ses mots à lui, sans le chemin ni le nom des boutons."),
    )
    success = text_field(
        LABELS["success"],
        TEXT_MAX,
        rows=3,
        required=_l("Écrivez quelque chose."),
        hint=_l("Ce que deux observateurs verraient de la même façon."),
    )
    time_limit = integer_field(
        _l("Limite de temps, en secondes"),
        1,
        TIME_LIMIT_MAX,
        hint=_l("Facultative : 180 pour trois minutes."),
        render_kw=_NUMBER,
    )
    is_primary = BooleanField(
        LABELS["is_primary"], description=_l("Celle qui dit si le prototype sert. Une seule par série.")
    )
    knowingly = BooleanField(_READ_AGAIN)

    def text(self) -> TaskFacts:
        return TaskFacts(**self.values)


class NewTaskForm(_TaskFields, CreateForm):
    """Add a task."""


class EditTaskForm(_TaskFields, EditForm):
    """Change a task."""


class TaskMoveForm(Form):
    """A button that moves a task up or down."""

    to = SelectField(
        LABELS["position"],
        [_CHOOSE],
        choices=build_choices_from_pairs(
            [(TaskMoveDirection.UP, _l("Monter")), (TaskMoveDirection.DOWN, _l("Descendre"))]
        ),
        coerce=TaskMoveDirection,
    )


class ConsentTextForm(EditForm):
    """The consent text, part by part."""

    purpose = text_field(LABELS["purpose"], TEXT_MAX, rows=4, required=_l("Écrivez quelque chose."))
    course = text_field(LABELS["course"], TEXT_MAX, rows=5, required=_l("Écrivez quelque chose."))
    retention = text_field(LABELS["retention"], TEXT_MAX, rows=4, required=_l("Écrivez quelque chose."))
    withdrawal = text_field(LABELS["withdrawal"], TEXT_MAX, rows=4, required=_l("Écrivez quelque chose."))
    dpo_contact = line_field(
        LABELS["dpo_contact"],
        LINE_MAX,
        required=_l("Écrivez quelque chose."),
        hint=_l("La fonction et son adresse, jamais le nom d’une personne."),
    )

    def parts(self) -> ConsentParts:
        return ConsentParts(**self.values)
