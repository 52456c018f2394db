"""Forms of a sprint: its plan, its log, its scope and the board."""

from collections.abc import Sequence
from typing import Any, TypeVar

from wtforms import BooleanField, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    NumberField,
    choices_of,
    enum_coercer,
    validate_web_link,
)
from portal.platform.web.form_fields import day_field, integer_field, line_field, read_fields
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.forms import Handle, HandlesField, parse_handle
from portal.sprints.backlog.models import Item, Spill
from portal.sprints.sprints.commands import SprintLog, SprintPlan
from portal.sprints.sprints.labels import BLOCKERS, OUTCOME_ANSWERS, OUTLOOKS
from portal.sprints.sprints.models import (
    CAPACITY_MAX,
    GOAL_MAX,
    LINE_MAX,
    TEST_SET_MAX,
    TEXT_MAX,
    URL_MAX,
    Blocker,
    Sprint,
    SprintOutcome,
)
from portal.sprints.sprints.outlook_rules import Outlook

INDICATOR_LIMIT = 1_000_000_000
SPILL = "spill-"
LogFormT = TypeVar("LogFormT", bound="_LogFields")


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


class _LogFields(Form):
    outcome = RadioField(
        _l("Le but est-il atteint ?"),
        choices=choices_of(OUTCOME_ANSWERS),
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
        _l("Nature du blocage"), choices=choices_of(BLOCKERS), coerce=Blocker, default=Blocker.NONE
    )
    blocker_text = TextAreaField(_l("Le blocage, en une phrase"), [Length(max=TEXT_MAX)])
    help_wanted = BooleanField(_l("Demander une clinique avec un coach"))
    decision_awaited = TextAreaField(_l("Décision attendue du programme"), [Length(max=TEXT_MAX)])
    outlook = RadioField(
        _l("Météo du projet"),
        choices=choices_of(OUTLOOKS),
        coerce=enum_coercer(Outlook),
        validate_choice=False,
    )
    outlook_note = line_field(_l("La météo, en une phrase"), LINE_MAX)
    next_goal = line_field(_l("But du prochain sprint"), GOAL_MAX)

    def log(self) -> SprintLog:
        return read_fields(self, SprintLog)

    @property
    def spill_fields(self) -> list[SelectField]:
        return [field for field in self if field.name.startswith(SPILL)]

    def spills(self) -> dict[int, Spill]:
        """Where each open item goes, by its number."""
        return {int(field.name.removeprefix(SPILL)): field.data for field in self.spill_fields}


def with_spill_fields(form: type[LogFormT], left: Sequence[Item], following: int | None) -> type[LogFormT]:
    """The form with a prefilled choice for each open item; `following` numbers the next sprint."""
    choices = choices_of(
        {
            Spill.MOVED_ON: _("Reporter au sprint %(number)s", number=following)
            if following
            else _("Reporter au prochain sprint"),
            Spill.TO_BACKLOG: _("Remettre au carnet"),
            Spill.DROPPED: _("Abandonner"),
        }
    )
    fields = {
        f"{SPILL}{item.number}": SelectField(
            item.title, choices=choices, coerce=Spill, default=item.spill or Spill.MOVED_ON
        )
        for item in left
    }
    return type(form.__name__, (form,), fields)


class _CompletedLogFields(_LogFields):
    """A complete log: the required answers are checked together, so all faults show at once."""

    def validate_outcome(self, field: RadioField) -> None:
        if field.data is None:
            raise ValidationError(_("Dites si le but est atteint."))

    def validate_summary(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(self.missing_summary_sentence())

    def validate_blocker(self, field: SelectField) -> None:
        if field.data is Blocker.NONE and self.blocker_text.data:
            raise ValidationError(_("Choisissez la nature de ce blocage."))

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


# Fields prefilled from the last log, in groups that make sense only together. The awaited decision
# is not among them: it waits for its answer by itself, and no later close asks for it again.
PREFILLED_FIELDS = (
    ("indicator", "indicator_before", "indicator_after", "test_set_size"),
    ("blocker", "blocker_text"),
    ("help_wanted",),
    ("outlook",),
)


class CloseSprintForm(_CompletedLogFields, EditForm, CreateForm):
    """The log that closes a sprint: idempotent (form key) and with optimistic locking (version)."""

    nothing = SubmitField(_l("Clore : rien à signaler"))

    @staticmethod
    def prefill_values(last: Sprint | None) -> dict[str, Any]:
        """Values of the last log that rarely change."""
        if last is None:
            return {}
        before = {"indicator_before": last.indicator_after, "indicator_after": None}
        return {name: getattr(last, name) for group in PREFILLED_FIELDS for name in group} | before

    def missing_summary_sentence(self) -> str:
        return _("Écrivez une ligne, ou choisissez « Clore : rien à signaler ».")

    def clear_untouched_prefills(self, last: Sprint | None) -> None:
        """Clear prefilled groups that nobody changed: the indicator always, and all of them for the
        button « rien à signaler », which also writes the summary."""
        prefilled = self.prefill_values(last)
        untouched = [
            group
            for group in PREFILLED_FIELDS
            if all(self._is_as_prefilled(name, prefilled) for name in group)
        ]
        for group in untouched if last else ():
            if self.nothing.data or group[0] == "indicator":
                self.clear_fields(*group)
        if self.nothing.data and not self.summary.data:
            self.summary.data = _("Rien à signaler.")

    def _is_as_prefilled(self, name: str, prefilled: dict[str, Any]) -> bool:
        field = self[name]  # a value that cannot be parsed was typed
        return not field.process_errors and field.data == prefilled.get(name, field.data)


class DraftForm(_LogFields, EditForm):
    """The same fields, saved without closing."""


class LogForm(_CompletedLogFields, EditForm):
    """Correct the log of a closed sprint."""


class BoardForm(Form):
    """A card's button: `12-3:done`, the item's handle and its new state."""

    move = StringField(_l("Mouvement"))

    def validate_move(self, _field: StringField) -> None:
        self.parse_move()

    def parse_move(self) -> tuple[Handle, ItemState]:
        """Raises `ValidationError` for an unknown state or handle."""
        handle, _colon, state = (self.move.data or "").partition(":")
        if state not in set(ItemState):
            raise ValidationError(_("Ce mouvement n’est pas reconnu : rechargez la page."))
        return parse_handle(handle), ItemState(state)


class ScopeForm(Form):
    """Ticked items go into the sprint; or the button of one row sends its item `back`."""

    items = HandlesField(_l("Éléments choisis"), choices=[], validate_choice=False)
    back = StringField(_l("Remettre au carnet"))

    def validate_items(self, field: HandlesField) -> None:
        if not field.data and not self.back.data:
            raise ValidationError(_("Cochez au moins un élément."))

    def validate_back(self, field: StringField) -> None:
        if field.data:
            parse_handle(field.data)

    @property
    def handles(self) -> list[Handle]:
        return [parse_handle(self.back.data)] if self.back.data else self.items.handles
