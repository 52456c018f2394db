"""`flask audit verify` notices whatever somebody with every right on the database does to it."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from portal.platform.kernel import audit_verification
from portal.platform.kernel.audit_verification import BATCH, AuditAnchor
from portal.platform.kernel.database import db
from tests.platform.kernel import tampering
from tests.platform.kernel.tampering import tamper, walk, write_lines

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(app) -> Run:
    runner = app.test_cli_runner()

    def call(*words: str) -> tuple[int, str]:
        db.session.rollback()
        done = runner.invoke(args=["audit", *words])
        db.session.rollback()
        return done.exit_code, done.output

    return call


def test_a_whole_trail_is_said_to_be_whole_and_gives_its_anchor(run: Run):
    write_lines(3)
    code, said = run("verify")
    code_too, anchor = run("anchor")
    assert (code, code_too) == (0, 0)
    assert re.fullmatch(r"3:[0-9a-f]{64}\n", anchor)
    assert f"3 seals read. Anchor to keep elsewhere: {anchor}The audit trail is whole." in said
    assert run("verify", "--anchor", anchor)[0] == 0


def test_a_verification_resumes_from_the_anchor_of_the_last(run: Run):
    write_lines(3)
    anchor = run("anchor")[1].strip()
    write_lines(2)
    code, said = run("verify", "--since", anchor)
    assert code == 0, said
    assert "2 seals read." in said
    assert "It is whole since seal 3." in said
    whole = run("verify")[1]
    assert said.splitlines()[0].partition("Anchor")[2] == whole.splitlines()[0].partition("Anchor")[2]
    newest = run("anchor")[1].strip()
    assert "0 seals read." in run("verify", "--since", newest)[1]
    assert run("verify", "--since", f"0:{'0' * 64}")[1].splitlines()[0] == whole.splitlines()[0]


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (tampering.change, "seal 4: line {id} was changed or moved"),
        (tampering.remove, "seal 4: its line {id} was removed"),
        (tampering.remove_seal, "seal 4 is missing"),
        (tampering.change_seal, "seal 4: line {id} was changed or moved, or its seal was"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_was_done_after_the_anchor_is_told_as_by_a_whole_verification(run: Run, deed, said):
    write_lines(2)
    anchor = run("anchor")[1].strip()
    line = write_lines(3)[3]
    id_ = line.id
    deed(line)
    code, told = run("verify", "--since", anchor)
    assert code == 1
    assert said.format(id=id_) in told


def test_a_trail_that_was_rewritten_cannot_be_resumed(run: Run):
    lines = write_lines(3)
    anchor = run("anchor")[1].strip()
    write_lines(1)
    code, said = run("verify", "--since", f"3:{'a' * 64}")
    assert (code, "seal 3 is not the one to resume from" in said) == (1, True)
    tampering.remove(lines[0])
    code, said = run("verify", "--since", anchor)
    assert (code, "the trail has 3 lines and 4 seals: verify it whole" in said) == (1, True)


def test_an_empty_trail_is_whole(run: Run):
    code, said = run("verify", "--anchor", run("anchor")[1])
    assert (code, "0 seals read" in said) == (0, True)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (tampering.change, "seal 3: line {id} was changed or moved"),
        (tampering.remove, "seal 3: its line {id} was removed"),
        (tampering.remove_seal, "seal 3 is missing"),
        (tampering.remove_both, "seal 3 is missing"),
        (tampering.change_seal, "seal 3: line {id} was changed or moved, or its seal was"),
        (tampering.make_unreadable, "seal 3: line {id}"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_was_done_to_one_line_is_told_with_its_place(run: Run, deed, said):
    lines = write_lines(5)
    id_ = lines[2].id
    deed(lines[2])
    code, told = run("verify")
    assert code == 1
    assert said.format(id=id_) in told.replace(id_.hex, str(id_))
    assert "is not as it was written" in told


@pytest.mark.parametrize("column", ["actor_id", "subject_id", "scope_id", "request_id"])
def test_no_column_can_change_unnoticed(app, column):
    lines = write_lines(2)
    tamper(f"UPDATE audit_event SET {column} = id WHERE id = :id", id=lines[0].id)
    assert len(walk()[0]) == 1


def test_two_lines_whose_contents_were_swapped_are_both_told(app):
    lines = write_lines(5)
    tampering.swap(lines[1], lines[3])
    faults, _ = walk()
    assert [fault.split(":")[0] for fault in faults] == ["seal 2", "seal 4"]


def test_two_lines_that_changed_places_are_both_told(app):
    lines = write_lines(5)
    tampering.reorder(lines[0], lines[4])
    faults, _ = walk()
    assert [fault.split(":")[0] for fault in faults] == ["seal 1", "seal 5"]


def test_a_line_added_past_the_portal_has_no_seal(app):
    write_lines(3)
    tampering.add_without_seal()
    faults, _ = walk()
    assert len(faults) == 1
    assert "has no seal" in faults[0]


def test_a_forged_seal_does_not_follow_the_one_before(app):
    write_lines(3)
    tampering.add_without_seal()
    tamper(
        "INSERT INTO audit_seal (number, event_id, hash) SELECT 4, id, (SELECT hash FROM audit_seal"
        " WHERE number = 3) FROM audit_event WHERE id NOT IN (SELECT event_id FROM audit_seal)"
    )
    faults, _ = walk()
    assert [fault.split(":")[0] for fault in faults] == ["seal 4"]


def test_a_seal_below_the_first_is_told(app):
    lines = write_lines(2)
    tamper("UPDATE audit_seal SET number = -1 WHERE event_id = :id", id=lines[0].id)
    faults, _ = walk()
    assert faults[0] == "seal -1 was added: seals are numbered from 1"
    assert faults[1].startswith("seal 1 is missing")


@pytest.mark.parametrize("kept", [0, 2], ids=["all", "tail"])
def test_an_end_that_was_cut_is_noticed_by_its_anchor_alone(run: Run, kept):
    write_lines(5)
    early, anchor = AuditAnchor(1, seal_of(1)), run("anchor")[1].strip()
    tamper(
        f"DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_seal WHERE number > {kept})",
        f"DELETE FROM audit_seal WHERE number > {kept}",
    )
    assert run("verify")[0] == 0  # a shorter trail looks whole: hence anchors
    code, said = run("verify", "--anchor", anchor, "--anchor", str(early))
    assert code == 1
    assert f"ends at seal {kept}, and the anchor names seal 5" in said


def test_an_end_that_was_cut_and_written_anew_is_noticed_by_its_anchor(run: Run):
    write_lines(5)
    anchor = run("anchor")[1].strip()
    tamper(
        "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_seal WHERE number > 4)",
        "DELETE FROM audit_seal WHERE number > 4",
    )
    write_lines(3)
    assert run("verify")[0] == 0
    code, said = run("verify", "--anchor", anchor)
    assert code == 1
    assert "seal 5 is not the one of the anchor: the trail was rewritten" in said


def test_a_trail_emptied_at_once_is_noticed(app):
    write_lines(4)
    tamper("DELETE FROM audit_event")
    assert len(walk()[0]) == 4
    tamper("DELETE FROM audit_seal")
    assert walk()[0] == []
    assert len(walk(AuditAnchor(4, "0" * 64))[0]) == 1


@pytest.mark.parametrize("anchor", ["", "1", "1:abc", "x:" + "0" * 64, "1:" + "G" * 64])
def test_an_anchor_that_is_none_is_refused(run: Run, anchor):
    code, said = run("verify", "--anchor", anchor)
    assert (code, "hexadecimal" in said) == (2, True)


def test_a_long_list_of_faults_is_cut_and_counted(run: Run):
    write_lines(60)
    tamper("UPDATE audit_event SET action = 'x'")
    code, said = run("verify")
    assert code == 1
    assert "… and 10 more" in said
    assert "(faults: 60)" in said


def test_a_walk_holds_a_batch_at_a_time_and_keeps_nobody_waiting(app, statements):
    write_lines(7)
    statements.clear()
    taken = audit_verification.AuditTrailVerification(batch=3)
    for _ in taken.list_faults():
        pytest.fail("nothing is wrong")
    reads = [sql for sql in statements if sql.startswith("SELECT")]
    assert (taken.seals, len(reads)) == (7, 11)
    assert all("LIMIT" in sql or " IN (" in sql for sql in reads)
    assert BATCH <= 1000
    assert not [sql for sql in statements if "IMMEDIATE" in sql]


def test_a_database_that_is_not_ready_is_a_sentence(make_app):
    runner = make_app().test_cli_runner()
    for command in (["audit", "anchor"], ["demo", "load"], ["gates", "judge"]):
        done = runner.invoke(args=command)
        assert done.exit_code == 1
        assert "the database is not there" in done.output


def seal_of(number: int) -> str:
    asked = sa.text(f"SELECT hash FROM audit_seal WHERE number = {number}")
    return str(db.session.scalar(asked))
