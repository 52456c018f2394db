"""Conditions of ethics reviews in search."""

from portal.ethics.reviews.models import ReviewCondition
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search

SEARCH = (project_search(ReviewCondition, _l("Conditions"), "what", "proof", "returned_because"),)
