"""What the feature "files" brings to the application."""

from portal.collaboration.files import api, views
from portal.collaboration.files.erasure_commands import erase_file_content
from portal.collaboration.files.models import Attachment, AttachmentText
from portal.collaboration.files.property_jobs import redact_properties_naming_person
from portal.collaboration.files.queries import iterate_files_attached_by_person
from portal.collaboration.files.search import SEARCH
from portal.platform.kernel.personal_data import (
    ErasureStep,
    PersonalDataset,
    PersonalTextRedaction,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    search=SEARCH,
    blueprints=(views.bp,),
    api=(api.area,),
    limits={"files.attach": (at_most("200 per 15 minutes", own_session),)},
    attaching=("files.attach",),
    personal_data=(
        PersonalDataset(
            "files",
            _l("Fichiers joints"),
            build_personal_tables_to_keep(Attachment),
            iterate_files_attached_by_person,
        ),
        PersonalTextRedaction(model=AttachmentText, redact=erase_file_content),
        ErasureStep(after=redact_properties_naming_person),
    ),
)
