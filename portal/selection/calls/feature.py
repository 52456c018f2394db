"""What the feature "calls" brings to the application."""

from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    SharedTextTable,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.selection.calls import (
    api,
    commands,
    programme_labels,
    public_views,
    views,
)
from portal.selection.calls.jury_models import JuryMember
from portal.selection.calls.models import Call

FEATURE = Feature(
    blueprints=(views.bp, public_views.bp),
    sections=(programme_labels.CALLS, programme_labels.STEPS),
    sensitive=("calls.show_or_hide_public_page",),
    public=("public_calls.redirect_to_reader_language", "public_calls.page"),
    api=(api.area,),
    personal_data=(
        PersonalDataset(
            "calls",
            _l("Appels à projets"),
            (
                *build_personal_tables_to_keep(Call),
                PersonalTable(model=JuryMember, yields=True),
            ),
        ),
        SharedTextTable(Call, (commands.PLANNED,)),
    ),
)
