"""Archives of programmes: what is in them and what is not, and checks that need no database."""

import hashlib
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from portal.app.archives import commands, jobs
from portal.app.archives.models import ArchiveStage, ProgrammeArchive
from portal.app.archives.rows import LEFT_OUT, ProgrammeTableReader
from portal.app.archives.value_labels import list_row_headings_and_values
from portal.app.archives.verification import ArchiveUnreadable, verify_archive
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit_chain import seal_hash
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.errors import NotAllowed, RuleBroken
from portal.platform.storage.storage import ObjectMissing
from portal.platform.storage.transaction import get_storage
from tests.support import erasures
from tests.support import factories as make
from tests.support.browser import words_of


def rewrite(path: Path, replace: dict[str, bytes | None]) -> Path:
    """A copy with some members replaced, added, or (None) removed."""
    changed = path.with_name("changed.zip")
    with ZipFile(path) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = replace[name] if name in replace else old.read(name)
            if content is not None:
                new.writestr(name, content)
        for name in replace.keys() - set(old.namelist()):
            new.writestr(name, replace[name])
    return changed


def faults(path: Path, **given: str) -> list[str]:
    return verify_archive(path, **given).faults


def test_an_archive_is_whole_and_of_one_programme_alone(archive, programme):
    report = verify_archive(archive)
    assert report.faults == []
    assert report.manifest.programme == programme.slug
    assert report.manifest.lines >= 1
    with ZipFile(archive) as opened:
        texts = {name: opened.read(name).decode(errors="replace") for name in opened.namelist()}
    everything = "\n".join(texts.values())
    assert "Un message d’ici." in texts["data/comment.json"]
    assert "Un message d’ici." in texts["html/heron.html"]
    assert "Awa Membre" in texts["html/heron.html"]
    assert "ailleurs" not in everything
    assert 'href="html/heron.html"' in texts["index.html"]
    assert any(name.startswith("files/") for name in texts)
    assert "<script" not in texts["index.html"]


def test_no_secret_and_nothing_of_a_person_alone_is_in_it(archive):
    with ZipFile(archive) as opened:
        names = {name.removeprefix("data/").removesuffix(".json") for name in opened.namelist()}
        rows = [
            row
            for name in opened.namelist()
            if name.startswith("data/")
            for row in json.loads(opened.read(name))
        ]
    assert names.isdisjoint({"open_session", "api_token", "notification", "person", "webhook"})
    columns = {column for row in rows for column in row}
    assert not {each for each in columns if "token" in each or "secret" in each or "password" in each}


def test_every_table_of_projects_is_in_it_or_left_out_by_name(app, programme):
    """A new feature's rows are archived without being named: by their foreign keys."""
    reader = ProgrammeTableReader(programme.id)
    list(reader.iterate_tables())
    missing = {
        table.name
        for table in Base.metadata.sorted_tables
        if "project_id" in table.columns
        and not reader._list_programme_columns(table)
        and not LEFT_OUT.match(table.name)
    }
    assert missing == {name for name in missing if not Base.metadata.tables[name].c.project_id.foreign_keys}


def test_what_was_changed_added_or_removed_is_named(archive):
    assert "data/project.json was changed" in faults(rewrite(archive, {"data/project.json": b"[]"}))
    assert "extra.html was added" in faults(rewrite(archive, {"extra.html": b"x"}))
    assert "index.html is missing" in faults(rewrite(archive, {"index.html": None}))


def test_a_line_of_the_trail_that_was_changed_is_found_even_with_a_new_manifest(archive):
    """Whoever rewrites the list of contents too is caught by the seals, and by the fingerprint."""
    with ZipFile(archive) as opened:
        lines = opened.read("trail.jsonl").splitlines()
        manifest = json.loads(opened.read("manifest.json"))
    seal = json.loads(lines[0])
    assert seal_hash(seal["before"], seal["line"]) == seal["hash"]
    seal["line"]["action"] = "nothing.happened"
    content = b"\n".join([json.dumps(seal).encode(), *lines[1:]]) + b"\n"
    manifest["files"]["trail.jsonl"] = [len(content), hashlib.sha256(content).hexdigest()]
    replaced = {"trail.jsonl": content, "manifest.json": json.dumps(manifest).encode()}
    report = verify_archive(rewrite(archive, replaced), verify_archive(archive).fingerprint)
    assert report.faults[0].partition(":")[0] == f"seal {seal['number']}"
    assert any("fingerprint" in fault for fault in report.faults)
    fewer = b"\n".join(lines[1:]) + b"\n" if len(lines) > 1 else b""
    manifest["files"]["trail.jsonl"] = [len(fewer), hashlib.sha256(fewer).hexdigest()]
    replaced = {"trail.jsonl": fewer, "manifest.json": json.dumps(manifest).encode()}
    assert any("in the manifest" in fault for fault in faults(rewrite(archive, replaced)))


def test_a_changed_byte_anywhere_is_found_and_never_ends_in_a_traceback(archive):
    data, changed = archive.read_bytes(), archive.with_name("changed.zip")
    step = max(1, len(data) // 1500)
    places = {*range(0, len(data), step), *range(300), *range(len(data) - 300, len(data))}
    content = read_content(archive)
    silent = []
    for place in sorted(places):
        changed.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            # Compressed data have bits that stand for nothing: what is read is the same then.
            if not faults(changed) and read_content(changed) != content:
                silent.append(place)
        except ArchiveUnreadable:
            continue
    assert silent == []


def read_content(path):
    """All that a ZIP holds, and what it says of each member."""
    with ZipFile(path) as opened:
        return [(str(member), opened.read(member)) for member in opened.infolist()]


@pytest.mark.parametrize(("before", "after"), [(b"x", b""), (b"", b"x"), (b"#!/bin/sh\n", b"\n")])
def test_bytes_around_an_archive_are_found(archive, before, after):
    assert faults(archive) == []
    changed = archive.with_name("changed.zip")
    changed.write_bytes(before + archive.read_bytes() + after)
    try:
        assert faults(changed) != []
    except ArchiveUnreadable:
        assert after  # no directory where it should be


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all"])
def test_a_file_that_is_no_archive_is_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(ArchiveUnreadable):
        verify_archive(path)


def test_a_zip_of_something_else_or_of_another_format_is_refused(archive):
    with pytest.raises(ArchiveUnreadable, match="no archive of a programme"):
        verify_archive(rewrite(archive, {"manifest.json": None}))
    for manifest in (b"[]", b"{", b'{"programme": 1}'):
        with pytest.raises(ArchiveUnreadable, match="cannot be read"):
            verify_archive(rewrite(archive, {"manifest.json": manifest}))
    with ZipFile(archive) as whole:
        manifest = json.loads(whole.read("manifest.json"))
    for wrong in (
        {"files": 5},
        {"files": {"x": 1}},
        {"files": {"x": ["1", 2]}},
        {"lines": "q"},
        {"anchor": 4},
    ):
        with pytest.raises(ArchiveUnreadable, match="cannot be read"):
            verify_archive(rewrite(archive, {"manifest.json": json.dumps(manifest | wrong).encode()}))
    with pytest.raises(ArchiveUnreadable, match="cannot be read"):
        verify_archive(rewrite(archive, {"manifest.json": json.dumps(manifest | {"anchor": "x:y"}).encode()}))


def test_a_file_says_what_it_hangs_on_and_when_it_was_removed(app):
    row = {"subject": "assumption", "name": "a.csv", "removed_at": "2026-03-02T09:00:00+00:00"}
    assert list_row_headings_and_values("attachment", row, {}) == [
        ("Objet", "Hypothèses"),
        ("Nom", "a.csv"),
        ("Retiré le", "2 mars 2026"),
    ]
    assert list_row_headings_and_values("gate_terms", {"track": "strategic"}, {}) == []


def test_the_command_needs_no_database(archive, make_app, tmp_path):
    """On a machine whose database does not exist."""
    elsewhere = make_app(DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/none.db")
    run = elsewhere.test_cli_runner().invoke
    done = run(args=["archive", "verify", str(archive)])
    assert done.exit_code == 0, done.output
    assert "The archive agrees with itself." in done.output
    assert "The archive is whole." not in done.output, "whoever changes it may write its manifest again"
    fingerprint = verify_archive(archive).fingerprint
    proved = run(args=["archive", "verify", str(archive), "--fingerprint", fingerprint])
    assert (proved.exit_code, proved.output.splitlines()[-1]) == (0, "The archive is whole.")
    assert run(args=["archive", "verify", str(archive), "--fingerprint", "ab" * 32]).exit_code == 1
    changed = run(args=["archive", "verify", str(rewrite(archive, {"index.html": b"x"}))])
    assert changed.exit_code == 1
    assert "index.html was changed" in changed.output


def test_a_lead_closes_a_programme(project, programme, lead, browser_for, tmp_path):
    desk = browser_for(lead)
    url = f"/programmes/{programme.slug}/archive"
    assert "1 projet n’est pas encore terminé" in words_of(desk.visit(url))
    desk.submit(url)
    desk.submit(url, expect=422)
    assert jobs.make_due_archives() == 1
    row = db.session.scalars(sa.select(ProgrammeArchive)).one()
    assert (row.stage, row.is_ready, len(row.fingerprint)) == (ArchiveStage.READY, True, 64)
    page = desk.visit(url)
    assert row.fingerprint in words_of(page)
    response = desk.open(page.select_one("table form")["action"], method="POST")
    assert response.mimetype == "application/zip"
    path = tmp_path / "taken.zip"
    path.write_bytes(response.data)
    response.close()
    assert verify_archive(path, row.fingerprint).faults == []
    key = row.key
    with clock.frozen_at(clock.now() + jobs.KEPT_FOR):
        assert jobs.delete_old_archives() == 1
    with pytest.raises(ObjectMissing):
        get_storage().open(key)


def test_an_archive_that_fails_three_times_is_given_up(programme, lead):
    commands.request_archive(make.actor(lead), programme)
    db.session.commit()
    for hours in range(0, 8, 2):
        with clock.frozen_at(clock.now() + jobs.LEASE * hours):
            jobs._claim_archive()
    assert db.session.scalars(sa.select(ProgrammeArchive.stage)).one() is ArchiveStage.FAILED


def test_archives_go_when_somebody_is_erased(project, programme, lead, browser_for):
    """Any of them may name the person: their leads ask for another one."""
    commands.request_archive(make.actor(lead), programme)
    who = make.person(name="Zoé Partante")
    admin = make.role(INSTALLATION, Role.ADMINISTRATOR)
    who_id, admin_id, lead_id, slug = who.id, admin.id, lead.id, programme.slug
    db.session.commit()
    jobs.make_due_archives()
    erasures.carry_out(
        erasures.prepare(*[db.session.get_one(make.Person, id_) for id_ in (who_id, admin_id)]), admin_id
    )
    assert db.session.scalars(sa.select(ProgrammeArchive.stage)).one() is ArchiveStage.EXPIRED
    own = browser_for(db.session.get_one(make.Person, lead_id))
    inbox = words_of(own.visit("/inbox"))
    assert "elle contenait les données d’une personne dont le compte est effacé. Demandez-en" in inbox
    page = words_of(own.visit(f"/programmes/{slug}/archive"))
    assert "Retirée" in page
    assert "elle contenait les données d’une personne dont le compte est effacé" in page
    assert "Zoé" not in page


def test_an_archive_that_goes_after_its_week_is_not_said_to_be_removed(programme, lead, browser_for):
    commands.request_archive(make.actor(lead), programme)
    lead_id, slug = lead.id, programme.slug
    db.session.commit()
    jobs.make_due_archives()
    with clock.frozen_at(clock.now() + jobs.KEPT_FOR):
        assert jobs.delete_old_archives() == 1
    own = browser_for(db.session.get_one(make.Person, lead_id))
    page = words_of(own.visit(f"/programmes/{slug}/archive"))
    assert "Retirée" in page
    assert "dont le compte est effacé" not in page + words_of(own.visit("/inbox"))
    assert "leur durée de conservation n’atteint pas une copie téléchargée" in page


def test_who_may_archive(project, programme):
    admin = make.actor(make.role(INSTALLATION, Role.ADMINISTRATOR))
    with pytest.raises(NotAllowed):
        commands.request_archive(admin, programme)
    with pytest.raises(NotAllowed):
        commands.list_archives(make.actor(make.role(project.id, Role.TEAM_LEAD)), programme)


def test_two_archives_of_the_same_programme_wait_for_one_another(programme, lead):
    commands.request_archive(make.actor(lead), programme)
    with pytest.raises(RuleBroken):
        commands.request_archive(make.actor(lead), programme)
