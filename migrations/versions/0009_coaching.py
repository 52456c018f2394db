"""Recommendations, coaching sessions, clinics, group sessions and coach notes."""

from migrations import columns as c

revision = "0009"
down_revision = "0008"


def tables() -> c.Tables:
    return {
        "gathering": [
            *c.entity(versioned=True),
            *c.references(programme_id="programme", author_id="person"),
            *c.integers("number"),
            *c.strings(title=200, place=200),
            *c.days("held_on"),
            *c.texts("agenda", "minutes"),
            *c.moments("counted_at?"),
            c.unique("programme_id", "number"),
            *c.checks(has_a_title="title <> ''"),
        ],
        "coach_note": [
            *c.numbered(),
            *c.references(author_id="person"),
            *c.texts("body"),
            *c.moments("edited_at?"),
            *c.checks(says_something="body <> ''"),
        ],
        "coaching_session": [
            *c.numbered(discussed=True),
            *c.references(track_id="track?", author_id="person"),
            *c.days("held_on", "next_on?"),
            *c.choices(
                format="kickoff business_immersion weekly_point business_workshop clinic call workshop"
            ),
            *c.texts("minutes"),
            *c.checks(next_comes_after="next_on IS NULL OR next_on > held_on"),
            c.index("ix_coaching_session_project_id_held_on", "project_id", "held_on"),
        ],
        "gathering_attendance": [
            *c.references(gathering_id="gathering", project_id="project", primary_key=True),
            *c.integers("people"),
            *c.checks(people="people BETWEEN 0 AND 99"),
        ],
        "satisfaction_given": [*c.references(gathering_id="gathering", person_id="person", primary_key=True)],
        "satisfaction_tally": [
            *c.references(gathering_id="gathering", primary_key=True),
            *c.integers("question", "mark", primary_key=True),
            *c.integers("answer_count"),
            *c.checks(on_scale="question BETWEEN 1 AND 3 AND mark BETWEEN 1 AND 5"),
            *c.checks(counts="answer_count >= 0"),
        ],
        "clinic": [
            *c.entity(versioned=True),
            *c.references(project_id="project", taken_by_id="person", index=True),
            *c.references(sprint_id="sprint", unique=True),
            *c.moments("requested_at", "taken_at", "closed_at?"),
            *c.days("planned_on?", "held_on?"),
            *c.references(closed_by_id="person?"),
            *c.texts("outcome"),
            *c.checks(
                closed_by_name_with_what_came_of_it="(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL OR outcome <> '')"
            ),
        ],
        "recommendation": [
            *c.numbered(discussed=True),
            *c.references(about_id="discussion?", comment_id="comment?", index=True),
            *c.references(confirmed_by_id="person?", answered_by_id="person?", author_id="person"),
            *c.references(done_by_id="person?"),
            *c.integers("gate?"),
            *c.strings(what=200, decline_reason=1000, proof_link=500, sent_back=1000),
            *c.texts("why", "proof"),
            *c.days("due_on?"),
            *c.choices(stage="proposed accepted declined done confirmed"),
            *c.moments("answered_at?", "done_at?", "confirmed_at?"),
            *c.checks(
                confirmed_by_name="(stage = 'confirmed') = (confirmed_at IS NOT NULL) AND (confirmed_at IS NULL) = (confirmed_by_id IS NULL)"
            ),
            *c.checks(
                answered_by_name="(stage = 'proposed') = (answered_at IS NULL) AND (answered_at IS NULL) = (answered_by_id IS NULL)"
            ),
            *c.checks(
                done_by_name="(stage IN ('done', 'confirmed')) = (done_at IS NOT NULL) AND (done_at IS NULL) = (done_by_id IS NULL)"
            ),
            *c.checks(declined_with_why="stage <> 'declined' OR decline_reason <> ''"),
            *c.checks(says_what_and_why="what <> '' AND why <> ''", gate="gate BETWEEN 0 AND 11"),
            c.index("ix_recommendation_project_id_stage", "project_id", "stage"),
        ],
        "coaching_decision": [
            *c.numbered(),
            *c.references(session_id="coaching_session", index=True),
            *c.strings(what=200),
            *c.references(recommendation_id="recommendation?", item_id="item?", unique=True),
            *c.checks(becomes_one_thing_at_most="recommendation_id IS NULL OR item_id IS NULL"),
            *c.checks(says_what="what <> ''"),
        ],
    }


def upgrade() -> None:
    c.make_tables(tables())


def downgrade() -> None:
    c.drop_tables(tables())
