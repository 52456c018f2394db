"""What the feature "instalments" brings to the application."""

from portal.funding.agreements.attachment_queries import INSTALMENT_FILES
from portal.funding.instalments import (
    funding_section_labels,
    payment_views,
    plan_views,
    project_section_labels,
    views,
)
from portal.platform.web.feature import Feature, ProjectEntry

FEATURE = Feature(
    blueprints=(views.bp, payment_views.bp, plan_views.bp),
    navigation=dict.fromkeys(("instalments", "payments", "instalment_plan"), ProjectEntry.PROJECT),
    attachments=(INSTALMENT_FILES,),
    sections=(project_section_labels.SECTION, funding_section_labels.PART),
)
