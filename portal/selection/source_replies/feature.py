"""What the feature "source replies" brings to the application."""

from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.selection.source_replies import api, to_decide_labels, views
from portal.selection.source_replies.models import SourceReply

FEATURE = Feature(
    blueprints=(views.bp,),
    sensitive=("source_replies.approve",),
    api=(api.area,),
    to_decide=(to_decide_labels.WAITING,),
    personal_data=(
        PersonalDataset(
            "source_replies",
            _l("Réponses aux candidats"),
            (PersonalTable(model=SourceReply, authors=("proposed_by_id",)),),
        ),
    ),
)
