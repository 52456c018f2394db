"""What the feature "funding reports" brings to the application."""

from portal.funding.reports import api, notifications, views
from portal.funding.reports.erasure_commands import requeue_reports_naming_person
from portal.funding.reports.models import FundingReportFile
from portal.platform.kernel.personal_data import ErasureStep, PersonalDataset, build_personal_tables_to_keep
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

_EXPORTS = (at_most("60 per hour", own_session),)
FEATURE = Feature(
    blueprints=(views.bp,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    limits={
        "funding_reports.as_csv": _EXPORTS,
        "funding_reports.as_xlsx": _EXPORTS,
        "funding_reports.request_pdf": _EXPORTS,
    },
    personal_data=(
        PersonalDataset(
            "funding_reports", _l("Rapports aux financeurs"), build_personal_tables_to_keep(FundingReportFile)
        ),
        ErasureStep(requeue_reports_naming_person),
    ),
    api=(api.area,),
)
