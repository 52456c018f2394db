"""Findings in search."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search
from portal.user_tests.findings.models import Finding

SEARCH = (project_search(Finding, _l("Constats"), "what", "detail", "closing_reason"),)
