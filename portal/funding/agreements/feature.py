"""What the feature "agreements" brings to the application."""

from portal.funding.agreements import api, list_views, views
from portal.funding.agreements.attachment_queries import AGREEMENT_FILES
from portal.funding.agreements.search import SEARCH
from portal.platform.web.feature import Feature, ProjectEntry

FEATURE = Feature(
    blueprints=(views.bp, list_views.bp),
    navigation={"agreements": ProjectEntry.PROJECT},
    attachments=(AGREEMENT_FILES,),
    search=SEARCH,
    api=(api.area,),
)
