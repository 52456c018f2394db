"""Projects, their framing and their data sources."""

from migrations import columns as c

revision = "0005"
down_revision = "0004"


def tables() -> c.Tables:
    return {
        "visit_mark": [
            *c.references(person_id="person", primary_key=True),
            *c.moments("seen_at", "before_at?"),
        ],
        "project": [
            *c.references(id="scope", primary_key=True),
            *c.references(programme_id="programme", index=True),
            *c.references(discussion_id="discussion", unique=True),
            *c.strings(slug=60, unique=True),
            *c.strings(organisation_fold=400, demonstration_url=500, users_aimed_at=300),
            *c.strings(repository_url=500, organisation=200, title_fr=250, title_en=250),
            *c.strings(acronym=40),
            *c.texts("problem", "stop_reason", "learnings"),
            *c.days("starts_on", "ends_on", "paused_on?", "finished_on?", "stopped_on?"),
            *c.integers("version"),
            *c.checks(stopped_with_why="stopped_on IS NULL OR (stop_reason <> '' AND learnings <> '')"),
            *c.checks(ends_after_start="starts_on < ends_on"),
        ],
        "assumption": [
            *c.numbered(),
            *c.strings(statement=300),
            *c.integers("risk"),
            *c.texts("test", "result"),
            *c.choices(verdict="open confirmed refuted"),
            *c.days("settled_on?"),
            *c.checks(settled_with_a_date="(verdict = 'open') = (settled_on IS NULL)"),
            *c.checks(risk_on_its_scale="risk BETWEEN 1 AND 5"),
        ],
        "data_source": [
            *c.numbered(),
            *c.strings(name=120, holder=300, legal_basis=300, screening_note=300, sample_sha256=64),
            *c.texts("contents", "purpose", "quality_note"),
            *c.choices(access="identified requested granted received usable"),
            *c.choices(screening="not_done not_needed needed done", personal="unknown no yes"),
            *c.choices(fitness="not_asked framed fit ready", faithfulness="raw explored cleaned"),
            *c.days("access_on", "sample_on?"),
            *c.integers("sample_rows?"),
            *c.booleans("sample_measured"),
            *c.checks(sample_with_its_date="(sample_rows IS NULL) = (sample_on IS NULL)"),
            *c.checks(sample_counts="sample_rows >= 0"),
        ],
        "impact_metric": [
            *c.numbered(),
            *c.integers("edition"),
            *c.strings(name=120, unit=40, baseline_source=300),
            *c.choices(direction="up down"),
            *c.doubles("baseline?", "target?"),
            *c.days("baseline_on?"),
            *c.checks(baseline_with_its_date="baseline IS NULL OR baseline_on IS NOT NULL"),
        ],
        "project_figures": [
            *c.references(project_id="project", primary_key=True),
            *c.references(programme_id="programme"),
            *c.integers("running_number?", "missed_in_a_row", "last_number?", "gravest_open"),
            *c.integers("severe_open", "mark"),
            *c.strings(organisation_fold=400, acronym_fold=80, outlook=32),
            *c.choices(state="active paused stopped finished"),
            *c.days("running_ends_on?"),
            *c.moments("silent_since"),
            *c.booleans("help_wanted", "decision_awaited"),
            c.index("ix_project_figures_programme_id_mark", "programme_id", "mark"),
        ],
        "project_track": [*c.references(project_id="project", track_id="track", primary_key=True)],
        "target_group": [
            *c.numbered(),
            *c.choices(audience="agents citizens"),
            *c.strings(name=120, name_fold=240),
            *c.integers("size?"),
            *c.texts("access_needs"),
            *c.days("left_on?"),
            *c.checks(size_counts="size >= 0"),
            c.unique_index("ix_target_group_project_id_name_fold", "project_id", "name_fold"),
        ],
        "access_step": [
            *c.entity(),
            *c.references(source_id="data_source"),
            *c.integers("position"),
            *c.choices(access="identified requested granted received usable"),
            *c.days("reached_on"),
            *c.strings(note=300),
            c.unique("source_id", "position"),
        ],
        "data_source_talk": [
            *c.references(source_id="data_source", primary_key=True),
            *c.references(discussion_id="discussion", unique=True),
        ],
        "interview": [
            *c.numbered(),
            *c.days("held_on"),
            *c.references(target_group_id="target_group?", index=True),
            *c.integers("people"),
            *c.texts("learnt"),
            *c.checks(somebody_spoke="people >= 1"),
        ],
        "measurement": [
            *c.numbered(),
            *c.references(metric_id="impact_metric", index=True),
            *c.integers("edition", "sample_size?"),
            *c.days("measured_on", "set_aside_on?"),
            *c.doubles("value"),
            *c.texts("method"),
            *c.checks(sample_counts="sample_size >= 0"),
        ],
        "metric_definition": [
            *c.entity(),
            *c.references(metric_id="impact_metric"),
            *c.integers("edition"),
            *c.days("since", "baseline_on?"),
            *c.strings(reason=300, name=120, unit=40, baseline_source=300),
            *c.choices(direction="up down"),
            *c.doubles("baseline?", "target?"),
            c.unique("metric_id", "edition"),
        ],
    }


def upgrade() -> None:
    c.make_tables(tables())
    c.append_only("access_step", "id", ("source_id", "position"))
    c.append_only("metric_definition", "id", ("metric_id", "edition"))


def downgrade() -> None:
    c.drop_tables(tables())
