"""Forms of health: weather, override, thresholds."""

from typing import Any

from wtforms import DateField, IntegerField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from portal.oversight.health.definition_documents import read_default_signals
from portal.oversight.health.definition_rules import (
    THRESHOLD_MAX,
    THRESHOLD_MIN,
    LeadOpinionLevel,
    SignalCode,
    Thresholds,
    ThresholdUnit,
)
from portal.oversight.health.labels import OUTLOOKS, OVERRIDE_LEVELS
from portal.oversight.health.models import LINE_MAX
from portal.oversight.health.terms_commands import require_ordered_thresholds
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    build_choices_from_pairs,
    validate_plausible_date,
)
from portal.platform.web.form_fields import ANSWER_REQUIRED, WarningSeenField
from portal.sprints.sprints.outlook_rules import OutlookLevel

_BOUNDS = NumberRange(THRESHOLD_MIN, THRESHOLD_MAX)


def _parse_lead_opinion_level(value: object) -> LeadOpinionLevel:
    return value if isinstance(value, LeadOpinionLevel) else LeadOpinionLevel(int(str(value)))


class WeatherForm(CreateForm):
    """How the team's lead sees the project."""

    outlook = RadioField(
        _l("La météo du projet"),
        [ANSWER_REQUIRED],
        choices=build_choices_from_pairs(OUTLOOKS),
        coerce=OutlookLevel,
    )
    sentence = StringField(
        _l("En une phrase"), [DataRequired(_l("Dites pourquoi, en une phrase.")), Length(max=LINE_MAX)]
    )


class LeadOpinionForm(CreateForm):
    """How the programme's lead sees the project."""

    level = RadioField(
        _l("Comment la direction voit le projet"),
        [ANSWER_REQUIRED],
        choices=build_choices_from_pairs(OVERRIDE_LEVELS),
        coerce=_parse_lead_opinion_level,
    )
    text = StringField(
        _l("Pourquoi"), [DataRequired(_l("Dites pourquoi : l’équipe le lira.")), Length(max=LINE_MAX)]
    )
    until = DateField(
        _l("Jusqu’au"),
        [InputRequired(_l("Donnez une date.")), validate_plausible_date],
        description=_l("Ce jour passé, seul reste ce que disent les signaux."),
    )


class TakeChargeForm(EditForm):
    """What somebody does about a signal, until when."""

    text = StringField(
        _l("Ce que vous faites"),
        [DataRequired(_l("Dites ce que vous faites : l’équipe le lira.")), Length(max=LINE_MAX)],
    )
    until = DateField(
        _l("Jusqu’au"),
        [InputRequired(_l("Donnez une date.")), validate_plausible_date],
        description=_l("Trente jours au plus. Passé ce jour, le signal est de nouveau non suivi."),
    )


class EndChargeForm(EditForm):
    """Let a signal go: a button."""


class ThresholdsForm(EditForm):
    """Thresholds of a signal; their order is checked with the other fields."""

    watch = IntegerField(
        _l("À surveiller à partir de"),
        [Optional(), _BOUNDS],
        description=_l("Vide : jamais. 0 : tout de suite."),
    )
    alert = IntegerField(
        _l("En difficulté à partir de"),
        [Optional(), _BOUNDS],
        description=_l("Vide : jamais. 0 : tout de suite."),
    )
    because = StringField(
        _l("Pourquoi ce changement"),
        [DataRequired(_l("Dites pourquoi : l’historique le garde.")), Length(max=LINE_MAX)],
    )
    knowingly = WarningSeenField(_l("J’ai vu quelles équipes cela touche"))

    def __init__(self, code: SignalCode, **defaults: Any) -> None:
        super().__init__(**defaults)
        self.code = code
        if read_default_signals()[code].unit is ThresholdUnit.DAYS_OVER:
            self.watch.label.text = _l("À surveiller au-delà de")
            self.alert.label.text = _l("En difficulté au-delà de")

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(self.code, formdata=None, obj=row)

    def validate_alert(self, field: IntegerField) -> None:
        try:
            require_ordered_thresholds(self.code, Thresholds(self.watch.data, field.data))
        except RuleBroken as problem:
            raise ValidationError(str(problem)) from None
