"""What the feature "change requests" brings to the application."""

from portal.funding.change_requests import (
    api,
    funding_section_labels,
    notifications,
    search,
    terms_views,
    to_decide_labels,
    to_decide_views,
    views,
)
from portal.funding.change_requests.attachment_queries import CHANGE_FILES
from portal.funding.change_requests.models import ChangeDecision, ChangeMessage, FundingChange
from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable, build_personal_tables_to_keep
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp, terms_views.bp),
    navigation={"funding_changes": ProjectMenuEntry.PROJECT},
    attachments=(CHANGE_FILES,),
    search=search.SEARCH,
    sections=(funding_section_labels.PART,),
    notifications=(*notifications.KINDS, *notifications.RULES, *notifications.ENDS),
    to_decide=(to_decide_labels.WAITING, to_decide_views.ACTS),
    limits={"funding_changes.letter": (at_most("120 per hour", own_session),)},
    personal_data=(
        PersonalDataset(
            "funding_changes",
            _l("Demandes de modification"),
            (
                PersonalTable(model=ChangeDecision, authors=("decided_by_id",)),
                *build_personal_tables_to_keep(ChangeMessage),
                PersonalTable(model=FundingChange, authors=("filed_by_id",)),
            ),
        ),
    ),
    api=(api.area,),
)
