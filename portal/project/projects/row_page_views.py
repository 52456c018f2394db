"""The page of a list that was asked for: by its number, or by a row that stands on it."""

from flask import request

from portal.platform.web.form_page import requested_page_number
from portal.project.projects.models import NUMBER_MAX
from portal.project.projects.numbered_queries import PageContainingNumber


def read_requested_page() -> int | PageContainingNumber:
    """The requested page; the one with the row of number `at` where no page is asked for."""
    at = request.args.get("at", 0, type=int)
    return (
        PageContainingNumber(at)
        if 0 < at <= NUMBER_MAX and "page" not in request.args
        else requested_page_number()
    )
