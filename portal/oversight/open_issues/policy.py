"""Who reads which open issues.

The list opens to whoever opens the portfolio, on the same teams. Readers of a project see all its
issues. Other readers of the programme see what the portfolio, public pages and submissions already
show: the numbers of severe findings and high risks, submitted reviews, published sheets. Drafts,
minor findings and measures against risks stay with the team.
"""

from uuid import UUID

from portal.oversight.open_issues.team_issue_rules import IssueVisibility
from portal.oversight.portfolio import policy as portfolio
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor


def can_choose_reviewers(actor: Actor, programme: Programme) -> bool:
    """Whether the actor has the acts on late reviews: the leads of the programme."""
    return programmes.can_lead(actor, programme)


def get_visibility(actor: Actor, programme: Programme, project_id: UUID) -> IssueVisibility:
    """What the actor may know of a team that the portfolio shows them."""
    opens = portfolio.can_read_team_by_ids(actor, project_id, programme.id)
    return IssueVisibility(opens, opens or programmes.can_read_reviews(actor, programme))
