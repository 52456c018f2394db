"""What the feature "committee packs" brings to the application."""

from portal.oversight.committee_packs import (
    api,
    committee_section_labels,
    export_views,
    notifications,
    retention_commands,
    views,
)
from portal.oversight.committee_packs.erasure_commands import reprint_redacted_packs
from portal.oversight.committee_packs.models import CommitteePack, PackPage
from portal.oversight.committee_packs.search import SEARCH
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
    api=(api.area,),
    blueprints=(views.bp, export_views.bp),
    sensitive=("extracts.export_portfolio", "packs.make", "packs.download", "packs.download_jsonl"),
    limits={
        "extracts.export_portfolio": (at_most("120 per hour", own_session),),
        "packs.make": (at_most("60 per hour", own_session),),
        "packs.download": (at_most("120 per hour", own_session),),
        "packs.download_jsonl": (at_most("120 per hour", own_session),),
    },
    sections=(committee_section_labels.SECTION,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    personal_data=(
        PersonalDataset(
            "committee_packs", _l("Dossiers de comité"), build_personal_tables_to_keep(CommitteePack)
        ),
        PersonalTextRedaction(model=PackPage, is_copy=True),
        ErasureStep(reprint_redacted_packs),
    ),
    retention=retention_commands.RULES,
)
