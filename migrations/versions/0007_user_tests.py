"""Rounds of user tests, their sessions, their figures, and findings."""

from migrations import columns as c

revision = "0007"
down_revision = "0006"


def tables() -> c.Tables:
    return {
        "test_register": [
            *c.references(project_id="project", primary_key=True),
            *c.integers("last_participant"),
            *c.moments("purged_at?"),
        ],
        "test_round": [
            *c.numbered(discussed=True),
            *c.references(prototype_version_id="prototype_version", index=True),
            *c.references(follows_id="test_round?", index=True),
            *c.strings(title=120, no_access_needs=300),
            *c.choices(method="moderated unmoderated field", scale="f_sus sus umux_lite none"),
            *c.texts("hypotheses", "script"),
            *c.days("starts_on?", "ends_on?", "ended_on?"),
            *c.integers("access_needs?"),
            *c.checks(access_needs_counts="access_needs BETWEEN 0 AND 999"),
            *c.checks(ends_after_start="starts_on <= ends_on", has_title="title <> ''"),
        ],
        "consent_text": [
            *c.entity(versioned=True),
            *c.references(round_id="test_round"),
            *c.strings(locale=2, dpo_contact=300),
            *c.texts("purpose", "course", "retention", "withdrawal"),
            c.unique("round_id", "locale"),
        ],
        "finding": [
            *c.numbered(discussed=True),
            *c.references(round_id="test_round", merged_into_id="finding?", index=True),
            *c.strings(what=200, closing_reason=1000),
            *c.texts("detail"),
            *c.integers("severity?", "purged_session_count"),
            *c.booleans("is_harm"),
            *c.references(owner_id="person?", closed_by_id="person?"),
            *c.references(item_id="item?", unique=True),
            *c.choices(closing="retested accepted settled merged?"),
            *c.moments("closed_at?"),
            *c.checks(
                accepted_by_name_with_a_reason="closing IS NULL OR (closed_by_id IS NOT NULL AND closing_reason <> '') OR closing <> 'accepted'"
            ),
            *c.checks(
                severe_is_never_merely_settled="closing IS NULL OR (severity IS NOT NULL AND severity < 3) OR closing <> 'settled'"
            ),
            *c.checks(
                merged_into_another="(merged_into_id IS NOT NULL) = (closing IS NOT NULL AND closing = 'merged')"
            ),
            *c.checks(closed_at_some_moment="(closing IS NULL) = (closed_at IS NULL)"),
            *c.checks(purged_session_counts="purged_session_count >= 0", says_what="what <> ''"),
            *c.checks(severity_on_its_scale="severity BETWEEN 0 AND 4"),
            *c.checks(merged_into_no_self="merged_into_id <> id"),
            c.index("ix_finding_project_id_closed_at", "project_id", "closed_at"),
        ],
        "group_tally": [
            *c.entity(),
            *c.references(round_id="test_round"),
            *c.references(target_group_id="target_group?", index=True),
            *c.integers("participants"),
            c.unique("round_id", "target_group_id"),
        ],
        "imported_result": [
            *c.references(round_id="test_round", primary_key=True, ondelete="CASCADE"),
            *c.strings(print=64, primary_key=True),
        ],
        "results_import": [
            *c.entity(),
            *c.references(round_id="test_round", ondelete="CASCADE"),
            *c.references(person_id="person"),
            *c.moments("expires_at", index=True),
            *c.strings(file_name=200),
            *c.documents("shape", "lines", "unknown"),
            c.index("ix_results_import_round_id_person_id", "round_id", "person_id"),
        ],
        "round_group": [
            *c.references(round_id="test_round", primary_key=True),
            *c.references(target_group_id="target_group", primary_key=True, index=True),
            *c.integers("participant_goal?"),
            *c.checks(participant_goal_counts="participant_goal BETWEEN 1 AND 999"),
        ],
        "round_tally": [
            *c.references(round_id="test_round", primary_key=True),
            *c.moments("tallied_at"),
            *c.integers("sessions", "consented", "scale_count"),
            *c.days("first_on?", "last_on?"),
            *c.doubles("scale_mean?", "scale_deviation?"),
        ],
        "test_session": [
            *c.numbered(),
            *c.references(round_id="test_round", target_group_id="target_group?", index=True),
            *c.booleans("is_rehearsal"),
            *c.references(observer_id="person"),
            *c.days("consent_on?"),
            *c.moments("started_at?", "ended_at?"),
            *c.texts("notes"),
            *c.checks(started_with_consent="started_at IS NULL OR consent_on IS NOT NULL"),
            *c.checks(ended_once_started="ended_at IS NULL OR started_at IS NOT NULL"),
        ],
        "test_task": [
            *c.entity(versioned=True),
            *c.references(round_id="test_round"),
            *c.integers("number", "position", "time_limit?"),
            *c.uuids("lineage", index=True),
            *c.strings(title=120),
            *c.texts("instruction", "success"),
            *c.booleans("is_primary"),
            c.unique("round_id", "number"),
            *c.checks(time_limit_in_seconds="time_limit BETWEEN 1 AND 86400"),
            *c.checks(has_title="title <> ''"),
            c.unique_index("uq_test_task_primary", "round_id", where="is_primary"),
        ],
        "finding_evidence": [
            *c.references(finding_id="finding", primary_key=True),
            *c.references(attachment_id="attachment", primary_key=True, index=True, ondelete="CASCADE"),
        ],
        "finding_task": [
            *c.references(finding_id="finding", primary_key=True),
            *c.references(task_id="test_task", primary_key=True, index=True, ondelete="CASCADE"),
        ],
        "participant_link": [
            *c.entity(),
            *c.references(session_id="test_session", index=True, ondelete="CASCADE"),
            *c.strings(token_hash=64, unique=True),
            *c.references(made_by_id="person"),
            *c.moments("expires_at", "used_at?", "revoked_at?"),
        ],
        "retest": [
            *c.entity(),
            *c.references(finding_id="finding", noted_by_id="person"),
            *c.references(round_id="test_round", index=True),
            *c.choices(result="gone still_there not_reached"),
            *c.texts("note"),
            c.unique("finding_id", "round_id"),
        ],
        "scale_answer": [
            *c.entity(versioned=True),
            *c.references(session_id="test_session", ondelete="CASCADE"),
            *c.integers("item", "value"),
            *c.references(typed_by_id="person?"),
            c.unique("session_id", "item"),
            *c.checks(value_on_a_scale="value BETWEEN 1 AND 7"),
            *c.checks(item_of_a_scale="item BETWEEN 1 AND 10"),
        ],
        "sighting": [
            *c.entity(),
            *c.references(finding_id="finding", observer_id="person"),
            *c.references(session_id="test_session", index=True, ondelete="CASCADE"),
            c.unique("finding_id", "session_id", "observer_id"),
        ],
        "task_result": [
            *c.entity(versioned=True),
            *c.references(session_id="test_session", ondelete="CASCADE"),
            *c.references(task_id="test_task", index=True),
            *c.choices(outcome="success helped failed not_tried?"),
            *c.integers("seconds?", "ease?", "errors?"),
            *c.moments("running_since?"),
            *c.texts("notes"),
            c.unique("session_id", "task_id"),
            *c.checks(seconds_of_a_day="seconds BETWEEN 0 AND 86400"),
            *c.checks(ease_on_its_scale="ease BETWEEN 1 AND 7"),
            *c.checks(errors_count="errors BETWEEN 0 AND 999"),
        ],
        "task_tally": [
            *c.references(task_id="test_task", primary_key=True),
            *c.integers("errors_count", "time_count", "ease_count", "successes", "not_tried"),
            *c.integers("helped", "failed", "errors"),
            *c.doubles("time_log_deviation?", "ease_deviation?", "time_log_mean?", "time_median?"),
            *c.doubles("ease_mean?"),
        ],
    }


def upgrade() -> None:
    c.make_tables(tables())


def downgrade() -> None:
    c.drop_tables(tables())
