"""Access table of risks, re-reviews and transparency sheets (see `doors.py`).

The rows in the scene are those of `one_of_each` of `tests.support.risks` and `.rereviews`.
"""

from tests.house.door import DIRECTION, EVERYBODY, LEAD, READERS, REVIEWER, TEAM, read, write
from tests.house.file_doors import form

R = "/projects/heron/risks"
M = "/projects/heron/mitigations"
X = "/projects/heron/reviews/triggers"
SECOND = {REVIEWER, DIRECTION}
SAID = {"answer": "no_impact", "because": "b", "version": "1"}
RISK = {"what": "w", "affected": "a", "likelihood": "2", "severity": "3", "detail": "d", "version": "1"}
LEFT = {"residual_likelihood": "1", "residual_severity": "2", "residual_reason": "r", "version": "1"}
MITIGATION = {"what": "w", "owner": "{member}", "version": "1"}
RISK_DOORS = {
    "risks.index GET": read(R, READERS),
    "risks.page GET": read(f"{R}/1", READERS),
    "risks.history GET": read(f"{R}/2/history", READERS),
    "risk_exports.as_csv POST": write(f"{R}/register.csv", {}, READERS),
    **form("risks.add", f"{R}/new", RISK),
    **form("risks.change", f"{R}/1/edit", RISK),
    **form("risks.reassess", f"{R}/2/residual", LEFT),
    **form("risks.close", f"{R}/3/close", {"closing_reason": "r", "version": "1"}),
    "risks.reopen POST": write(f"{R}/4/reopen", {}, TEAM, READERS),
    "mitigations.page GET": read(f"{M}/1", READERS),
    **form("mitigations.add", f"{R}/5/mitigations/new", MITIGATION),
    **form("mitigations.change", f"{M}/2/edit", MITIGATION),
    **form(
        "mitigations.prove",
        f"{M}/3/proof",
        {"proof_link": "https://demo.example/p", "note": "n", "version": "1"},
    ),
    **form("mitigations.drop", f"{M}/4/drop", {"note": "n", "version": "1"}),
    "mitigations.begin POST": write(f"{M}/5/begin", {}, TEAM, READERS),
    "mitigations.resume POST": write(f"{M}/6/resume", {}, TEAM, READERS),
    "rereviews.index GET": read(X, READERS),
    "rereviews.page GET": read(f"{X}/2", READERS),
    "rereviews.answer POST": write(f"{X}/1/answer", SAID, {LEAD, *SECOND}, READERS),
    "rereviews.confirm POST": write(f"{X}/2/confirm", {"version": "1"}, SECOND, READERS),
    "rereviews.undo POST": write(f"{X}/5/undo", {"version": "1"}, {REVIEWER}, READERS),
    "rereviews.give_back POST": write(
        f"{X}/3/return", {"returned_because": "r", "version": "1"}, SECOND, READERS
    ),
}
# Published sheets are public: heron’s is that of `tests.support.transparency.published`.
T = "/projects/heron/transparency"
WORDS = {"summary_fr": "s", "summary_en": "s", "contact": "c", "version": "0"}
TRANSPARENCY_DOORS = {
    "transparency.page GET": read(T, READERS),
    "transparency.write GET": read(f"{T}/edit/public", TEAM, READERS),
    "transparency.write POST": write(f"{T}/edit/public", WORDS, TEAM, READERS),
    **form("transparency.choose_rows", f"{T}/choice", {"sources": "1", "risks": "1", "version": "0"}),
    "transparency.publish GET": read(f"{T}/publish", {LEAD}, READERS),
    "transparency.publish POST": write(f"{T}/publish", {"reviewed": "x", "agreed": "y"}, {LEAD}, READERS),
    "transparency.withdraw GET": read(f"{T}/withdraw", {LEAD, DIRECTION}, READERS),
    "transparency.withdraw POST": write(f"{T}/withdraw", {"reason": "r"}, {LEAD, DIRECTION}, READERS),
}
PUBLISHED_DOORS = {
    "published.index GET": read("/transparency", EVERYBODY),
    "published.landing GET": read("/transparency/heron", EVERYBODY),
    "published.page GET": read("/transparency/heron/fr", EVERYBODY),
    "published.download GET": read("/transparency/heron/en.pdf", EVERYBODY),
    "published.as_json GET": read("/transparency/heron/sheet.json", EVERYBODY),
}
