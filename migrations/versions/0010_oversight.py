"""Gates, health, open issues, committee packs and public cards."""

from migrations import columns as c

revision = "0010"
down_revision = "0009"


def tables() -> c.Tables:
    return {
        "committee_pack": [
            *c.entity(),
            *c.references(programme_id="programme", asked_by_id="person"),
            *c.strings(language=2, fingerprint=64),
            *c.moments("as_of_at", "finished_at?", "leased_until?"),
            *c.days("as_of_on"),
            c.one_of("stage", "waiting done failed", index=True),
            *c.integers("teams?", "pages", "attempts"),
            c.index("ix_committee_pack_programme_id_id", "programme_id", "id"),
        ],
        "gate_terms": [
            *c.entity(),
            *c.references(programme_id="programme", changed_by_id="person"),
            *c.integers("gate", "edition", "weight", "month"),
            *c.choices(acceptor="direction track_coach any_coach reviewer"),
            *c.strings(track=60, because=300),
            *c.documents("thresholds"),
            c.unique("programme_id", "gate", "edition"),
            *c.checks(weight="weight BETWEEN 0 AND 100", month="month BETWEEN 0 AND 36"),
            *c.checks(says_why="because <> ''"),
        ],
        "health_terms": [
            *c.entity(),
            *c.references(programme_id="programme", changed_by_id="person"),
            *c.choices(
                code="data_access gate_slip high_risk findings gate_stale user_session goals_missed no_sprint no_contact advice key_role"
            ),
            *c.integers("edition", "watch?", "alert?"),
            *c.strings(because=300),
            c.unique("programme_id", "code", "edition"),
            *c.checks(alert_in_bounds="alert IS NULL OR alert BETWEEN 1 AND 365"),
            *c.checks(watch_in_bounds="watch IS NULL OR watch BETWEEN 1 AND 365"),
            *c.checks(says_why="because <> ''"),
        ],
        "portfolio_view": [
            *c.entity(),
            *c.references(programme_id="programme", person_id="person", index=True),
            *c.strings(name=80, query=600),
            *c.booleans("is_shared"),
            *c.checks(has_a_name="name <> ''"),
        ],
        "change_plan": [
            *c.entity(versioned=True),
            *c.references(project_id="project", unique=True),
            *c.texts("missions", "workflow", "training"),
        ],
        "concern_figures": [
            *c.references(project_id="project", primary_key=True),
            *c.documents("findings", "reviews", "conditions", "waived", "measures"),
            *c.integers("severe_number?", "triggers", "high"),
            *c.days("severe_since?", "triggered_on?", "sheet_on?"),
            *c.strings(sheet=16),
        ],
        "declared_weather": [
            *c.entity(),
            *c.references(project_id="project", declared_by_id="person"),
            *c.choices(outlook="sunny cloudy rainy stormy"),
            *c.strings(sentence=300),
            *c.checks(says_why="sentence <> ''"),
            c.index("ix_declared_weather_project_id_created_at", "project_id", "created_at"),
        ],
        "engagement": [
            *c.entity(versioned=True),
            *c.references(project_id="project", unique=True),
            *c.days("agreed_on?"),
            *c.references(sponsor_id="person?", business_owner_id="person?"),
        ],
        "health_override": [
            *c.entity(),
            *c.references(project_id="project", said_by_id="person"),
            *c.integers("level"),
            *c.strings(text=300),
            *c.days("until"),
            *c.checks(says_why="text <> ''"),
            c.index("ix_health_override_project_id_created_at", "project_id", "created_at"),
        ],
        "pack_page": [
            *c.references(pack_id="committee_pack", primary_key=True),
            *c.integers("position", primary_key=True, autoincrement=False),
            *c.references(project_id="project?"),
            *c.documents("content"),
        ],
        "pack_paper": [*c.references(pack_id="committee_pack", primary_key=True), *c.bytes_("pdf")],
        "project_gates": [*c.references(project_id="project", primary_key=True)],
        "public_card": [
            *c.references(project_id="project", primary_key=True),
            *c.texts("objective_fr", "objective_en", "gains_fr", "gains_en", "data_fr", "data_en"),
            *c.texts("ai_fr", "ai_en"),
            *c.moments("shown_at?"),
            *c.references(shown_by_id="person?"),
            *c.integers("version"),
            *c.checks(shown_by_somebody="(shown_at IS NULL) = (shown_by_id IS NULL)"),
        ],
        "gate_evaluation": [
            *c.entity(),
            *c.references(project_id="project_gates.project_id"),
            *c.integers("gate"),
            *c.documents("payload"),
            *c.booleans("is_proved"),
            *c.strings(fingerprint=64),
            c.index("ix_gate_evaluation_project_id_gate_id", "project_id", "gate", "id"),
        ],
        "gate_talk": [
            *c.references(project_id="project_gates.project_id", primary_key=True),
            *c.integers("gate", primary_key=True, autoincrement=False),
            *c.references(discussion_id="discussion", unique=True),
        ],
        "health_reading": [
            *c.entity(),
            *c.references(project_id="project_gates.project_id"),
            *c.documents("facts", "signals"),
            c.index("ix_health_reading_project_id_created_at", "project_id", "created_at"),
        ],
        "gate_decision": [
            *c.entity(),
            *c.references(project_id="project_gates.project_id", decided_by_id="person"),
            *c.integers("gate"),
            *c.choices(verb="declared withdrawn accepted refused waived restored"),
            *c.texts("reason"),
            *c.references(evaluation_id="gate_evaluation?", index=True),
            *c.strings(fingerprint=64),
            *c.checks(says_why="reason <> '' OR verb NOT IN ('refused', 'waived', 'restored')"),
            *c.checks(accepted_on_evidence="verb <> 'accepted' OR evaluation_id IS NOT NULL"),
            c.index("ix_gate_decision_project_id_gate_id", "project_id", "gate", "id"),
        ],
        "health_figures": [
            *c.references(project_id="project_gates.project_id", primary_key=True),
            *c.references(reading_id="health_reading"),
            *c.big_integers("mark"),
            *c.days("watch_from?", "alert_from?", "stale_from?"),
            *c.integers("next_gate?"),
            *c.documents("slips"),
        ],
        "panel": [
            *c.numbered(),
            *c.days("held_on"),
            *c.strings(members=300),
            *c.references(prototype_version_id="prototype_version?", index=True),
            *c.documents("criteria"),
            *c.choices(outcome="continue transfer pivot stop"),
            *c.texts("reasons"),
            *c.checks(decided_with_reasons="reasons <> ''"),
        ],
    }


def upgrade() -> None:
    c.make_tables(tables())
    c.append_only("gate_terms", "id")
    c.append_only("health_terms", "id")
    c.append_only("declared_weather", "id")
    c.append_only("health_override", "id")
    c.append_only("gate_evaluation", "id")
    c.append_only("health_reading", "id")
    c.append_only("gate_decision", "id")


def downgrade() -> None:
    c.drop_tables(tables())
