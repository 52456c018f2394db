"""News of committee packs, to whoever had one made: it is there, or it could not be made."""

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import Kind, Rule, each, named, path_told
from portal.notifications.models import Channel
from portal.packs import commands, queries

ENDED = Kind(
    code="pack_ended",
    label=_l("Un dossier de comité que vous avez demandé est fait, ou n’a pas pu l’être"),
    said={
        commands.MADE.code: _l("a fait le dossier de comité que vous avez demandé"),
        commands.FAILED.code: _l("n’a pas pu faire le dossier de comité que vous avez demandé"),
    },
    path_of=path_told,
    usual=each(Channel.INBOX, Channel.INBOX, Channel.INBOX, Channel.INBOX),
    is_personal=True,
    excerpts=queries.name_days,
)

KINDS = (ENDED,)
RULES = (Rule(ENDED, (commands.MADE, commands.FAILED), named()),)
