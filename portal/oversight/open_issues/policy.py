"""Who reads what of a programme's findings and ethics. No other file decides this.

The page opens to whoever opens the portfolio, on the same teams. Of a team whose pages they read,
they are told all. Of others (to those who only watch over the programme) what its portfolio, its
public pages and what its teams gave away already say: severe findings and high risks as numbers, a
review once it was submitted, a sheet once it was published. Drafts, minor findings, and what a team
has still to do about its risks are its own.
"""

from uuid import UUID

from portal.ethics.reviews import policy as reviews
from portal.oversight.open_issues.team_issue_rules import IssueVisibility
from portal.oversight.portfolio import policy as portfolio
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor


def get_visibility(actor: Actor, programme: Programme, project_id: UUID) -> IssueVisibility:
    """Of a team that the portfolio shows them."""
    opens = portfolio.reads_team(actor, project_id, programme.id)
    return IssueVisibility(opens, opens or programmes.can_read_reviews(actor, programme))


def can_read_register(actor: Actor, programme: Programme) -> bool:
    """Whether the way to the register of reviews is shown."""
    return reviews.can_read_register(actor, programme)
