"""Fields of forms that set a meeting: hour, length, place."""

from wtforms import IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional, Regexp
from wtforms.widgets import TimeInput

from portal.communication.calendar.meeting_models import PLACE_MAX
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l

DURATION_MAX = 600  # minutes
_HOUR_LABEL, _PLACE_LABEL = _l("Heure"), _l("Lieu ou lien")
_DURATION_LABEL = _l("Durée, en minutes")
_HOUR = r"([01][0-9]|2[0-3]):[0-5][0-9]$"


def hour_field(label: LazyString = _HOUR_LABEL) -> StringField:
    """An hour of Paris as HH:MM; its data is "" without one."""
    return StringField(
        label,
        [Optional(), Regexp(_HOUR, message=_l("Donnez une heure, par exemple 14:30."))],
        widget=TimeInput(),
    )


def duration_field(label: LazyString = _DURATION_LABEL) -> IntegerField:
    """A length in minutes."""
    return IntegerField(label, [Optional(), NumberRange(5, DURATION_MAX)], render_kw={"inputmode": "numeric"})


def place_field(label: LazyString = _PLACE_LABEL) -> StringField:
    """An address or a link."""
    return StringField(label, [Length(max=PLACE_MAX)], description=_l("Une salle, ou une visioconférence."))
