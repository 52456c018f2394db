"""What the feature "search" brings to the application."""

from portal.collaboration.search import projections
from portal.collaboration.search.erasure_commands import index_redacted_rows, index_rows_of_joined_accounts
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.page_queries import find_page_addresses, kind_label
from portal.platform.kernel.personal_data import (
    AccountJoinStep,
    ErasureStep,
    PersonalDataset,
    PersonalTable,
    TextPageSource,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature

FEATURE = Feature(
    projections=(projections.PROJECTION,),
    personal_data=(
        PersonalDataset(
            "search",
            _l("Index de recherche"),
            (
                PersonalTable(
                    model=SearchEntry, authors=("author_id",), left_out="It repeats what the features export."
                ),
            ),
        ),
        ErasureStep(index_redacted_rows),
        AccountJoinStep(index_rows_of_joined_accounts),
        TextPageSource(kind_label, find_page_addresses),
    ),
)
