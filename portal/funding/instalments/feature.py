"""What the feature "instalments" brings to the application."""

from portal.funding.agreements.models import InstalmentEdition
from portal.funding.instalments import (
    api,
    calendar,
    funding_section_labels,
    notifications,
    payment_views,
    plan_views,
    project_section_labels,
    recovery_api,
    search,
    to_decide_labels,
    to_decide_views,
    views,
)
from portal.funding.instalments.attachment_queries import INSTALMENT_FILES
from portal.funding.instalments.models import InstalmentStep, PaymentRecovery
from portal.funding.ledger.models import LedgerEntry
from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable, build_personal_tables_to_keep
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry

FEATURE = Feature(
    blueprints=(views.bp, payment_views.bp, plan_views.bp),
    sensitive=(
        "payments.pay",
        "payments.note_failure",
        "payments.announce_recovery",
        "payments.book_recovery",
        "payments.drop_recovery",
    ),
    navigation=dict.fromkeys(("instalments", "payments", "instalment_plan"), ProjectMenuEntry.PROJECT),
    attachments=(INSTALMENT_FILES,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    calendar=calendar.DATES,
    search=search.SEARCH,
    to_decide=(to_decide_labels.WAITING, to_decide_views.ACTS),
    sections=(project_section_labels.SECTION, funding_section_labels.PART),
    personal_data=(
        PersonalDataset(
            "instalments",
            _l("Versements"),
            (
                *build_personal_tables_to_keep(InstalmentStep, InstalmentEdition, LedgerEntry),
                PersonalTable(
                    model=PaymentRecovery,
                    authors=("announced_by_id",),
                    typed={"observations": "observed_by_id"},
                ),
            ),
        ),
    ),
    api=(api.area, recovery_api.area),
)
