"""What the feature "readiness sheets" brings to the application."""

from portal.ethics.readiness_sheets import api, fill_views, labels, views
from portal.ethics.readiness_sheets.models import Sheet
from portal.platform.kernel.personal_data import PersonalDataset, build_personal_tables_to_keep
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects.attachment_queries import ProjectAttachmentKind

FEATURE = Feature(
    blueprints=(views.bp, fill_views.bp),
    navigation=dict.fromkeys(("sheets", "sheet_filling"), ProjectMenuEntry.PROJECT),
    sections=(labels.CHAPTER,),
    attachments=(ProjectAttachmentKind(Sheet, _l("Fiche %(n)s"), "sheets.page"),),
    places={
        "sheet_filling.upgrade_edition": "sheets.page",
        "sheet_filling.choose_prototype_version": "sheets.page",
        "sheets.history": "sheets.page",
        "sheet_filling.begin": "sheets.index",
    },
    api=(api.area,),
    personal_data=(PersonalDataset("readiness_sheets", _l("Fiches"), build_personal_tables_to_keep(Sheet)),),
)
