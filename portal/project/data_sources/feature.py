"""What the feature "data sources" brings to the application."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.platform.web.uploads import SAMPLE_READ_FACTOR, UploadEndpoint
from portal.project.data_sources import api, section_labels, views
from portal.project.data_sources.models import DataSource
from portal.project.data_sources.sample_rules import SAMPLE_MAX, CsvMeter
from portal.project.data_sources.search import SEARCH
from portal.project.projects.attachment_queries import ProjectAttachmentKind

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp,),
    uploads={"data_sources.note_sample": UploadEndpoint(SAMPLE_READ_FACTOR * SAMPLE_MAX, CsvMeter)},
    navigation=dict.fromkeys(("data_sources",), ProjectMenuEntry.PROJECT),
    sections=(section_labels.SECTION,),
    attachments=(ProjectAttachmentKind(DataSource, _l("Source de données %(n)s"), "data_sources.page"),),
    places={
        "data_sources.move_access": "data_sources.page",
        "data_sources.change": "data_sources.page",
        "data_sources.judge_quality": "data_sources.page",
        "data_sources.note_sample": "data_sources.page",
        "data_sources.add": "data_sources.index",
    },
)
