"""Forms of the gates that a programme has: content, order, months and acceptors."""

from collections.abc import Mapping, Sequence

from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # new
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from portal.oversight.gates import labels
from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.definition_rules import MONTH_MAX, WEIGHT_MAX, GateAcceptor, GateDefinition
from portal.oversight.gates.models import LINE_MAX
from portal.oversight.gates.programme_gate_commands import GateContent, GateMonthAndAcceptor
from portal.people.programmes.models import NAME_MAX
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import WarningSeenField

TRACK_PREFIX = "track:"  # of a choice that names a track by its key
_NUMBER_REQUIRED = InputRequired(_l("Donnez un nombre."))


def list_predicate_library() -> Sequence[str]:
    """Return the predicates that gates may ask, in their order."""
    return [key for gate in read_default_gates() for key in gate.predicates]


def format_acceptor_choice(acceptor: GateAcceptor, track: str) -> str:
    """Return the choice of an acceptor in a select field."""
    return f"{TRACK_PREFIX}{track}" if acceptor is GateAcceptor.TRACK_COACH else acceptor.value


def parse_month_and_acceptor(month: int | None, choice: str | None) -> GateMonthAndAcceptor:
    """Return the month and the acceptor that two valid fields say."""
    text = choice or GateAcceptor.DIRECTION.value
    if text.startswith(TRACK_PREFIX):
        track = text.removeprefix(TRACK_PREFIX)
        return GateMonthAndAcceptor(month=month or 0, acceptor=GateAcceptor.TRACK_COACH, track=track)
    return GateMonthAndAcceptor(month=month or 0, acceptor=GateAcceptor(text), track="")


def _list_acceptor_choices(tracks: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Every possible acceptor in a programme with these tracks (name by key)."""
    of_tracks = [
        (f"{TRACK_PREFIX}{key}", labels.acceptor_in_edition(GateAcceptor.TRACK_COACH, key, tracks))
        for key in tracks
    ]
    others = [GateAcceptor.DIRECTION, GateAcceptor.ANY_COACH, GateAcceptor.REVIEWER]
    return [*of_tracks, *((each.value, labels.acceptor_in_edition(each, "", tracks)) for each in others)]


def _because_field() -> StringField:
    return StringField(
        _l("Pourquoi ce changement"),
        [DataRequired(_l("Dites pourquoi : l’historique le garde.")), Length(max=LINE_MAX)],
    )


def _knowingly_field() -> WarningSeenField:
    return WarningSeenField(_l("J’ai vu quelles équipes cela touche"))


class _ContentFields(Form):
    name_fr = StringField(_l("Nom en français"), [DataRequired(_l("Donnez un nom.")), Length(max=NAME_MAX)])
    name_en = StringField(
        _l("Nom en anglais"),
        [Length(max=NAME_MAX)],
        description=_l("Facultatif : sans lui, le nom français est montré."),
    )
    predicates = SelectMultipleField(
        _l("Ce qu’il demande"), [DataRequired(_l("Choisissez au moins une preuve."))]
    )

    def content(self) -> GateContent:
        """Return the names and the predicates, in the order of the library."""
        picked = set(self.predicates.data or ())
        return GateContent(
            name_fr=self.name_fr.data or "",
            name_en=self.name_en.data or "",
            predicates=[key for key in list_predicate_library() if key in picked],
        )

    def set_predicate_choices(self, thresholds: Mapping[str, int]) -> None:
        """Make the library of predicates the choices, by default gate, with these thresholds."""
        self.predicates.choices = [
            SelectChoice(
                value=key,
                label=labels.predicate_demand(key, {**gate.thresholds, **thresholds}),
                optgroup=labels.title(gate),
            )
            for gate in read_default_gates()
            for key in gate.predicates
        ]


class NewGateForm(_ContentFields, CreateForm):
    """Add a gate to a programme; `tracks` are its tracks, name by key."""

    weight = IntegerField(_l("Poids"), [_NUMBER_REQUIRED, NumberRange(0, WEIGHT_MAX)], default=5)
    month = IntegerField(
        _l("Mois attendu"),
        [_NUMBER_REQUIRED, NumberRange(0, MONTH_MAX)],
        description=_l("Compté depuis le début de l’accompagnement."),
    )
    accepter = SelectField(_l("Accepté par"))
    because = _because_field()
    knowingly = _knowingly_field()

    def __init__(self, tracks: Mapping[str, str] | None = None, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.set_predicate_choices({})
        self.accepter.choices = build_choices_from_pairs(_list_acceptor_choices(tracks or {}))


class EditGateContentForm(_ContentFields, EditForm):
    """Rename a gate, change what it asks, move it among `count` gates."""

    place = SelectField(
        _l("Place"), coerce=int, description=_l("Les pages montrent les jalons dans cet ordre.")
    )
    because = _because_field()
    knowingly = _knowingly_field()

    def __init__(self, count: int = 1, thresholds: Mapping[str, int] | None = None, **kwargs: object) -> None:
        self._arguments = (count, thresholds)
        super().__init__(**kwargs)
        self.set_predicate_choices(thresholds or {})
        self.place.choices = build_choices_from_pairs((n, n) for n in range(1, count + 1))

    def make_form_from_stored(self, row: object) -> Form:
        return type(self)(*self._arguments, formdata=None, obj=row)


class LeaveOutOrPutBackGateForm(EditForm):
    """Leave a gate out of a programme, or put it back."""

    because = _because_field()
    knowingly = _knowingly_field()


class GateMonthsAndAcceptorsForm(EditForm):
    """Months and acceptors of all gates. `build_months_and_acceptors_form_class` adds two fields for each."""

    def read_months_and_acceptors(self, numbers: Sequence[int]) -> Mapping[int, GateMonthAndAcceptor]:
        return {
            number: parse_month_and_acceptor(self[f"month_{number}"].data, self[f"accepter_{number}"].data)
            for number in numbers
        }


def build_months_and_acceptors_form_class(
    definitions: Sequence[GateDefinition], tracks: Mapping[str, str]
) -> type[GateMonthsAndAcceptorsForm]:
    """Return a form class for the gates of a programme and its tracks (name by key)."""
    choices = _list_acceptor_choices(tracks)
    fields: dict[str, object] = {}
    for definition in definitions:
        n = definition.number
        label = _("G%(n)s : mois attendu", n=n)
        fields[f"month_{n}"] = IntegerField(label, [_NUMBER_REQUIRED, NumberRange(0, MONTH_MAX)])
        label = _("%(gate)s, accepté par", gate=labels.title(definition))
        fields[f"accepter_{n}"] = SelectField(label, choices=build_choices_from_pairs(choices))
    fields["because"] = _because_field()
    fields["knowingly"] = _knowingly_field()
    form_class: type[GateMonthsAndAcceptorsForm] = type(
        "AssignGatesForm", (GateMonthsAndAcceptorsForm,), fields
    )
    return form_class
