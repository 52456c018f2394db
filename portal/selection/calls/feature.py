"""What the feature "calls" brings to the application."""

from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    SharedTextTable,
    make_signed_tables,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.selection.calls import api, commands, programme_labels, public_views, views
from portal.selection.calls.jury_models import JuryMember
from portal.selection.calls.models import Call

FEATURE = Feature(
    blueprints=(views.bp, public_views.bp),
    sections=(programme_labels.CALLS,),
    sensitive=("calls.display",),
    public=("public_calls.landing", "public_calls.page"),
    api=(api.area,),
    personal_data=(
        PersonalDataset(
            "calls",
            _l("Appels à projets"),
            (
                *make_signed_tables(Call),
                PersonalTable(model=JuryMember, yields=True),
            ),
        ),
        SharedTextTable(Call, (commands.PLANNED,)),
    ),
)
