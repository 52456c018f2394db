"""Labels of channels, and the sentence of a notification."""

from collections.abc import Hashable, Mapping

from portal.communication.notifications.inbox_queries import InboxGroup, InboxSection
from portal.communication.notifications.kind_queries import PAST, SOON, NotificationKind
from portal.communication.notifications.models import Channel, Notification
from portal.communication.notifications.queries import Kinds
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.queries import action_sentence, fill_sentence

CHANNELS: dict[Channel, LazyString] = {
    Channel.AT_ONCE: _l("Courriel tout de suite"),
    Channel.DAILY: _l("Résumé du jour"),
    Channel.WEEKLY: _l("Résumé de la semaine"),
    Channel.INBOX: _l("Portail seulement"),
    Channel.NEVER: _l("Jamais"),
}


def sentence(kind: NotificationKind | None, row: Notification | InboxGroup, who: str, person: str) -> str:
    """Who did what, in the reader's language; `person` is the name of whom the facts name.

    A notification of a programme about one of its teams ends with the team's name.
    """
    text = _action_sentence(kind, row, who, person)
    team = "" if row.is_about_project else row.facts.get("team")
    return f"{text} · {team}" if team else text


def _action_sentence(
    kind: NotificationKind | None, row: Notification | InboxGroup, who: str, person: str
) -> str:
    if kind is not None and row.actor_id is None and row.action in kind.impersonal:
        return fill_sentence(str(kind.impersonal[row.action]), row.facts, person)
    own = _find_own_sentence(kind, row) if kind is not None else None
    text = (
        fill_sentence(str(own), row.facts, person) if own else action_sentence(row.action, row.facts, person)
    )
    if kind is not None and kind.detail is not None:
        text += kind.detail(row.facts)
    if row.action in (SOON, PAST):  # a due date, on which nobody acted
        return text[:1].upper() + text[1:]
    if not who:
        who = _("Quelqu’un") if row.actor_id else _("Le portail")
    return _("%(who)s %(what)s", who=who, what=text)


def _find_own_sentence(kind: NotificationKind, row: Notification | InboxGroup) -> LazyString | None:
    """The sentence of the kind for what happened, instead of the action's."""
    own = next((texts for fact, texts in kind.variants.items() if row.facts.get(fact)), kind.sentence)
    return own.get(row.facts.get("of_action", row.action)) if isinstance(own, Mapping) else own


def build_section_values(kinds: Kinds, section: InboxSection) -> tuple[Hashable, ...]:
    """What the inbox shows of a place, as `communication/notifications/places.html` unpacks it."""
    place = section.place
    return (
        place.name if place else _("Le portail"),
        place.slug if place else "",
        str(section.scope_id or ""),
        section.unread,
        tuple(_build_group_values(kinds, group) for group in section.groups),
    )


def _build_group_values(kinds: Kinds, group: InboxGroup) -> tuple[Hashable, ...]:
    return (
        str(group.fact_id),
        str(group.group_id),
        group.created_at,
        sentence(kinds.get(group.kind), group, group.who, group.person),
        group.excerpt,
        group.unread > 0,
        group.count - 1,
        group.is_muted,
    )
