"""News of re-reviews: something came up, is to be confirmed, or comes back. Never what was said."""

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import Kind, Rule, each, holders, path_told
from portal.notifications.models import Channel
from portal.programmes import policy as programmes
from portal.rereviews import commands, rounds
from portal.rereviews.models import Answer

RAISED = Kind(
    code="rereview_raised",
    label=_l("Un changement est à réexaminer depuis qu’une revue éthique est décidée"),
    said={
        rounds.RAISED.code: _l("un changement est à réexaminer : réexamen %(number)s"),
        commands.RETURNED.code: _l("renvoie le réexamen %(number)s à l’équipe"),
    },
    path_of=path_told,
    usual=each(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)
TO_CONFIRM = Kind(
    code="rereview_to_confirm",
    label=_l("Une équipe répond qu’un changement est sans effet sur une revue éthique"),
    said=_l("attend que vous confirmiez le réexamen %(number)s"),
    path_of=path_told,
    usual=each(Channel.INBOX, Channel.INBOX, Channel.DAILY, Channel.INBOX),
)

KINDS = (RAISED, TO_CONFIRM)
RULES = (
    Rule(RAISED, (rounds.RAISED, commands.RETURNED), holders(*programmes.TEAM)),
    Rule(
        TO_CONFIRM,
        (commands.ANSWERED,),
        holders(*programmes.REVIEWERS),
        lambda line: line.after.get("answer") == Answer.NO_IMPACT,
    ),
)
