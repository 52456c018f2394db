"""News of recommendations: one is made, answered, done, or comes back."""

from sqlalchemy import select

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.dues import PAST, SOON, due_of, still
from portal.notifications.kinds import SUBJECT, Kind, Rule, each, holders, path_below
from portal.notifications.models import Channel
from portal.notifications.policy import CARRIERS
from portal.programmes import policy as programmes
from portal.recommendations import commands
from portal.recommendations.models import Recommendation, Stage

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

_is_accepted = Recommendation.stage == Stage.ACCEPTED
DUE = Kind(
    code="recommendation_due",
    label=_l("Une recommandation acceptée par mon équipe arrive à sa date"),
    said={
        SOON: _l("la recommandation « %(name)s » arrive à sa date"),
        PAST: _l("la recommandation « %(name)s » a passé sa date"),
    },
    is_personal=True,
    path_of=_page,
    usual=each(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
    standing=still(select(Recommendation.id).where(_is_accepted), Recommendation.id),
)

KINDS = (ADVISED, ANSWERED, DUE)
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
DUES = (due_of(DUE, Recommendation, _is_accepted, roles=CARRIERS, name=Recommendation.what),)
