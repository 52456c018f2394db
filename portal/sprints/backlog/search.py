"""Items of backlogs in search."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search
from portal.sprints.backlog import labels
from portal.sprints.backlog.models import Item

SEARCH = (
    project_search(
        Item,
        _l("Éléments"),
        "title",
        "description",
        "block_reason",
        state=lambda item: labels.STATES[item.state],
    ),
)
