"""What the feature "applications" brings to the application."""

from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    PersonalTextRedaction,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session
from portal.selection.applications import api, export_views, views
from portal.selection.applications.attachment_queries import ATTACHMENTS
from portal.selection.applications.call_section_labels import TILES
from portal.selection.applications.models import (
    Application,
    ApplicationMember,
    ApplicationMessage,
    LeadConflict,
    SubstituteLead,
)
from portal.selection.applications.search import SEARCH

_EXPORTS = (at_most("60 per hour", own_session),)
FEATURE = Feature(
    blueprints=(views.bp, export_views.bp),
    attachments=(ATTACHMENTS,),
    sections=(TILES,),
    search=SEARCH,
    api=(api.area,),
    sensitive=(
        "application_exports.as_csv",
        "application_exports.as_xlsx",
        "application_exports.as_json",
    ),
    limits={
        "application_exports.as_csv": _EXPORTS,
        "application_exports.as_xlsx": _EXPORTS,
        "application_exports.as_json": _EXPORTS,
    },
    personal_data=(
        PersonalDataset(
            "applications",
            _l("Candidatures"),
            (
                PersonalTable(model=Application, typed={"opened_reason": "opened_by_id"}),
                *build_personal_tables_to_keep(ApplicationMessage, SubstituteLead),
                PersonalTable(model=LeadConflict),
                PersonalTable(model=ApplicationMember, addresses=("email",)),
            ),
        ),
        PersonalTextRedaction(model=ApplicationMember, is_copy=True),
    ),
)
