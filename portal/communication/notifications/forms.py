"""The form of preferences: a channel for each kind of notification, and mail hours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField

from portal.communication.notifications.kind_queries import NotificationKind, NotificationTopic
from portal.communication.notifications.labels import CHANNELS
from portal.communication.notifications.models import Channel
from portal.communication.notifications.policy import NotificationAudience
from portal.communication.notifications.preference_commands import NotificationPreferenceValues
from portal.platform.kernel.text import LazyString, lower_first
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm, build_choices_from_pairs, enum_coercer

PREFIX, TOPIC_PREFIX = "kind_", "topic_"
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


def _hour_label(number: int) -> str:
    return _("%(n)s h", n=number)


def _int_or_none(value: object) -> int | None:
    return int(str(value)) if str(value).isdecimal() else None


TOPICS: dict[NotificationTopic, LazyString] = {
    NotificationTopic.ADDRESSED: _l("Ce qui m’est adressé"),
    NotificationTopic.PROJECTS: _l("Ce qui se passe dans mes projets"),
    NotificationTopic.DATES: _l("Les dates qui approchent ou sont passées"),
}
USUAL, MIXED = "usual", "mixed"  # of a topic: each kind its default; each kind its own channel


class KindChannelField(SelectField):
    """The channel of a kind, with the topic that it is shown under."""

    def __init__(self, *args: Any, topic: NotificationTopic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic = topic


@dataclass(frozen=True)
class TopicFields:
    """A topic's own field and those of its kinds, with how many differ from their default."""

    field: Any
    kinds: Sequence[KindChannelField]

    @property
    def changed(self) -> int:
        return sum(field.data is not None for field in self.kinds)


class PreferencesForm(EditForm):
    """Mail hours; `build_preferences_form` adds a field for each kind."""

    opens = SelectField(_l("Pas avant"), coerce=int)
    closes = SelectField(_l("Pas après"), coerce=int)
    days = SelectMultipleField(_l("Les jours"), coerce=int)
    at_once_most = SelectField(_l("Courriels immédiats par jour, au plus"), coerce=_int_or_none)
    no_digest = BooleanField(_l("Ne pas m’envoyer de résumé"))

    def __init__(
        self, *args: Any, default_most: int, stored_topics: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.opens.choices = build_choices_from_pairs((hour, _hour_label(hour)) for hour in range(24))
        self.closes.choices = build_choices_from_pairs((hour, _hour_label(hour)) for hour in range(1, 25))
        self.days.choices = build_choices_from_pairs(DAYS)
        default_label = _("D’habitude : %(n)s", n=default_most)
        self.at_once_most.choices = build_choices_from_pairs(
            [("", default_label), *((count, str(count)) for count in AT_ONCE_CHOICES)]
        )
        self._default_most, self._stored_topics = default_most, stored_topics

    def make_form_from_stored(self, row: object) -> "PreferencesForm":
        return type(self)(
            formdata=None, obj=row, default_most=self._default_most, stored_topics=self._stored_topics
        )

    @property
    def kind_fields(self) -> Sequence[Any]:
        return [field for field in self if field.short_name.startswith(PREFIX)]

    @property
    def topics(self) -> Sequence[TopicFields]:
        """The fields of kinds by topic."""
        kinds = self.kind_fields
        return [
            TopicFields(self[f"{TOPIC_PREFIX}{topic}"], [field for field in kinds if field.topic is topic])
            for topic in TOPICS
        ]

    @property
    def preference_values(self) -> NotificationPreferenceValues:
        """The submitted values: a topic that was changed decides for all its kinds."""
        channels = {}
        for topic in self.topics:
            for field in topic.kinds:
                code = field.short_name.removeprefix(PREFIX)
                channels[code] = _choose_channel(topic.field, field, self._stored_topics)
        return NotificationPreferenceValues(
            channels={code: channel for code, channel in channels.items() if channel is not None},
            opens=self.opens.data,
            closes=self.closes.data,
            days=self.days.data or (),
            at_once_most=self.at_once_most.data,
            no_digest=self.no_digest.data,
        )


def _choose_channel(topic: Any, field: Any, stored_topics: Mapping[str, str]) -> Channel | None:
    """The channel of a kind; None is its default."""
    if topic.data == MIXED or topic.data == stored_topics.get(topic.short_name, USUAL):
        channel: Channel | None = field.data
        return channel
    return None if topic.data == USUAL else Channel(topic.data)


def build_preferences_form(
    kinds: Mapping[str, NotificationKind],
    audience: NotificationAudience,
    default_most: int,
    stored: NotificationPreferenceValues,
    *,
    is_sent: bool = False,
) -> PreferencesForm:
    """The form with a field for each topic and kind, filled from what is stored, or the request.

    `default_most` is how many immediate mails a day the audience gets by default.
    """
    fields: dict[str, Any] = {f"{PREFIX}{code}": _kind_field(kind, audience) for code, kind in kinds.items()}
    usual = {
        topic: {kind.usual[audience] for kind in kinds.values() if kind.topic is topic} for topic in TOPICS
    }
    fields |= {f"{TOPIC_PREFIX}{topic}": _topic_field(topic, usual[topic] or CHANNELS) for topic in TOPICS}
    form_class: type[PreferencesForm] = type("PreferencesForm", (PreferencesForm,), fields)
    topics = _shown_channel_by_topic(kinds, stored)
    if is_sent:
        return form_class(default_most=default_most, stored_topics=topics)
    row = preferences_as_row(stored, topics)
    return form_class(formdata=None, obj=row, default_most=default_most, stored_topics=topics)


def _shown_channel_by_topic(
    kinds: Mapping[str, NotificationKind], stored: NotificationPreferenceValues
) -> Mapping[str, str]:
    """What each topic's field shows: the channel that its kinds share, `USUAL` or `MIXED`."""
    summary = {}
    for topic in TOPICS:
        codes = [code for code, kind in kinds.items() if kind.topic is topic]
        channels = {stored.channels.get(code) for code in codes}
        shared = channels.pop() if len(channels) == 1 else None
        summary[f"{TOPIC_PREFIX}{topic}"] = shared or (MIXED if channels else USUAL)
    return summary


def preferences_as_row(
    wishes: NotificationPreferenceValues, topics: Mapping[str, str] = MappingProxyType({})
) -> SimpleNamespace:
    """An object with the form's field names as attributes, for the `obj` of a form."""
    return SimpleNamespace(
        **{f"{PREFIX}{kind}": channel for kind, channel in wishes.channels.items()},
        **topics,
        opens=wishes.opens,
        closes=wishes.closes,
        days=list(wishes.days),
        at_once_most=wishes.at_once_most,
        no_digest=wishes.no_digest,
        version=wishes.version,
    )


def _topic_field(topic: NotificationTopic, usual: Collection[Channel]) -> Any:
    channels = ((channel.value, label) for channel, label in CHANNELS.items())
    choices = [(USUAL, _describe_usual_channels(usual)), *channels, (MIXED, _("Au cas par cas"))]
    return SelectField(TOPICS[topic], choices=build_choices_from_pairs(choices), default=USUAL)


def _describe_usual_channels(usual: Collection[Channel]) -> str:
    """The channels that some kinds have by default."""
    *others, last = [lower_first(str(label)) for channel, label in CHANNELS.items() if channel in usual]
    channels = _("%(first)s ou %(last)s", first=", ".join(others), last=last) if others else last
    return _("D’habitude : %(channel)s", channel=channels)


def _kind_field(kind: NotificationKind, audience: NotificationAudience) -> Any:
    options = [
        ("", _describe_usual_channels([kind.usual[audience]])),
        *((channel, CHANNELS[channel]) for channel in Channel),
    ]
    return KindChannelField(
        kind.label, choices=build_choices_from_pairs(options), coerce=enum_coercer(Channel), topic=kind.topic
    )
