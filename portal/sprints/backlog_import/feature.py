"""What the feature "backlog import" brings to the application."""

from portal.platform.kernel.personal_data import (
    AccountJoinStep,
    PersonalDataset,
    PersonalTextRedaction,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.tables.csv_file import FILE_MAX, CsvIntake
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.platform.web.rate_limits import at_most, own_session
from portal.platform.web.uploads import READ_FACTOR, UploadEndpoint
from portal.sprints.backlog_import import api, export_views, views
from portal.sprints.backlog_import.join_commands import replace_joined_account
from portal.sprints.backlog_import.models import BacklogImport, ImportLine, ItemSource
from portal.sprints.backlog_import.retention_commands import UPLOADS
from portal.sprints.backlog_import.search import SEARCH

FEATURE = Feature(
    search=SEARCH,
    blueprints=(views.bp, export_views.bp),
    sensitive=("exports.as_csv", "exports.as_xlsx"),
    api=(api.area,),
    limits={
        "imports.upload": (at_most("60 per hour", own_session),),
        "exports.as_csv": (at_most("120 per hour", own_session),),
        "exports.as_xlsx": (at_most("120 per hour", own_session),),
    },
    uploads=dict.fromkeys(
        ("imports.upload", "api.stage_item_import"), UploadEndpoint(READ_FACTOR * FILE_MAX, CsvIntake)
    ),
    navigation=dict.fromkeys(("imports", "exports"), ProjectMenuEntry.SPRINTS),
    retention=(UPLOADS,),
    personal_data=(
        PersonalDataset(
            "backlog_imports", _l("Imports de carnets"), build_personal_tables_to_keep(BacklogImport)
        ),
        AccountJoinStep(replace_joined_account),
        PersonalTextRedaction(model=ImportLine, is_copy=True),
        PersonalTextRedaction(model=ItemSource, is_copy=True),
        PersonalTextRedaction(model=BacklogImport, is_copy=True),
    ),
)
