"""What the feature "portfolio" brings to the application."""

from portal.oversight.portfolio import act_views, api, figure_api, figure_views, views
from portal.oversight.portfolio.models import PortfolioView
from portal.platform.kernel.personal_data import PersonalDataset, build_personal_tables_to_delete
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature

FEATURE = Feature(
    api=(api.area, figure_api.area),
    blueprints=(views.bp, act_views.bp, figure_views.bp),
    personal_data=(
        PersonalDataset(
            "portfolio", _l("Vues du portefeuille"), build_personal_tables_to_delete(PortfolioView)
        ),
    ),
)
