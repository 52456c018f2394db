"""News of recommendations: one is made, answered, done, or comes back."""

from sqlalchemy import bindparam, select

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import (
    PAST,
    SINCE,
    SOON,
    SUBJECT,
    UNTIL,
    Due,
    Kind,
    Rule,
    each,
    holders,
    path_below,
)
from portal.notifications.models import Channel
from portal.notifications.policy import CARRIERS
from portal.programmes import policy as programmes
from portal.programmes.models import RoleAssignment
from portal.projects.models import Project
from portal.projects.policy import GOES_ON
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

_accepted = select(Recommendation.id).where(Recommendation.stage == Stage.ACCEPTED)
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
    standing=_accepted.where(Recommendation.id.in_(bindparam("ids", expanding=True))),
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
_carried = (
    select(
        RoleAssignment.person_id.label("person_id"),
        Recommendation.id.label("subject_id"),
        Recommendation.project_id.label("scope_id"),
        Recommendation.due_on.label("due_on"),
        Recommendation.number.label("number"),
        Recommendation.what.label("name"),
    )
    .join(RoleAssignment, RoleAssignment.scope_id == Recommendation.project_id)
    .join(Project, Project.id == Recommendation.project_id)
    .where(
        RoleAssignment.role.in_(CARRIERS),
        Recommendation.stage == Stage.ACCEPTED,
        Recommendation.due_on.between(SINCE, UNTIL),
        *GOES_ON,
    )
)
DUES = (Due(DUE, Recommendation.__tablename__, _carried),)
