"""News of recommendations: one is made, answered, done, or comes back."""

from sqlalchemy import select

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import SUBJECT, Kind, Rule, each, holders, path_below
from portal.notifications.models import Channel
from portal.programmes import policy as programmes
from portal.recommendations import commands
from portal.recommendations.models import Recommendation

_page = path_below("/recommendations/{number}")
ADVISED = Kind(
    code="recommended",
    label=_l("Un coach recommande, ou attend une suite"),
    path_of=_page,
    usual=each(Channel.AT_ONCE, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
ANSWERED = Kind(
    code="recommendation_answered",
    label=_l("Une équipe répond à une recommandation"),
    path_of=_page,
    usual=each(Channel.INBOX, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (ADVISED, ANSWERED)
_author = select(Recommendation.author_id.label("person_id"), SUBJECT.label("group_id")).where(
    Recommendation.id == SUBJECT
)
_answers = (commands.ACCEPTED, commands.DECLINED, commands.DONE)
_asks = (commands.PROPOSED, commands.SENT_BACK, commands.CONFIRMED)
RULES = (
    Rule(ADVISED, _asks, holders(*programmes.TEAM)),
    Rule(ANSWERED, _answers, _author),
    Rule(ANSWERED, _answers, holders(*programmes.COACHES)),
)
