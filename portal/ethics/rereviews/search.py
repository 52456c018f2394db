"""Triggers of re-reviews in search."""

from portal.ethics.rereviews.models import Trigger
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search

SEARCH = (project_search(Trigger, _l("Réexamens"), "because", "returned_because"),)
