"""Gates that a programme added or left out, in extracts and packs."""

from portal.oversight.gates import programme_gate_commands
from portal.oversight.gates.definition_rules import GateAcceptor
from portal.oversight.gates.programme_gate_commands import GateChangeReason, GateContent, GateMonthAndAcceptor
from portal.platform.kernel import clock
from portal.platform.kernel.database import db

TAKE = "/programmes/ami/exports"
KNOWN = GateChangeReason(because="b", knowingly=True)


def test_extracts_hold_the_added_gate_and_not_the_one_left_out(
    browser_for, programme, heron, direction, lead
):
    programme_gate_commands.add_gate(
        lead,
        programme,
        GateContent(name_fr="Partage", name_en="Sharing", predicates=["data_received"]),
        weight=5,
        assignment=GateMonthAndAcceptor(month=3, acceptor=GateAcceptor.DIRECTION, track=""),
        change=KNOWN,
    )
    programme_gate_commands.leave_out_gate(lead, programme, 2, KNOWN)
    db.session.commit()
    browser = browser_for(direction)

    def take(what, kind="json"):
        data = {"what": what, "kind": kind, "on": clock.today().isoformat()}
        return browser.open(TAKE, method="POST", data=data)

    (row,) = take("teams").json["rows"]
    assert (row["g2"], row["g12"]) == (None, "Ouvert")
    gates = {row["gate"] for row in take("gates").json["rows"]}
    assert "G12" in gates
    assert "G2" not in gates
    assert "G12" in take("teams", "csv").text.splitlines()[0]
