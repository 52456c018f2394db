"""News of gates: one is asked for, decided, or no longer proved."""

from sqlalchemy import select

from portal.gates import commands, evaluating
from portal.gates.models import GateDecision
from portal.gates.waiting import is_answered
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.dues import still
from portal.notifications.kinds import Kind, Rule, each, holders, leaders, path_told
from portal.notifications.models import Channel
from portal.programmes import policy as programmes

ASKED = Kind(
    code="gate_asked",
    label=_l("Une équipe demande un jalon"),
    path_of=path_told,
    usual=each(Channel.INBOX, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    standing=still(select(GateDecision.id).where(~is_answered()), GateDecision.id),
)
DECIDED = Kind(
    code="gate_decided",
    label=_l("Un jalon est accepté, refusé ou dispensé"),
    path_of=path_told,
    usual=each(Channel.AT_ONCE, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
UNPROVED = Kind(
    code="gate_unproved",
    label=_l("Un jalon n’est plus prouvé, ou une acceptation est périmée"),
    path_of=path_told,
    usual=each(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (ASKED, DECIDED, UNPROVED)
_around = (*programmes.TEAM, *programmes.COACHES)
_ends = (commands.ACCEPTED, commands.REFUSED, commands.WAIVED, commands.RESTORED)
RULES = (
    Rule(ASKED, (commands.DECLARED,), holders(*programmes.COACHES, *programmes.REVIEWERS)),
    Rule(ASKED, (commands.DECLARED,), leaders()),
    Rule(DECIDED, _ends, holders(*_around)),
    Rule(UNPROVED, (evaluating.UNPROVED, evaluating.STALE), holders(*_around)),
    Rule(UNPROVED, (evaluating.STALE,), leaders()),
)
