"""Backlog, sprints, ceremonies and prototypes."""

from migrations import columns as c

revision = "0006"
down_revision = "0005"


def tables() -> c.Tables:
    return {
        "backlog_import": [
            *c.entity(),
            *c.references(project_id="project", person_id="person"),
            *c.moments("expires_at", index=True),
            *c.strings(file_name=200, home=500, encoding=20, delimiter=1, refusal=40),
            *c.integers("size", "round", "lines_read", "event_number", "attempts"),
            *c.bytes_("content"),
            *c.documents("names", "choices", "counts", "words", "facts"),
            *c.choices(tool="portal gitlab github jira trello other"),
            c.one_of("stage", "waiting compared refused confirmed done", index=True),
            *c.booleans("overtaken"),
            *c.moments("leased_until?"),
            c.index("ix_backlog_import_project_id_person_id", "project_id", "person_id"),
        ],
        "evaluation_protocol": [
            *c.numbered(),
            *c.references(replaces_id="evaluation_protocol?", unique=True),
            *c.days("dated_on"),
            *c.strings(metric=120, baseline_name=300),
            *c.choices(direction="up down"),
            *c.texts("held_out"),
            *c.integers("held_out_size?"),
            *c.doubles("baseline", "threshold"),
            *c.checks(held_out_counts="held_out_size >= 0"),
        ],
        "import_choices": [
            *c.references(project_id="project", primary_key=True),
            c.one_of("tool", "portal gitlab github jira trello other", primary_key=True),
            *c.documents("choices"),
        ],
        "iteration": [
            *c.entity(),
            *c.references(project_id="project"),
            *c.integers("number"),
            *c.moments("started_at?", "closed_at?", "withdrawn_at?"),
            c.index("ix_iteration_project_id_closed_at", "project_id", "closed_at"),
        ],
        "sprint": [
            *c.numbered(discussed=True),
            *c.strings(outlook_note=200, shown_link=500, indicator=200, next_goal=200, summary=200),
            *c.strings(shown_to=200, goal=200),
            *c.days("starts_on", "ends_on"),
            *c.integers("capacity?", "test_set_size?"),
            *c.moments("started_at?", "closed_at?", "helped_at?", "drafted_at?"),
            *c.choices(blocker="none data_access annotation contractor it legal_dpo people"),
            *c.choices(outlook="sunny cloudy rainy stormy?", outcome="met partly missed?"),
            *c.texts("shown", "learnt", "blocker_text", "decision_awaited"),
            *c.doubles("indicator_before?", "indicator_after?"),
            *c.booleans("help_wanted"),
            *c.checks(closed_with_outcome="closed_at IS NULL OR (outcome IS NOT NULL AND summary <> '')"),
            *c.checks(closed_once_started="closed_at IS NULL OR started_at IS NOT NULL"),
            *c.checks(ends_after_start="starts_on <= ends_on"),
            c.unique_index(
                "uq_sprint_one_active", "project_id", where="started_at IS NOT NULL AND closed_at IS NULL"
            ),
        ],
        "import_line": [
            *c.references(import_id="backlog_import", primary_key=True, ondelete="CASCADE"),
            *c.integers("position", primary_key=True),
            *c.integers("line", "item_number?"),
            *c.choices(outcome="new changed unchanged aside error"),
            *c.strings(ref=420, key=420, title=200, reason=300),
            *c.uuids("item_id?"),
            *c.documents("values", "changes", "problems", "takes"),
            *c.booleans("mine", "noted"),
            c.index("ix_import_line_import_id_outcome_position", "import_id", "outcome", "position"),
        ],
        "item": [
            *c.numbered(discussed=True),
            *c.references(iteration_id="iteration?", index=True),
            *c.big_integers("rank"),
            *c.strings(title=200, title_fold=400, block_reason=300, origin=300),
            *c.choices(kind="story data model test_finding retro_action bug"),
            *c.choices(state="to_do doing blocked done", spill="moved_on kept dropped?"),
            *c.integers("points?"),
            *c.texts("description"),
            *c.references(assignee_id="person?"),
            *c.moments("started_at?", "done_at?", "gone_at?"),
            *c.checks(blocked_with_why="(state = 'blocked') = (block_reason <> '')"),
            *c.checks(done_when_done="(state = 'done') = (done_at IS NOT NULL)"),
            *c.checks(points="points BETWEEN 0 AND 100", has_title="title <> ''"),
            c.index("ix_item_project_id_iteration_id_rank", "project_id", "iteration_id", "rank"),
            c.index("ix_item_project_id_rank", "project_id", "rank"),
        ],
        "pivot": [
            *c.numbered(),
            *c.references(protocol_id="evaluation_protocol", index=True),
            *c.days("decided_on"),
            *c.texts("reason"),
            *c.strings(reason_sha256=64),
            c.unique_index("ix_pivot_once", "protocol_id", "decided_on", "reason_sha256"),
        ],
        "prototype_version": [
            *c.numbered(discussed=True),
            *c.references(sprint_id="sprint?", index=True),
            *c.days("released_on"),
            *c.texts("changes"),
            *c.strings(link=500, recording=500, model_family=120, model_provider=120),
            *c.choices(automation="inform suggest checked alone", exposure="agents citizens"),
        ],
        "retrospective": [
            *c.entity(versioned=True),
            *c.references(project_id="project", index=True),
            *c.references(sprint_id="sprint", discussion_id="discussion", unique=True),
            *c.days("held_on"),
            *c.texts("went_well", "went_badly"),
        ],
        "snapshot": [
            *c.entity(),
            *c.references(iteration_id="iteration"),
            *c.choices(moment="start close"),
            *c.integers("finished_points", "finished_items", "event_number", "done_points", "done"),
            *c.integers("done_items", "blocked", "points", "items", "to_do", "doing"),
            *c.doubles("cycle_days?"),
            c.unique("iteration_id", "moment"),
        ],
        "demonstration": [
            *c.numbered(discussed=True),
            *c.references(prototype_version_id="prototype_version?", index=True),
            *c.references(sprint_id="sprint", index=True),
            *c.days("held_on"),
            *c.integers("team_technical", "team_business", "management", "citizens", "support"),
            *c.integers("coaches", "agents", "others"),
            *c.texts("feedback", "decisions"),
            *c.checks(
                somebody_came="team_business + team_technical + agents + citizens + management + support + coaches + others >= 1"
            ),
            *c.checks(team_technical_counts="team_technical BETWEEN 0 AND 999"),
            *c.checks(team_business_counts="team_business BETWEEN 0 AND 999"),
            *c.checks(management_counts="management BETWEEN 0 AND 999"),
            *c.checks(citizens_counts="citizens BETWEEN 0 AND 999"),
            *c.checks(coaches_counts="coaches BETWEEN 0 AND 999"),
            *c.checks(support_counts="support BETWEEN 0 AND 999"),
            *c.checks(agents_counts="agents BETWEEN 0 AND 999"),
            *c.checks(others_counts="others BETWEEN 0 AND 999"),
        ],
        "evaluation_run": [
            *c.numbered(),
            *c.references(prototype_version_id="prototype_version", index=True),
            *c.references(protocol_id="evaluation_protocol", index=True),
            *c.days("ran_on"),
            *c.doubles("result"),
            *c.strings(code_reference=300, data_sha256=64),
            *c.texts("note"),
        ],
        "item_event": [
            *c.numbered(versioned=False),
            *c.references(iteration_id="iteration?", assignee_id="person?", actor_id="person?"),
            *c.references(item_id="item"),
            *c.choices(
                kind="added edited assigned ordered planned returned split started put_back blocked unblocked finished reopened dropped taken_back"
            ),
            *c.choices(state="to_do doing blocked done"),
            *c.integers("points?"),
            *c.booleans("is_dropped"),
            *c.strings(title=200, reason=300),
            c.index("ix_item_event_item_id_number", "item_id", "number"),
        ],
        "item_source": [
            *c.references(item_id="item", primary_key=True),
            *c.references(project_id="project"),
            *c.choices(tool="portal gitlab github jira trello other"),
            *c.strings(ref=420, key=420),
            *c.documents("imported_values"),
            *c.moments("imported_at"),
            c.unique("project_id", "tool", "ref"),
        ],
        "retro_action": [
            *c.numbered(),
            *c.references(retrospective_id="retrospective", index=True),
            *c.strings(what=200),
            *c.references(owner_id="person", settled_by_id="person?"),
            *c.days("due_on"),
            *c.choices(settlement="done dropped?"),
            *c.moments("settled_at?"),
            *c.references(item_id="item?", unique=True),
            *c.checks(settled_at_some_moment="(settlement IS NULL) = (settled_at IS NULL)"),
            *c.checks(says_what="what <> ''"),
            c.index("ix_retro_action_project_id_settled_at", "project_id", "settled_at"),
        ],
        "snapshot_item": [
            *c.references(snapshot_id="snapshot", item_id="item", primary_key=True),
            *c.strings(title=200),
            *c.integers("points?"),
            *c.choices(state="to_do doing blocked done", spill="moved_on kept dropped?"),
        ],
        "subgroup_result": [
            *c.entity(),
            *c.references(run_id="evaluation_run"),
            *c.integers("position", "size?"),
            *c.strings(name=120),
            *c.doubles("result"),
            c.unique("run_id", "position"),
            *c.checks(size_counts="size >= 0"),
        ],
    }


def upgrade() -> None:
    c.make_tables(tables())
    c.append_only("pivot", "id", ("project_id", "number"))
    c.append_only("snapshot", "id")
    c.append_only("item_event", "id")
    c.append_only("snapshot_item", ("snapshot_id", "item_id"))


def downgrade() -> None:
    c.drop_tables(tables())
