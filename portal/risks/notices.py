"""News of risks: the day of what somebody does about one; its words stay in the portal."""

from sqlalchemy import bindparam, literal, select

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import PAST, SINCE, SOON, UNTIL, Due, Kind, each, path_below
from portal.notifications.models import Channel
from portal.projects.models import Project
from portal.projects.policy import GOES_ON
from portal.risks.listing import OPEN
from portal.risks.models import Mitigation, Risk

_open = (
    select(Mitigation.id)
    .join(Risk, Risk.id == Mitigation.risk_id)
    .where(OPEN, Risk.closed_at.is_(None), Mitigation.due_on.is_not(None))
)
MITIGATION = Kind(
    code="mitigation_due",
    label=_l("Une mesure contre un risque, dont je m’occupe, arrive à sa date"),
    said={
        SOON: _l("la mesure %(number)s contre un risque arrive à sa date"),
        PAST: _l("la mesure %(number)s contre un risque a passé sa date"),
    },
    is_personal=True,
    path_of=path_below("/mitigations/{number}"),
    usual=each(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    standing=_open.where(Mitigation.id.in_(bindparam("ids", expanding=True))),
)

KINDS = (MITIGATION,)
DUES = (
    Due(
        MITIGATION,
        Mitigation.__tablename__,
        select(
            Mitigation.owner_id.label("person_id"),
            Mitigation.id.label("subject_id"),
            Mitigation.project_id.label("scope_id"),
            Mitigation.due_on.label("due_on"),
            Mitigation.number.label("number"),
            literal("").label("name"),
        )
        .join(Project, Project.id == Mitigation.project_id)
        .where(
            Mitigation.id.in_(_open),
            Mitigation.owner_id.is_not(None),
            Mitigation.due_on.between(SINCE, UNTIL),
            *GOES_ON,
        ),
    ),
)
