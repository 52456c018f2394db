"""Notes of coaches in search: found by whoever reads them."""

from portal.coaching.coach_notes import policy
from portal.coaching.coach_notes.models import CoachNote
from portal.collaboration.search.policy import TextAudience
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source

SEARCH = (
    build_project_rows_search_source(
        CoachNote,
        _l("Notes de coachs"),
        "body",
        author="author_id",
        reach=TextAudience.ADVISERS,
        visible=policy.visible_to,
        page_path="/coach-notes?at={own}#note-{own}",
        singular=_l("Note de coachs"),
    ),
)
