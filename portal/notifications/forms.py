"""The choices of the page of preferences: one for each kind of news, and when mails may come."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField

from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import Kind
from portal.notifications.models import Channel
from portal.notifications.policy import Audience
from portal.notifications.preferences import Wishes
from portal.notifications.words import CHANNELS
from portal.web.forms import EditForm, as_enum, choices_of

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
MOST = (0, 1, 2, 3, 5, 10, 20)


def _hour(number: int) -> str:
    return _("%(n)s h", n=number)


def _whole(value: object) -> int | None:
    return int(str(value)) if str(value).isdecimal() else None


class KindField(SelectField):
    """How one is told of a kind; `is_mailed`: usually by mail."""

    def __init__(self, *args: Any, is_mailed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_mailed = is_mailed


class PreferencesForm(EditForm):
    """The fields of each kind are added by `form_of`."""

    opens = SelectField(_l("Pas avant"), coerce=int)
    closes = SelectField(_l("Pas après"), coerce=int)
    days = SelectMultipleField(_l("Les jours"), coerce=int)
    at_once_most = SelectField(_l("Courriels immédiats par jour, au plus"), coerce=_whole)
    no_digest = BooleanField(_l("Ne pas m’envoyer de résumé"))

    def __init__(self, *args: Any, usual_most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opens.choices = choices_of((hour, _hour(hour)) for hour in range(24))
        self.closes.choices = choices_of((hour, _hour(hour)) for hour in range(1, 25))
        self.days.choices = choices_of(DAYS)
        usual = _("D’habitude : %(n)s", n=usual_most)
        self.at_once_most.choices = choices_of([("", usual), *((n, str(n)) for n in MOST)])
        self._usual_most = usual_most

    def as_stored(self, row: object) -> "PreferencesForm":
        return type(self)(formdata=None, obj=row, usual_most=self._usual_most)

    @property
    def of_kinds(self) -> Sequence[Any]:
        return [field for field in self if field.short_name.startswith(PREFIX)]

    @property
    def mailed(self) -> Sequence[Any]:
        """What comes by mail as usual, or was chosen otherwise."""
        return [field for field in self.of_kinds if field.is_mailed or field.data is not None]

    @property
    def kept_in(self) -> Sequence[Any]:
        """What stays in the portal as usual."""
        shown = self.mailed
        return [field for field in self.of_kinds if field not in shown]

    @property
    def wishes(self) -> Wishes:
        """What was typed."""
        channels = {
            field.short_name.removeprefix(PREFIX): field.data
            for field in self.of_kinds
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


def form_of(
    kinds: Mapping[str, Kind],
    audience: Audience,
    usual_most: int,
    *,
    shown: Wishes | None = None,
) -> PreferencesForm:
    """The form with a choice for each kind; filled with what is `shown`, or from the request."""
    fields = {f"{PREFIX}{code}": _choice(kind, audience) for code, kind in kinds.items()}
    made: type[PreferencesForm] = type("PreferencesForm", (PreferencesForm,), fields)
    if shown is None:
        return made(usual_most=usual_most)
    return made(formdata=None, obj=as_row(shown), usual_most=usual_most)


def as_row(wishes: Wishes) -> SimpleNamespace:
    """As a form reads a row."""
    channels = {f"{PREFIX}{kind}": channel for kind, channel in wishes.channels.items()}
    own = {name: getattr(wishes, name) for name in ("opens", "closes", "no_digest", "version")}
    return SimpleNamespace(
        **channels, **own, days=list(wishes.days), at_once_most=wishes.at_once_most
    )


def _choice(kind: Kind, audience: Audience) -> Any:
    usual = _("D’habitude : %(channel)s", channel=_lowered(kind.usual[audience]))
    options = [("", usual), *((channel, CHANNELS[channel]) for channel in Channel)]
    is_mailed = kind.usual[audience] in {Channel.AT_ONCE, Channel.DAILY, Channel.WEEKLY}
    return KindField(
        kind.label, choices=choices_of(options), coerce=as_enum(Channel), is_mailed=is_mailed
    )


def _lowered(channel: Channel) -> str:
    words = str(CHANNELS[channel])
    return words[:1].lower() + words[1:]
