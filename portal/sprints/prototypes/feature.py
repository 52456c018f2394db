"""What the feature "prototypes" brings to the application."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.sprints.prototypes import (
    api,
    evaluation_views,
    notifications,
    project_section_views,
    version_views,
)
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.prototypes.search import SEARCH

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(version_views.bp, evaluation_views.bp),
    navigation=dict.fromkeys(("prototypes", "evaluation"), ProjectMenuEntry.PROJECT),
    sections=(project_section_views.CHAPTER,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    attachments=(
        ProjectAttachmentKind(PrototypeVersion, _l("Version %(n)s du prototype"), "prototypes.page"),
        ProjectAttachmentKind(EvaluationProtocol, _l("Protocole %(n)s"), "evaluation.page"),
        ProjectAttachmentKind(EvaluationRun, _l("Essai %(n)s"), "evaluation.index", listed=True),
    ),
    places={
        "evaluation.change_protocol": "evaluation.page",
        "evaluation.note_pivot": "evaluation.page",
        "evaluation.replace_protocol": "evaluation.page",
        "evaluation.change_run": "evaluation.page",
        "evaluation.note_run": "evaluation.page",
        "evaluation.write_protocol": "evaluation.index",
        "prototypes.change": "prototypes.page",
        "prototypes.release": "prototypes.index",
    },
)
