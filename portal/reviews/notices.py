"""News of ethics reviews: who must look, what was decided, what is asked. Never what was said."""

from sqlalchemy import bindparam, literal, select

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import (
    PAST,
    SINCE,
    SOON,
    UNTIL,
    Due,
    Kind,
    Rule,
    each,
    holders,
    leaders,
    named,
    path_below,
    path_told,
)
from portal.notifications.models import Channel
from portal.programmes import policy as programmes
from portal.programmes.models import RoleAssignment
from portal.projects.models import Project
from portal.projects.policy import GOES_ON
from portal.reviews import commands, condition_commands, reviewer_commands
from portal.reviews.listing import TO_MEET
from portal.reviews.models import ReviewCondition
from portal.reviews.policy import CARRIERS

ENTRUSTED = Kind(
    code="review_entrusted",
    label=_l("On me confie une revue éthique"),
    said=_l("vous confie la revue éthique %(number)s"),
    is_personal=True,
    path_of=path_told,
    usual=each(Channel.AT_ONCE, Channel.AT_ONCE, Channel.AT_ONCE, Channel.DAILY),
)
SUBMITTED = Kind(
    code="review_submitted",
    label=_l("Une équipe soumet une revue éthique, ou répond à une condition"),
    path_of=path_told,
    usual=each(Channel.INBOX, Channel.INBOX, Channel.AT_ONCE, Channel.DAILY),
)
DECIDED = Kind(
    code="review_decided",
    label=_l("Une revue éthique est décidée, ou attend l’équipe"),
    path_of=path_told,
    usual=each(Channel.AT_ONCE, Channel.DAILY, Channel.DAILY, Channel.DAILY),
)
_to_meet = select(ReviewCondition.id).where(TO_MEET)
CONDITION = Kind(
    code="condition_due",
    label=_l("Une condition d’une revue éthique de mon projet arrive à sa date"),
    said={
        SOON: _l("la condition %(number)s d’une revue éthique arrive à sa date"),
        PAST: _l("la condition %(number)s d’une revue éthique a passé sa date"),
    },
    is_personal=True,
    path_of=path_below("/reviews/conditions/{number}"),
    usual=each(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    standing=_to_meet.where(ReviewCondition.id.in_(bindparam("ids", expanding=True))),
)

KINDS = (ENTRUSTED, SUBMITTED, DECIDED, CONDITION)
DUES = (
    Due(
        CONDITION,
        ReviewCondition.__tablename__,
        select(
            RoleAssignment.person_id.label("person_id"),
            ReviewCondition.id.label("subject_id"),
            ReviewCondition.project_id.label("scope_id"),
            ReviewCondition.due_on.label("due_on"),
            ReviewCondition.number.label("number"),
            literal("").label("name"),
        )
        .join(Project, Project.id == ReviewCondition.project_id)
        .join(RoleAssignment, RoleAssignment.scope_id == Project.id)
        .where(
            TO_MEET,
            RoleAssignment.role.in_(CARRIERS),
            ReviewCondition.due_on.between(SINCE, UNTIL),
            *GOES_ON,
        ),
    ),
)
_asks = (commands.SUBMITTED, condition_commands.PROVED)
_ends = tuple(reviewer_commands.DECISIONS.values())
_answers = (
    commands.REOPENED,
    reviewer_commands.ASKED_MORE,
    condition_commands.RETURNED,
    condition_commands.CONFIRMED,
    *_ends,
)
RULES = (
    Rule(ENTRUSTED, (commands.CHOSEN,), named()),
    Rule(SUBMITTED, _asks, holders(*programmes.REVIEWERS)),
    Rule(SUBMITTED, (commands.SUBMITTED,), leaders()),
    Rule(DECIDED, _answers, holders(*programmes.TEAM, *programmes.COACHES)),
    Rule(DECIDED, _ends, leaders()),
)
