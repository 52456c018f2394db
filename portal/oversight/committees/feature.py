"""What the feature "committees" brings to the application."""

from portal.oversight.committees import api, calendar, views
from portal.oversight.committees.models import Committee
from portal.oversight.committees.search import SEARCH
from portal.platform.kernel.personal_data import PersonalDataset, build_personal_tables_to_keep
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    search=SEARCH,
    api=(api.area,),
    blueprints=(views.bp,),
    calendar=calendar.DATES,
    limits={"committees.download": (at_most("120 per hour", own_session),)},
    personal_data=(PersonalDataset("committees", _l("Comités"), build_personal_tables_to_keep(Committee)),),
)
