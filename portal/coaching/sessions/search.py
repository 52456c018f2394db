"""Minutes of coaching sessions in search."""

from portal.coaching.sessions.models import CoachingSession
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search

SEARCH = (project_search(CoachingSession, _l("Séances d’accompagnement"), "minutes", author="author_id"),)
