"""Forms of juries: members, interests, sheets, openings."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField
from wtforms.validators import Optional

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import (
    ANSWER_REQUIRED,
    CHOICE_REQUIRED,
    build_dataclass_from_fields,
    integer_field,
    line_field,
    radio_field,
    text_field,
)
from portal.selection.applications.forms import NUMBER_TYPED_MAX
from portal.selection.applications.models import REASON_MAX
from portal.selection.calls.models import LOAD_MAX, TITLE_MAX, CallCriterion
from portal.selection.jury.commands import SeatFacts
from portal.selection.jury.models import JUSTIFICATION_MAX
from portal.selection.jury.score_commands import VALUE, WHY
from portal.selection.jury.sheet_rules import ScoreSheetEntry

ABSTAINS = "abstains"
Choices = Sequence[tuple[UUID, str]]


def _person_field(label: Any, *, optional: bool = False) -> SelectField:
    first = Optional() if optional else CHOICE_REQUIRED
    return SelectField(label, [first], coerce=_coerce_uuid)


def _coerce_uuid(text: object) -> UUID | None:
    return None if text in (None, "", "None") else UUID(str(text))


class _SeatPersonField(Form):  # before the others: fields come in the order in which they are made
    person = _person_field(_l("Personne"))


class _SeatFields(Form):
    employer = line_field(_l("Son organisme"), TITLE_MAX)
    company_number = line_field(_l("SIREN ou SIRET de son organisme"), NUMBER_TYPED_MAX)
    load_max = integer_field(
        _l("Candidatures, au plus"), 1, LOAD_MAX, hint=_l("Vide : la limite de l’appel.")
    )

    def facts(self) -> SeatFacts:
        """The values as commands take them."""
        return build_dataclass_from_fields(self, SeatFacts)


class SeatJurorForm(_SeatPersonField, _SeatFields, CreateForm):
    """Take somebody into a jury."""

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person.choices = build_choices_from_pairs([("", "—"), *people])


class ChangeSeatForm(_SeatFields):
    """Change what is known of a juror."""


class AssignJurorForm(CreateForm):
    """Assign a juror to an application."""

    person = _person_field(_l("Jurée ou juré"))

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person.choices = build_choices_from_pairs([("", "—"), *people])


class RecuseJurorForm(Form):
    """Take a juror off an application."""

    replacement = _person_field(_l("Qui la reprend"), optional=True)

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replacement.choices = build_choices_from_pairs([("", _l("Personne pour l’instant")), *people])


class DeclareInterestForm(Form):
    """Say whether one has an interest."""

    interest = radio_field(
        _l("Avez-vous un intérêt dans cette candidature ?"),
        {
            "no": _l("Non, je peux la juger en toute indépendance"),
            "yes": _l("Oui, ou on pourrait le penser : je n’y prends pas part"),
        },
        lambda value: value,
        hint=_l("Emploi présent ou passé, proche dans l’équipe, conseil, concurrence."),
    )
    reason = text_field(
        _l("Quel intérêt"), REASON_MAX, rows=2, hint=_l("Obligatoire si oui : en quelques mots.")
    )


class LeadInterestForm(Form):
    """Declare an interest without being asked: as a lead, or as a juror who said that they had none."""

    reason = text_field(
        _l("Quel intérêt"), REASON_MAX, rows=2, required=_l("Dites en quelques mots quel est cet intérêt.")
    )


class SettleConflictForm(Form):
    """Confirm or set aside a likely conflict."""

    verdict = radio_field(
        _l("Cet intérêt"),
        {"confirmed": _l("Est confirmé : la personne n’y prend pas part"), "aside": _l("Est écarté")},
        lambda value: value,
    )
    reason = text_field(_l("Motif"), REASON_MAX, rows=2, required=_l("Dites pourquoi."))


class NameSubstituteLeadForm(CreateForm):
    """Name another lead for an application."""

    person = _person_field(_l("Direction"))

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person.choices = build_choices_from_pairs([("", "—"), *people])


class LeadReadmissionRequestForm(Form):
    """Say why."""

    reason = text_field(_l("Motif"), REASON_MAX, rows=3, required=_l("Dites pourquoi."))


class OpenScoresForm(EditForm):
    """Open scores before all are in."""

    reason = text_field(
        _l("Pourquoi ne pas attendre"), REASON_MAX, rows=3, required=_l("Dites pourquoi vous n’attendez pas.")
    )


class ScoreSheetForm(EditForm):
    """A sheet: made by `make_sheet_form`, two fields a criterion."""

    keys: Sequence[str] = ()

    def entries(self) -> dict[str, ScoreSheetEntry]:
        """What is written, by key of the criterion."""
        return {key: self._read_entry(key) for key in self.keys}

    def _read_entry(self, key: str) -> ScoreSheetEntry:
        typed = self.values[VALUE + key]
        abstains = typed == ABSTAINS
        number = None if abstains or typed in (None, "") else int(typed)
        return ScoreSheetEntry(number, abstains, self.values[WHY + key])


def _coerce_text(text: object) -> str | None:
    return None if text in (None, "", "None") else str(text)


def build_sheet_form_class(criteria: Sequence[CallCriterion]) -> type[ScoreSheetForm]:
    """The form class of a call's sheets: for each criterion its levels in words, and why."""
    fields: dict[str, Any] = {"keys": [criterion.key for criterion in criteria]}
    for criterion in criteria:
        levels = [(str(n), f"{n}. {words}") for n, words in enumerate(criterion.levels)]
        fields[VALUE + criterion.key] = RadioField(
            criterion.name,
            [Optional()],
            choices=build_choices_from_pairs([*levels, (ABSTAINS, _l("Je m’abstiens sur ce critère"))]),
            coerce=_coerce_text,
        )
        fields[WHY + criterion.key] = text_field(
            _l("%(name)s : pourquoi cette note", name=criterion.name), JUSTIFICATION_MAX, rows=3
        )
    return type("FilledSheetForm", (ScoreSheetForm,), fields)


def sheet_form_values(entries: dict[str, ScoreSheetEntry]) -> dict[str, Any]:
    """The values of a sheet's form."""
    values: dict[str, Any] = {}
    for key, entry in entries.items():
        number = None if entry.value is None else str(entry.value)
        values[VALUE + key] = ABSTAINS if entry.abstains else number
        values[WHY + key] = entry.justification
    return values


class ChangeOwnScoreForm(EditForm):
    """Change one opened score of one's own."""

    value = RadioField(_l("Note donnée"), [ANSWER_REQUIRED], coerce=_coerce_text)
    justification = text_field(
        _l("Pourquoi cette note"), JUSTIFICATION_MAX, rows=3, required=_l("Justifiez cette note.")
    )
    reason = text_field(
        _l("Pourquoi elle change"),
        REASON_MAX,
        rows=2,
        required=_l("Dites pourquoi elle change : les deux valeurs restent."),
    )

    def __init__(self, levels: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = levels
        self.value.choices = build_choices_from_pairs(
            [(str(n), f"{n}. {words}") for n, words in enumerate(levels)]
        )

    def make_form_from_stored(self, row: object) -> "ChangeOwnScoreForm":
        """The same form, filled from the stored row."""
        return type(self)(self.levels, formdata=None, obj=row)
