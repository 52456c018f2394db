"""What the feature "agreements" brings to the application."""

from portal.funding.agreements import api, commands, list_views, views
from portal.funding.agreements.attachment_queries import AGREEMENT_FILES
from portal.funding.agreements.models import (
    AgreementAmendment,
    FundingAgreement,
    Instalment,
    InstalmentDocument,
)
from portal.funding.agreements.search import SEARCH
from portal.platform.kernel.personal_data import (
    PersonalDataset,
    SharedTextTable,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry

FEATURE = Feature(
    blueprints=(views.bp, list_views.bp),
    navigation={"agreements": ProjectMenuEntry.PROJECT},
    attachments=(AGREEMENT_FILES,),
    attaching=("agreements.sign", "agreements.replace_signed_document"),
    search=SEARCH,
    personal_data=(
        PersonalDataset(
            "agreements",
            _l("Conventions"),
            build_personal_tables_to_keep(AgreementAmendment, Instalment, InstalmentDocument),
        ),
        SharedTextTable(FundingAgreement, (commands.DRAFTED,)),
    ),
    api=(api.area,),
)
