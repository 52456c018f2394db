"""What the feature "gates" brings to the application."""

from portal.oversight.gates import (
    api,
    decision_views,
    dependency_projections,
    effect_queries,
    fact_api,
    fact_commands,
    fact_views,
    need_views,
    notifications,
    programme_gate_views,
    programme_section_views,
    terms_api,
    terms_views,
    to_decide_labels,
    to_decide_views,
    views,
)
from portal.oversight.gates.models import ChangePlan, GateDecision, GateTerms, TeamKeyRoles
from portal.oversight.gates.search import SEARCH
from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    SharedTextTable,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry

FEATURE = Feature(
    api=(api.area, fact_api.area, terms_api.area),
    search=SEARCH,
    blueprints=(views.bp, decision_views.bp, fact_views.bp, terms_views.bp, programme_gate_views.bp),
    sections=(
        *programme_section_views.SECTIONS,
        need_views.NEEDS,
        need_views.EVALUATION_LACKS,
        effect_queries.AFTER_END,
    ),
    navigation=dict.fromkeys(("gates", "gate_decisions", "gate_facts"), ProjectMenuEntry.GATES),
    notifications=(*notifications.KINDS, *notifications.RULES),
    to_decide=(to_decide_labels.WAITING, to_decide_views.ACTS),
    projections=(dependency_projections.PROJECTION,),
    places={
        "gate_decisions.accept": "gates.page",
        "gate_decisions.declare": "gates.page",
        "gate_decisions.refuse": "gates.page",
        "gate_decisions.restore": "gates.page",
        "gate_decisions.waive": "gates.page",
        "gate_facts.edit_change_plan": "gates.index",
        "gate_facts.note_key_roles": "gates.index",
        "gate_facts.change_panel": "gates.index",
        "gate_facts.record_panel": "gates.index",
        "gates.history": "gates.index",
    },
    personal_data=(
        PersonalDataset(
            "gates",
            _l("Jalons"),
            (
                *build_personal_tables_to_keep(TeamKeyRoles),
                PersonalTable(model=GateTerms, authors=("changed_by_id",)),
                PersonalTable(model=GateDecision, authors=("decided_by_id",)),
            ),
        ),
        SharedTextTable(ChangePlan, (fact_commands.CHANGE_PLAN_WRITTEN,)),
    ),
)
