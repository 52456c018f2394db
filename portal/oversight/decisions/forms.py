"""Forms of decisions: the question, the answer, the person, the withdrawal."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.oversight.decisions.commands import DecisionAnswer, DecisionFacts
from portal.oversight.decisions.labels import ADDRESSEES, HELP_ANSWERS, HELP_LABELS, LABELS, OUTCOMES
from portal.oversight.decisions.models import (
    ANSWER_MAX,
    QUESTION_MAX,
    REASON_MAX,
    WHY_MAX,
    AwaitedDecision,
    DecisionAddressee,
    DecisionOutcome,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    build_choices_from_pairs,
    enum_coercer,
    validate_plausible_date,
)
from portal.platform.web.conflicts import SeenTextField

Options = Sequence[tuple[UUID, str]]
Choices = Sequence[tuple[str, str]]


class _DecisionFields(Form):
    question = TextAreaField(
        LABELS["question"],
        [DataRequired(_l("Écrivez ce qui est à décider.")), Length(max=QUESTION_MAX)],
        description=_l("Une question à laquelle on peut répondre par oui, par non, ou autrement."),
        render_kw={"rows": 2},
    )
    why = TextAreaField(
        LABELS["why"],
        [Length(max=WHY_MAX)],
        description=_l("Ce que cela débloque, ce qui se passe sans réponse. Markdown possible."),
        render_kw={"rows": 4},
    )
    due_on = DateField(LABELS["due_on"], [Optional(), validate_plausible_date])
    addressee = SelectField(LABELS["addressee"], choices=build_choices_from_pairs(ADDRESSEES))
    gate = SelectField(LABELS["gate"], [Optional()])
    sprint_id = SelectField(LABELS["sprint_id"], [Optional()])

    def __init__(self, sprints: Options, gates: Choices, *, obj: Any = None, **defaults: Any) -> None:
        super().__init__(obj=obj, **defaults)
        self.sprints, self.gates = sprints, gates
        self.gate.choices = build_choices_from_pairs(gates)
        self.sprint_id.choices = build_choices_from_pairs([("", _l("Aucun en particulier")), *sprints])
        if obj is not None:
            self.gate.data = "" if obj.gate is None else str(obj.gate)
            self.sprint_id.data = str(obj.sprint_id or "")
            self.addressee.data = obj.addressee.value

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(self.sprints, self.gates, formdata=None, obj=row)

    def facts(self) -> DecisionFacts:
        """The values as `ask_decision` takes them."""
        values = self.values
        return DecisionFacts(
            question=values["question"],
            why=values["why"],
            due_on=values["due_on"],
            gate=int(values["gate"]) if values["gate"] else None,
            sprint_id=UUID(values["sprint_id"]) if values["sprint_id"] else None,
            addressee=DecisionAddressee(values["addressee"]),
        )


class AskDecisionForm(_DecisionFields, CreateForm):
    """Ask for a decision."""


class ChangeQuestionForm(_DecisionFields, EditForm):
    """Change a question that nobody answered, in the words of help where it asks for that."""

    def __init__(
        self, sprints: Options, gates: Choices, changed: AwaitedDecision | None = None, **defaults: Any
    ) -> None:
        super().__init__(sprints, gates, **defaults)
        if changed is not None and changed.asks_for_help:
            self.question.label.text = HELP_LABELS["question"]
            self.question.description = ""
            required = DataRequired(_l("Écrivez ce qui est demandé."))
            self.question.validators = [required, *self.question.validators[1:]]

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(self.sprints, self.gates, row, formdata=None, obj=row)


class DecisionAnswerForm(EditForm):
    """Answer: an outcome and a text. `question` is what was read, to compare it once it has changed."""

    question = SeenTextField(_l("La question à laquelle vous répondez"), [Length(max=QUESTION_MAX)])

    outcome = RadioField(
        LABELS["outcome"],
        [InputRequired(_l("Choisissez : accordée, refusée, ou une autre réponse."))],
        choices=build_choices_from_pairs(OUTCOMES),
        coerce=enum_coercer(DecisionOutcome),
    )
    answer = TextAreaField(
        _l("Votre réponse, telle que l’équipe la lira"),
        [DataRequired(_l("Écrivez la réponse, telle que l’équipe la lira.")), Length(max=ANSWER_MAX)],
        render_kw={"rows": 3},
    )

    def __init__(self, answered: AwaitedDecision | None = None, **defaults: Any) -> None:
        super().__init__(**defaults)
        if answered is not None and answered.asks_for_help:
            self.outcome.label.text = HELP_LABELS["outcome"]
            self.outcome.choices = build_choices_from_pairs(HELP_ANSWERS)
            self.outcome.validators = [InputRequired(_l("Choisissez ce que vous répondez."))]

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(row, formdata=None, obj=row)

    def read_answer(self) -> DecisionAnswer:
        """The values as `answer_decision` takes them."""
        return DecisionAnswer(self.values["outcome"], self.values["answer"])


class DecisionButtonForm(EditForm):
    """A button without fields, on the version that was shown."""

    def read_then_refresh_version(self, row: AwaitedDecision) -> int:
        """Return the version that the page showed; the next submission replaces the present one."""
        page_version = int(self.version.data or 0)
        self.version.process(None, row.version)
        self.version.raw_data = None
        return page_version


class AssignDecisionForm(DecisionButtonForm):
    """Give the decision to a person."""

    person = SelectField(LABELS["owner_id"], [InputRequired(_l("Choisissez une personne."))])

    def __init__(self, people: Options = (), **defaults: Any) -> None:
        super().__init__(**defaults)
        self.people = people
        self.person.choices = build_choices_from_pairs([("", _l("Choisir")), *people])

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(self.people, formdata=None, data={"person": str(row.owner_id or "")})


class WithdrawQuestionForm(EditForm):
    """Withdraw the question."""

    withdraw_reason = TextAreaField(
        LABELS["withdraw_reason"],
        [Length(max=REASON_MAX)],
        description=_l("Facultatif : ce qui a changé."),
        render_kw={"rows": 2},
    )
