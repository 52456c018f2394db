"""Forms of deliberations, decisions, publications and appeals."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, build_choices_from_pairs, enum_coercer
from portal.platform.web.form_fields import (
    build_dataclass_from_fields,
    day_field,
    line_field,
    radio_field,
    text_field,
)
from portal.project.projects.models import ACRONYM_MAX
from portal.selection.calls.models import CallCriterion
from portal.selection.deliberation.appeal_commands import AppealAnswer
from portal.selection.deliberation.commands import NEEDS_REASON, ApplicationDecisionFacts, MinutesFacts
from portal.selection.deliberation.labels import APPEAL_ENDS, OUTCOMES, WITHDRAWN_ALONE
from portal.selection.deliberation.models import (
    LETTER_MAX,
    MINUTES_MAX,
    PLACE_MAX,
    REASON_MAX,
    AppealState,
    DecisionKind,
)
from portal.selection.deliberation.project_commands import SupportFacts

WHY = "why_"  # before the key of a criterion, in the names of fields


class MinutesForm(EditForm):
    """Write the minutes."""

    held_on = day_field(_l("Date de la réunion"))
    place = line_field(_l("Lieu"), PLACE_MAX)
    attendees = text_field(_l("Présents"), REASON_MAX, rows=4, hint=_l("Un par ligne."))
    minutes = text_field(_l("Procès-verbal"), MINUTES_MAX, rows=14)

    def facts(self) -> MinutesFacts:
        """The values as `write_minutes` takes them."""
        return build_dataclass_from_fields(self, MinutesFacts)


class ApplicationDecisionForm(EditForm):
    """Decide of an application: made by `build_decision_form_class`, a reason a criterion."""

    keys: Sequence[str] = ()

    def facts(self) -> ApplicationDecisionFacts:
        """The values as `decide` takes them."""
        reasons = {key: self.values[WHY + key] for key in self.keys}
        return ApplicationDecisionFacts(self.values["outcome"], reasons, self.values["letter_text"])


def build_decision_form_class(
    criteria: Sequence[CallCriterion], outcomes: Sequence[DecisionKind], *, needs_reasons: bool
) -> type[ApplicationDecisionForm]:
    """The form class of a call's decisions: `outcomes` may be chosen; `needs_reasons`: one a criterion."""
    fields: dict[str, Any] = {"keys": [criterion.key for criterion in criteria]}
    labels = {outcome: OUTCOMES[outcome] for outcome in outcomes}
    fields["outcome"] = radio_field(_l("Décision"), labels, enum_coercer(DecisionKind))
    for criterion in criteria:
        fields[WHY + criterion.key] = text_field(
            _l("Motif : %(name)s", name=criterion.name),
            REASON_MAX,
            rows=2,
            required=NEEDS_REASON if needs_reasons else "",
        )
    fields["letter_text"] = text_field(
        _l("Ce que la lettre ajoute"),
        LETTER_MAX,
        rows=4,
        hint=_l("La lettre dit déjà la décision, ses motifs, qui signe et les recours."),
    )
    return type("FilledDecisionForm", (ApplicationDecisionForm,), fields)


class PublishDecisionsForm(EditForm):
    """Publish all decisions at once."""

    knowingly = BooleanField(_l("Publier sans les candidatures qui n’ont pas encore de décision"))


class ReceiveAppealForm(CreateForm):
    """Note an appeal."""

    received_on = day_field(_l("Reçu le"))
    grounds = text_field(
        _l("Ce que dit le candidat"), LETTER_MAX, rows=5, required=_l("Résumez ce que dit le recours.")
    )


class ExamineAppealForm(EditForm):
    """Note what the examination shows."""

    examination = text_field(
        _l("Ce que l’examen montre"), LETTER_MAX, rows=5, required=_l("Écrivez ce que l’examen montre.")
    )


class WithdrawAppealForm(EditForm):
    """Note that its author withdrew it, before it is examined."""

    state = radio_field(_l("Suite du recours"), WITHDRAWN_ALONE, enum_coercer(AppealState))


class CloseAppealForm(EditForm):
    """Grant, reject or note that it was withdrawn."""

    state = radio_field(_l("Suite du recours"), APPEAL_ENDS, enum_coercer(AppealState))
    new_outcome = SelectField(
        _l("S’il est accueilli, la décision devient"),
        [Optional()],
        choices=build_choices_from_pairs([("", "—"), *OUTCOMES.items()]),
        coerce=enum_coercer(DecisionKind),
    )
    answer = text_field(_l("Réponse motivée"), LETTER_MAX, rows=5, hint=_l("La lettre la reprend."))

    def reply(self) -> AppealAnswer:
        """The values as `close_appeal` takes them."""
        return build_dataclass_from_fields(self, AppealAnswer)


class LaureateProjectForm(CreateForm):
    """Make a laureate a project: the days of its support."""

    acronym = line_field(_l("Nom court"), ACRONYM_MAX, hint=_l("Celui que montrent les listes d’équipes."))
    starts_on = day_field(_l("Premier jour de l’accompagnement"))
    ends_on = day_field(_l("Dernier jour"))

    def support(self) -> SupportFacts:
        """The values as `create_laureate_project` takes them."""
        return build_dataclass_from_fields(self, SupportFacts)
