"""What the feature "gates" brings to the application."""

from portal.oversight.gates import (
    decision_views,
    dependency_projections,
    fact_views,
    notifications,
    programme_gate_views,
    programme_section_views,
    terms_views,
    to_decide_labels,
    views,
)
from portal.oversight.gates.search import SEARCH
from portal.platform.web.feature import Feature, ProjectEntry

FEATURE = Feature(
    search=SEARCH,
    blueprints=(views.bp, decision_views.bp, fact_views.bp, terms_views.bp, programme_gate_views.bp),
    sections=programme_section_views.SECTIONS,
    navigation=dict.fromkeys(("gates", "gate_decisions", "gate_facts"), ProjectEntry.GATES),
    notifications=(*notifications.KINDS, *notifications.RULES),
    to_decide=(to_decide_labels.WAITING,),
    projections=(dependency_projections.PROJECTION,),
)
