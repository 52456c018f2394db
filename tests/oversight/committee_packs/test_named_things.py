"""Packs and exports name what gates lack or lost by its title, as it was, and who may accept."""

import json
from datetime import timedelta

from portal.oversight.committee_packs.exports import ExportDataset, ExportScope, iterate_export_rows
from portal.oversight.committee_packs.snapshot_queries import read_cohort, read_teams
from portal.oversight.committee_packs.team_page_documents import build_team_page
from portal.oversight.gates import commands
from portal.oversight.gates.reference_queries import read_reference_titles
from portal.oversight.portfolio.support_queries import read_tracks_and_coaches_by_ids
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import using_language
from portal.project.data_sources import commands as sources
from portal.project.data_sources.commands import SourceFacts
from tests.support import factories as make
from tests.support import gates, health, project_file
from tests.support.rereviews import SOURCE


def page_of(project, moment=None):
    """The team's page of a pack, as one text."""
    moment = moment or clock.now()
    with using_language("fr"):
        cohort = read_cohort(project.programme_id, moment, clock.day_of(moment))
        (team,) = read_teams(cohort, [project.id], moment, clock.day_of(moment))
        return json.dumps(build_team_page(team), ensure_ascii=False).replace("\u00a0", " ")


def test_an_extract_names_the_source_by_its_title(programme, heron):
    project_file.source(heron, name="Cadastre", holder="")
    gates.judged(heron)
    moment = clock.now()
    cohort = read_cohort(programme.id, moment, clock.today())
    support = read_tracks_and_coaches_by_ids([heron.id], [])
    scope = ExportScope(cohort, [heron.id], moment, clock.today(), support)
    with using_language("fr"):
        rows = list(iterate_export_rows(ExportDataset.GATES, scope))
    (missing,) = [row["missing"] for row in rows if row["gate"] == "G2"]
    assert "« Cadastre »" in missing.replace("\u00a0", " ")


def test_a_title_is_the_one_of_the_moment(heron):
    member = make.actor(make.role(heron.id, Role.TEAM_MEMBER))
    with clock.frozen_at(clock.now() - timedelta(days=3)):
        row = sources.add_source(
            member, heron, SourceFacts(**SOURCE | {"name": "Ancien nom"}), identified_on=clock.today()
        )
        db.session.commit()
    then = clock.now() - timedelta(days=1)
    sources.change_source(member, heron, row, SourceFacts(**SOURCE | {"name": "Nouveau nom"}), row.version)
    db.session.commit()
    reference = f"source/{row.number}"
    wanted = {heron.id: [reference, "demonstration/1", "trigger/1"]}
    assert read_reference_titles(wanted)[heron.id][reference].title == "Nouveau nom"
    assert read_reference_titles(wanted, then)[heron.id][reference].title == "Ancien nom"
    assert read_reference_titles({heron.id: []}) == {}


def test_a_requested_gate_waits_for_the_coach_of_a_track_or_for_nobody(heron):
    lead = make.actor(make.role(heron.id, Role.TEAM_LEAD))
    commands.declare_gate(lead, heron, 5)
    db.session.commit()
    health.known(heron)
    assert "G5 : Premier prototype de bout en bout : demandé, attend l’avis de : coach du volet" in page_of(
        heron
    )
    assert "(personne ne le peut encore)" in page_of(heron)
    coach = gates.coach(heron)
    health.known(heron)
    assert "(personne ne le peut encore)" not in page_of(heron)
    assert coach.name not in page_of(heron)  # packs name nobody
