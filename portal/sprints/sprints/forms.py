"""Forms of a sprint: its plan, its start and its log."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import lower_first
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    NumberField,
    build_choices_from_pairs,
    enum_coercer,
    validate_web_link,
)
from portal.platform.web.form_fields import build_dataclass_from_fields, day_field, integer_field, line_field
from portal.sprints.backlog.item_list_queries import ItemRow
from portal.sprints.backlog.labels import STATES, format_points
from portal.sprints.backlog.models import SpillTarget
from portal.sprints.sprints.closing_labels import describe_blocked_items
from portal.sprints.sprints.commands import SprintLog, SprintPlan
from portal.sprints.sprints.labels import BLOCKER_CHOICES, OUTCOME_ANSWERS, OUTLOOKS
from portal.sprints.sprints.models import (
    CAPACITY_MAX,
    GOAL_MAX,
    LINE_MAX,
    TEST_SET_MAX,
    TEXT_MAX,
    URL_MAX,
    BlockerKind,
    Sprint,
    SprintOutcome,
)
from portal.sprints.sprints.outlook_rules import OutlookLevel

INDICATOR_LIMIT = 1_000_000_000
COMMON_SPILL = "spill"
SPILL = "spill-"
LogFormT = TypeVar("LogFormT", bound="LogFields")


class _PlanFields(Form):
    goal = line_field(_l("But du sprint"), GOAL_MAX, required=_l("Écrivez le but du sprint."))
    starts_on = day_field(_l("Premier jour"))
    ends_on = day_field(_l("Dernier jour"))
    capacity = integer_field(_l("Capacité, en points"), 0, CAPACITY_MAX)

    def plan(self) -> SprintPlan:
        return SprintPlan(**self.values)


class PlanSprintForm(_PlanFields, CreateForm):
    """A new sprint."""


class EditPlanForm(_PlanFields, EditForm):
    """Edit the plan of a sprint that is not closed."""


class LogFields(Form):
    """The answers of a log."""

    outcome = RadioField(
        _l("Le but est-il atteint ?"),
        choices=build_choices_from_pairs(OUTCOME_ANSWERS),
        coerce=enum_coercer(SprintOutcome),
        validate_choice=False,
    )
    summary = line_field(_l("En une ligne, qu’est-ce qui a abouti ?"), LINE_MAX)
    shown = TextAreaField(_l("Qu’avez-vous montré ?"), [Length(max=TEXT_MAX)])
    shown_to = line_field(_l("À qui ?"), LINE_MAX)
    shown_link = StringField(_l("Lien vers ce qui a été montré"), [Length(max=URL_MAX), validate_web_link])
    learnt = TextAreaField(_l("Qu’ont appris les utilisateurs ou les données ?"), [Length(max=TEXT_MAX)])
    indicator = line_field(_l("Indicateur du modèle"), LINE_MAX)
    indicator_before = NumberField(_l("Avant"), [Optional(), NumberRange(-INDICATOR_LIMIT, INDICATOR_LIMIT)])
    indicator_after = NumberField(_l("Après"), [Optional(), NumberRange(-INDICATOR_LIMIT, INDICATOR_LIMIT)])
    test_set_size = integer_field(_l("Taille du jeu de test"), 0, TEST_SET_MAX)
    blocker = SelectField(
        _l("Nature du blocage"),
        choices=build_choices_from_pairs(BLOCKER_CHOICES),
        coerce=BlockerKind,
        default=BlockerKind.NONE,
    )
    blocker_text = TextAreaField(_l("Le blocage, en une phrase"), [Length(max=TEXT_MAX)])
    help_wanted = BooleanField(_l("Demander de l’aide à un coach"))
    decision_awaited = TextAreaField(_l("Décision attendue du programme"), [Length(max=TEXT_MAX)])
    outlook = RadioField(
        _l("Météo du projet"),
        choices=build_choices_from_pairs(OUTLOOKS),
        coerce=enum_coercer(OutlookLevel),
        validate_choice=False,
    )
    outlook_note = line_field(_l("La météo, en une phrase"), LINE_MAX)
    next_goal = line_field(_l("But du prochain sprint"), GOAL_MAX)

    def log(self) -> SprintLog:
        return build_dataclass_from_fields(self, SprintLog)

    @property
    def spill_fields(self) -> list[SelectField]:
        """The exceptions: a choice for each open item."""
        return [field for field in self if field.name.startswith(SPILL)]

    @property
    def common_spill(self) -> SpillTarget:
        """Where the open items go that are no exception."""
        return self[COMMON_SPILL].data if COMMON_SPILL in self else SpillTarget.MOVED_ON

    def list_spill_exceptions(self) -> dict[int, SpillTarget]:
        """The open items that go elsewhere than the others, by their numbers."""
        choices = {int(field.name.removeprefix(SPILL)): field.data for field in self.spill_fields}
        return {number: spill for number, spill in choices.items() if spill}

    def spills(self) -> dict[int, SpillTarget]:
        """Where each open item goes, by its number."""
        numbers = (int(field.name.removeprefix(SPILL)) for field in self.spill_fields)
        return dict.fromkeys(numbers, self.common_spill) | self.list_spill_exceptions()


def add_spill_fields(form: type[LogFormT], left: Sequence[ItemRow], following: int | None) -> type[LogFormT]:
    """The form with one choice for all open items, and one for each that is an exception; `following`
    numbers the next sprint. Both are prefilled from a draft."""
    if not left:
        return form
    labels = {
        SpillTarget.MOVED_ON: _("Reporter au sprint %(number)s", number=following)
        if following
        else _("Reporter au prochain sprint"),
        SpillTarget.TO_BACKLOG: _("Remettre au carnet"),
        SpillTarget.DROPPED: _("Abandonner"),
    }
    common = Counter(item.spill or SpillTarget.MOVED_ON for item in left).most_common(1)[0][0]
    title = _("Tous les éléments non finis")
    fields = {
        COMMON_SPILL: SelectField(
            title, choices=build_choices_from_pairs(labels), coerce=SpillTarget, default=common
        )
    }
    choices = build_choices_from_pairs([("", _("Comme les autres")), *labels.items()])
    for item in left:
        spill = item.spill or SpillTarget.MOVED_ON
        standing = _(
            "%(state)s, %(points)s",
            state=lower_first(STATES[item.state]),
            points=format_points(item.points),
        )
        fields[f"{SPILL}{item.number}"] = SelectField(
            item.title,
            choices=choices,
            coerce=enum_coercer(SpillTarget),
            default=spill if spill is not common else None,
            description=standing,
        )
    return type(form.__name__, (form,), fields)


class _CompletedLogFields(LogFields):
    """A complete log: the required answers are checked together, so all faults show at once."""

    def validate_outcome(self, field: RadioField) -> None:
        if field.data is None:
            raise ValidationError(_("Dites si le but est atteint."))

    def validate_summary(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(self.missing_summary_sentence())

    def missing_summary_sentence(self) -> str:
        return _("Écrivez une ligne.")

    def log(self) -> SprintLog:
        """The log without an indicator that has a name but no value."""
        if self.indicator_before.data is None and self.indicator_after.data is None:
            self.clear_fields("indicator", "test_set_size")
        return super().log()

    def clear_fields(self, *names: str) -> None:
        """Reset fields as if they had not been sent."""
        for name in names:
            self[name].process(None)
            self[name].raw_data = None


# Fields prefilled from the last log, in groups that make sense only together. A request for help, an
# awaited decision and the weather are not among them: what one log said is not said again in its name.
PREFILLED_FIELDS = (
    ("indicator", "indicator_before", "indicator_after", "test_set_size"),
    ("blocker", "blocker_text"),
)


class CloseSprintForm(_CompletedLogFields, EditForm, CreateForm):
    """The log that closes a sprint: idempotent (form key) and with optimistic locking (version)."""

    nothing = SubmitField(_l("Rien à signaler"))
    planned_goal = HiddenField()  # of the next planned sprint, as the page showed it

    @staticmethod
    def build_prefilled_values(last: Sprint | None, blocked: Sequence[ItemRow] = ()) -> dict[str, Any]:
        """Values of the last log that rarely change; the `blocked` items of a sprint are what blocks it."""
        values: dict[str, Any] = {}
        if last is not None:
            values = {name: getattr(last, name) for group in PREFILLED_FIELDS for name in group}
            values |= {"indicator_before": last.indicator_after, "indicator_after": None}
        if blocked:
            values |= {"blocker": BlockerKind.NONE, "blocker_text": describe_blocked_items(blocked)}
        return values

    def missing_summary_sentence(self) -> str:
        return _("Écrivez une ligne, ou choisissez « Rien à signaler ».")

    def make_form_from_stored(self, row: object) -> Form:
        stored = super().make_form_from_stored(row)
        stored["planned_goal"].data = self.planned_goal.data
        return stored

    def answer_nothing_to_report(self, outcome: SprintOutcome) -> None:
        """Answer what the button « rien à signaler » leaves to the portal."""
        if not self.nothing.data:
            return
        if self.outcome.data is None and not self.outcome.process_errors:
            self.outcome.data = outcome
        if not self.summary.data:
            self.summary.data = _("Rien à signaler.")

    def clear_untouched_prefills(self, prefilled: Mapping[str, Any]) -> None:
        """Clear prefilled groups that nobody changed: the indicator always, and all of them for the
        button « rien à signaler »."""
        untouched = [
            group
            for group in PREFILLED_FIELDS
            if group[0] in prefilled and all(self._is_as_prefilled(name, prefilled) for name in group)
        ]
        for group in untouched:
            if self.nothing.data or group[0] == "indicator":
                self.clear_fields(*group)

    def _is_as_prefilled(self, name: str, prefilled: Mapping[str, Any]) -> bool:
        field = self[name]  # a value that cannot be parsed was typed
        return not field.process_errors and field.data == prefilled.get(name, field.data)


class LogDraftForm(LogFields, EditForm):
    """The same fields, saved without closing."""


class EditLogForm(_CompletedLogFields, EditForm):
    """Correct the log of a closed sprint."""


class StartForm(CreateForm):
    """Confirm the days of a sprint that starts on another day than planned."""

    first_day = HiddenField()  # as the page showed it
    ends_on = day_field(_l("Dernier jour"))
