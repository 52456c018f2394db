"""News of ethics reviews: who must look, what was decided, what is asked. Never what was said."""

from sqlalchemy import select

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.dues import PAST, SOON, due_of, still
from portal.notifications.kinds import (
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
from portal.notifications.policy import CARRIERS
from portal.programmes import policy as programmes
from portal.reviews import commands, condition_commands, reviewer_commands
from portal.reviews.listing import TO_MEET
from portal.reviews.models import ReviewCondition

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
    standing=still(select(ReviewCondition.id).where(TO_MEET), ReviewCondition.id),
)

KINDS = (ENTRUSTED, SUBMITTED, DECIDED, CONDITION)
DUES = (due_of(CONDITION, ReviewCondition, TO_MEET, roles=CARRIERS),)
_asks = (commands.SUBMITTED, commands.WITHDRAWN, condition_commands.PROVED)
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
    Rule(SUBMITTED, (commands.SUBMITTED, commands.WITHDRAWN), leaders()),
    Rule(DECIDED, _answers, holders(*programmes.TEAM, *programmes.COACHES)),
    Rule(DECIDED, _ends, leaders()),
)
