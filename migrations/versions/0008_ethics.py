"""Questionnaires, readiness sheets, reviews, risks and transparency sheets."""

from migrations import columns as c

revision = "0008"
down_revision = "0007"


def tables() -> c.Tables:
    return {
        "questionnaire_edition": [
            *c.entity(),
            *c.strings(key=40, version=20, fingerprint=64),
            *c.integers("edition"),
            *c.texts("text"),
            c.unique("key", "edition"),
        ],
        "trigger_cursor": [
            *c.integers("id", primary_key=True, autoincrement=False),
            *c.big_integers("seal"),
            *c.days("looked_on?"),
        ],
        "publication": [
            *c.numbered(),
            *c.documents("content"),
            *c.strings(fingerprint=64, withdrawn_because=1000),
            *c.days("published_on"),
            *c.references(published_by_id="person", ended_by_id="person?"),
            *c.moments("ended_at?"),
            *c.checks(ended_by_somebody="(ended_at IS NULL) = (ended_by_id IS NULL)"),
            c.unique_index("uq_publication_read", "project_id", where="ended_at IS NULL"),
        ],
        "review": [
            *c.numbered(discussed=True),
            *c.strings(kind=40),
            *c.references(edition_id="questionnaire_edition", reviewer_id="person?", index=True),
            *c.choices(state="draft submitted in_review accepted accepted_with_conditions refused"),
            *c.integers("round"),
            *c.references(opened_by_id="person"),
            *c.moments("reviewer_assigned_at?", "submitted_at?", "decided_at?", "discarded_at?"),
            *c.checks(
                decided_at_some_moment="state NOT IN ('accepted', 'accepted_with_conditions', 'refused') OR decided_at IS NOT NULL"
            ),
            *c.checks(taken_by_somebody="state NOT IN ('in_review') OR reviewer_id IS NOT NULL"),
            *c.checks(submitted_first="state = 'draft' OR submitted_at IS NOT NULL"),
            c.unique_index(
                "uq_review_under_way",
                "project_id",
                "kind",
                where="state IN ('draft', 'submitted', 'in_review') AND discarded_at IS NULL",
            ),
            c.index("ix_review_state_submitted_at", "state", "submitted_at"),
        ],
        "review_trigger": [
            *c.numbered(),
            *c.strings(key=120, because=1000, returned_because=1000),
            *c.documents("causes", "details"),
            *c.moments("happened_at", "answered_at?", "confirmed_at?"),
            *c.references(confirmed_by_id="person?", happened_by_id="person?"),
            *c.references(answered_by_id="person?"),
            *c.choices(answer="no_impact partial full?"),
            c.unique("project_id", "key"),
            *c.checks(
                confirmed_by_a_second_person="confirmed_at IS NULL OR (answer IS NOT NULL AND answer = 'no_impact' AND confirmed_by_id IS NOT NULL AND confirmed_by_id <> answered_by_id)"
            ),
            *c.checks(
                answered_by_name_with_a_reason="(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL) AND (answer IS NULL OR because <> '')"
            ),
            c.index("ix_review_trigger_answer", "answer", "confirmed_at"),
        ],
        "transparency_part": [
            *c.entity(versioned=True),
            *c.references(project_id="project"),
            *c.choices(part="public experts choice"),
            *c.documents("values"),
            c.unique("project_id", "part"),
        ],
        "review_answer": [
            *c.entity(versioned=True),
            *c.references(project_id="project", index=True),
            *c.references(review_id="review", answered_by_id="person?"),
            *c.references(discussion_id="discussion", unique=True),
            *c.strings(item=40),
            *c.documents("value?"),
            *c.texts("note"),
            *c.moments("answered_at?"),
            c.unique("review_id", "item"),
            *c.checks(answered_by_somebody="(answered_at IS NULL) = (answered_by_id IS NULL)"),
        ],
        "triggered_review": [
            *c.entity(),
            *c.references(project_id="project", review_id="review", index=True),
            *c.references(trigger_id="review_trigger"),
            c.unique("trigger_id", "review_id"),
        ],
        "review_round": [
            *c.entity(),
            *c.references(prototype_version_id="prototype_version?", submitted_by_id="person?"),
            *c.references(edition_id="questionnaire_edition?", begun_by_id="person"),
            *c.references(review_id="review"),
            *c.integers("number"),
            *c.choices(why="opened more reopened"),
            *c.texts("because"),
            *c.documents("sections", "answers?"),
            *c.moments("submitted_at?", "taken_at?", "ended_at?"),
            c.unique("review_id", "number"),
            *c.checks(begun_with_why="why = 'opened' OR because <> ''"),
        ],
        "sheet": [
            *c.numbered(discussed=True),
            *c.strings(kind=40),
            *c.integers("edition"),
            *c.references(prototype_version_id="prototype_version?", index=True),
            *c.moments("saved_at?"),
            *c.references(saved_by_id="person?", completed_by_id="person?"),
            *c.days("completed_on?"),
            *c.checks(completed_by_somebody="(completed_on IS NULL) = (completed_by_id IS NULL)"),
            c.unique_index("uq_sheet_open", "project_id", "kind", where="completed_on IS NULL"),
        ],
        "review_condition": [
            *c.numbered(),
            *c.references(review_id="review", round_id="review_round", index=True),
            *c.strings(what=1000, proof_link=500, returned_because=1000),
            *c.days("due_on"),
            *c.moments("decided_at?", "proved_at?", "confirmed_at?"),
            *c.texts("proof"),
            *c.references(proved_by_id="person?", confirmed_by_id="person?"),
            *c.checks(
                confirmed_once_proved="confirmed_at IS NULL OR (confirmed_by_id IS NOT NULL AND proved_at IS NOT NULL)"
            ),
            *c.checks(proved_by_somebody="(proved_at IS NULL) = (proved_by_id IS NULL)"),
            *c.checks(says_what="what <> ''"),
        ],
        "review_decision": [
            *c.entity(),
            *c.references(review_id="review", index=True),
            *c.references(round_id="review_round", unique=True),
            *c.choices(outcome="draft submitted in_review accepted accepted_with_conditions refused"),
            *c.texts("reasons"),
            *c.moments("signed_at"),
            *c.references(signed_by_id="person", edition_id="questionnaire_edition"),
            *c.strings(signed_name=200, edition_version=20, fingerprint=64),
            *c.integers("answered", "question_count", "level?"),
            *c.doubles("score?"),
            *c.documents("content"),
            *c.checks(decided_with_reasons="reasons <> ''"),
        ],
        "review_opinion": [
            *c.entity(versioned=True),
            *c.references(round_id="review_round", written_by_id="person"),
            *c.strings(section=40),
            *c.texts("reasons"),
            *c.booleans("lacks"),
            c.unique("round_id", "section"),
        ],
        "sheet_section": [
            *c.entity(versioned=True),
            *c.references(sheet_id="sheet"),
            *c.strings(key=40),
            *c.integers("edition"),
            *c.documents("answers"),
            c.unique("sheet_id", "key"),
        ],
        "risk": [
            *c.numbered(discussed=True),
            *c.references(finding_id="finding?", index=True),
            *c.strings(what=200, affected=300, closing_reason=1000),
            *c.texts("detail", "residual_reason"),
            *c.integers("likelihood", "severity", "residual_likelihood?", "residual_severity?"),
            *c.moments("closed_at?"),
            *c.references(closed_by_id="person?"),
            *c.checks(
                closed_by_name_with_a_reason="(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL OR closing_reason <> '')"
            ),
            *c.checks(residual_whole="(residual_likelihood IS NULL) = (residual_severity IS NULL)"),
            *c.checks(residual_likelihood_on_scale="residual_likelihood BETWEEN 1 AND 4"),
            *c.checks(residual_severity_on_scale="residual_severity BETWEEN 1 AND 4"),
            *c.checks(likelihood_on_scale="likelihood BETWEEN 1 AND 4", says_what="what <> ''"),
            *c.checks(severity_on_scale="severity BETWEEN 1 AND 4"),
        ],
        "mitigation": [
            *c.numbered(),
            *c.references(risk_id="risk", index=True),
            *c.strings(what=200, proof_link=500, note=1000),
            *c.references(owner_id="person?", settled_by_id="person?"),
            *c.days("due_on?", "reminded_of?"),
            *c.choices(progress="planned under_way in_place dropped"),
            *c.moments("settled_at?"),
            *c.checks(
                settled_at_some_moment="(progress IN ('in_place', 'dropped')) = (settled_at IS NOT NULL)"
            ),
            *c.checks(dropped_with_why="progress <> 'dropped' OR note <> ''"),
            *c.checks(says_what="what <> ''"),
            c.index("ix_mitigation_progress_due_on", "progress", "due_on"),
        ],
    }


def upgrade() -> None:
    c.make_tables(tables())
    c.append_only("review_decision", "id", "round_id")


def downgrade() -> None:
    c.drop_tables(tables())
