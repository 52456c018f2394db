"""How a notification is said."""

from collections.abc import Mapping

from portal.kernel.audit import ACTIONS
from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import Kind
from portal.notifications.models import Channel, Notification
from portal.projects.queries import fill, say

CHANNELS: dict[Channel, LazyString] = {
    Channel.AT_ONCE: _l("Courriel tout de suite"),
    Channel.DAILY: _l("Résumé du jour"),
    Channel.WEEKLY: _l("Résumé de la semaine"),
    Channel.INBOX: _l("Portail seulement"),
    Channel.NEVER: _l("Jamais"),
}


def sentence(kind: Kind | None, row: Notification, who: str, person: str) -> str:
    """What happened, in the reader's language, and who did it."""
    own = kind.said if kind is not None else None
    if isinstance(own, Mapping):
        own = own.get(row.action)
    what = fill(str(own), row.facts, person) if own else say(row.action, row.facts, person)
    if row.action not in ACTIONS:  # no deed: a day that came
        return what[:1].upper() + what[1:]
    if not who:
        who = _("Quelqu’un") if row.actor_id else _("Le portail")
    return _("%(who)s %(what)s", who=who, what=what)
