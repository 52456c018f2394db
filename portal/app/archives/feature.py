"""What archives bring to the application."""

from portal.app.archives import jobs, views
from portal.app.archives.models import ProgrammeArchive
from portal.platform.kernel.personal_data import ErasureStep, PersonalDataset, signed
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp,),
    sensitive=("archives.index", "archives.request_archive", "archives.download"),
    limits={
        "archives.request_archive": (at_most("10 per day", own_session),),
        "archives.download": (at_most("60 per hour", own_session),),
    },
    personal_data=(
        PersonalDataset("archives", _l("Archives de programmes demandées"), signed(ProgrammeArchive)),
        ErasureStep(after=jobs.expire_archives),
    ),
)
