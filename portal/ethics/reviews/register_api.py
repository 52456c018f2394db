"""The operation on a programme's register of reviews, as its page lists it."""

from typing import Any

from portal.ethics.reviews import policy
from portal.ethics.reviews.register_queries import ReviewFilters, ReviewRegisterEntry, read_register_page
from portal.ethics.reviews.register_schemas import RegisterEntrySchema, RegisterQuerySchema
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import require
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.platform.web.api_problems import build_forbidden_filter_refusal
from portal.project.projects.numbered_queries import PER_PAGE

area = ApiArea("ethics")
OF_REVIEWERS = ("flagged", "nobody", "discarded")  # filters of those who see who reviews


@area.list("/programmes/<programme>/review-register", RegisterEntrySchema, query=RegisterQuerySchema)
def list_review_register(call: ApiCall, programme: str) -> ApiPage:
    """List the reviews of all projects of a programme: under way first, the longest waiting first."""
    opened, filters = get_programme(call.actor, programme), ReviewFilters(**call.query)
    require(policy.can_read_register(call.actor, opened))
    sees_reviewers = policy.can_see_reviewers(call.actor, opened)
    asks_of_reviewers = [name for name in OF_REVIEWERS if call.query[name]]
    if asks_of_reviewers and not sees_reviewers:
        raise build_forbidden_filter_refusal(asks_of_reviewers)
    page = call.page.gather_portal_pages(
        lambda number: read_register_page(call.actor, opened, filters, number),
        PER_PAGE,
        key_by_fields("review.id"),
    )
    return ApiPage(
        [_dump_register_entry(entry, sees_reviewers=sees_reviewers) for entry in page.rows],
        page.next_after,
    )


def _dump_register_entry(entry: ReviewRegisterEntry, *, sees_reviewers: bool) -> dict[str, Any]:
    """The values of `RegisterEntrySchema`: as on the page, nothing of reviewers and conditions for those
    who read the states alone."""
    hidden = ("reviewer", "open_conditions", "late_conditions", "is_flagged")
    return vars(entry) | ({} if sees_reviewers else dict.fromkeys(hidden))
