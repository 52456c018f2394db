"""What the feature "imports" brings to the application."""

from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    PersonalTextRedaction,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.tables.csv_file import FILE_MAX
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, network, own_session
from portal.platform.web.uploads import READ_FACTOR, SmallUpload, UploadEndpoint
from portal.selection.imports import api, file_api, file_views, notifications, retention_commands, views
from portal.selection.imports.models import CallSource, ImportedApplication, ImportRun, UploadedExport
from portal.selection.imports.section_labels import SOURCE, TILES

FEATURE = Feature(
    blueprints=(views.bp, file_views.bp),
    sections=(SOURCE, TILES),
    notifications=(*notifications.KINDS, *notifications.RULES),
    api=(api.area, file_api.area),
    limits={
        "api.connect_import_source": (at_most("60 per 15 minutes", network),),
        "application_imports.connect": (at_most("20 per 15 minutes", own_session),),
        "application_files.upload": (at_most("60 per hour", own_session),),
    },
    uploads=dict.fromkeys(
        ("application_files.upload", "api.upload_import_file"),
        UploadEndpoint(READ_FACTOR * FILE_MAX, lambda: SmallUpload(FILE_MAX)),
    ),
    retention=retention_commands.RULES,
    personal_data=(
        PersonalDataset(
            "application_imports",
            _l("Imports de candidatures"),
            (
                *build_personal_tables_to_keep(UploadedExport),
                PersonalTable(model=CallSource, secrets=("token",)),
                *build_personal_tables_to_keep(ImportRun),
            ),
        ),
        PersonalTextRedaction(model=ImportedApplication, is_copy=True),
        PersonalTextRedaction(model=UploadedExport, is_copy=True),
    ),
)
