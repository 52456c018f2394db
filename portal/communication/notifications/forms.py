"""The form of preferences: a channel for each kind of notification, and mail hours."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField

from portal.communication.notifications.kind_queries import NotificationKind
from portal.communication.notifications.labels import CHANNELS
from portal.communication.notifications.models import Channel
from portal.communication.notifications.policy import NotificationAudience
from portal.communication.notifications.preference_commands import Wishes
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm, choices_of, enum_coercer

PREFIX = "kind_"
DAYS: dict[int, LazyString] = {
    1: _l("lundi"),
    2: _l("mardi"),
    3: _l("mercredi"),
    4: _l("jeudi"),
    5: _l("vendredi"),
    6: _l("samedi"),
    7: _l("dimanche"),
}
AT_ONCE_CHOICES = (0, 1, 2, 3, 5, 10, 20)


def _hour(number: int) -> str:
    return _("%(n)s h", n=number)


def _int_or_none(value: object) -> int | None:
    return int(str(value)) if str(value).isdecimal() else None


class KindField(SelectField):
    """The channel of a kind; `is_mailed`: its default channel is mail."""

    def __init__(self, *args: Any, is_mailed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_mailed = is_mailed


class PreferencesForm(EditForm):
    """Mail hours; `build_preferences_form` adds a field for each kind."""

    opens = SelectField(_l("Pas avant"), coerce=int)
    closes = SelectField(_l("Pas après"), coerce=int)
    days = SelectMultipleField(_l("Les jours"), coerce=int)
    at_once_most = SelectField(_l("Courriels immédiats par jour, au plus"), coerce=_int_or_none)
    no_digest = BooleanField(_l("Ne pas m’envoyer de résumé"))

    def __init__(self, *args: Any, default_most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opens.choices = choices_of((hour, _hour(hour)) for hour in range(24))
        self.closes.choices = choices_of((hour, _hour(hour)) for hour in range(1, 25))
        self.days.choices = choices_of(DAYS)
        default_label = _("D’habitude : %(n)s", n=default_most)
        self.at_once_most.choices = choices_of(
            [("", default_label), *((count, str(count)) for count in AT_ONCE_CHOICES)]
        )
        self._default_most = default_most

    def as_stored(self, row: object) -> "PreferencesForm":
        return type(self)(formdata=None, obj=row, default_most=self._default_most)

    @property
    def kind_fields(self) -> Sequence[Any]:
        return [field for field in self if field.short_name.startswith(PREFIX)]

    @property
    def mailed_fields(self) -> Sequence[Any]:
        """Fields of kinds that are mailed by default or have a chosen channel."""
        return [field for field in self.kind_fields if field.is_mailed or field.data is not None]

    @property
    def portal_only_fields(self) -> Sequence[Any]:
        """The other fields: kinds that stay in the portal by default."""
        mailed_fields = self.mailed_fields
        return [field for field in self.kind_fields if field not in mailed_fields]

    @property
    def wishes(self) -> Wishes:
        """The submitted values."""
        channels = {
            field.short_name.removeprefix(PREFIX): field.data
            for field in self.kind_fields
            if field.data is not None
        }
        return Wishes(
            channels=channels,
            opens=self.opens.data,
            closes=self.closes.data,
            days=self.days.data or (),
            at_once_most=self.at_once_most.data,
            no_digest=self.no_digest.data,
        )


def build_preferences_form(
    kinds: Mapping[str, NotificationKind],
    audience: NotificationAudience,
    default_most: int,
    *,
    wishes: Wishes | None = None,
) -> PreferencesForm:
    """The form with a field for each kind, filled from `wishes`, or from the request without them.

    `default_most` is how many immediate mails a day the audience gets by default.
    """
    fields = {f"{PREFIX}{code}": _kind_field(kind, audience) for code, kind in kinds.items()}
    form_class: type[PreferencesForm] = type("PreferencesForm", (PreferencesForm,), fields)
    if wishes is None:
        return form_class(default_most=default_most)
    return form_class(formdata=None, obj=wishes_as_row(wishes), default_most=default_most)


def wishes_as_row(wishes: Wishes) -> SimpleNamespace:
    """An object with the form's field names as attributes, for the `obj` of a form."""
    return SimpleNamespace(
        **{f"{PREFIX}{kind}": channel for kind, channel in wishes.channels.items()},
        opens=wishes.opens,
        closes=wishes.closes,
        days=list(wishes.days),
        at_once_most=wishes.at_once_most,
        no_digest=wishes.no_digest,
        version=wishes.version,
    )


def _kind_field(kind: NotificationKind, audience: NotificationAudience) -> Any:
    default_channel = kind.usual[audience]
    label = str(CHANNELS[default_channel])
    default_label = _("D’habitude : %(channel)s", channel=label[:1].lower() + label[1:])
    options = [("", default_label), *((channel, CHANNELS[channel]) for channel in Channel)]
    is_mailed = default_channel in {Channel.AT_ONCE, Channel.DAILY, Channel.WEEKLY}
    return KindField(
        kind.label, choices=choices_of(options), coerce=enum_coercer(Channel), is_mailed=is_mailed
    )
