"""Test rounds in search. Sessions and their participants are never found."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search
from portal.user_tests.rounds.models import TestRound

SEARCH = (
    project_search(TestRound, _l("Séries de tests"), "title", "hypotheses", "script", "no_access_needs"),
)
