"""The class of a system under the EU AI Act, and its duties, in both editions."""

import pytest

from portal.ethics.questionnaires.answer_labels import describe_condition
from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.edition_change_rules import compute_upgrade
from portal.ethics.questionnaires.library_documents import find_built_in_by_name
from portal.ethics.questionnaires.score_rules import compute_conclusion
from portal.ethics.questionnaires.visibility_rules import list_visible_items


@pytest.fixture(scope="module")
def act() -> Questionnaire:
    definition = find_built_in_by_name("ai_act-1")
    assert definition is not None
    return definition


@pytest.fixture(scope="module")
def second_act() -> Questionnaire:
    """Edition 2, in which annex I does not hide annex III."""
    definition = find_built_in_by_name("ai_act-2")
    assert definition is not None
    return definition


def concluded(definition: Questionnaire, answers: dict) -> tuple[str | None, set[str]]:
    """The keys of the verdict and of the duties."""
    conclusion = compute_conclusion(definition, answers)
    return conclusion.verdict and conclusion.verdict.key, {duty.key for duty in conclusion.duties}


WITHIN = {"ai_system": "yes", "excluded": "no", "role": ["provider", "deployer"]}
ALLOWED = WITHIN | {"prohibited": "no"}
LISTED = ALLOWED | {"annex_i": "no", "annex_iii": "yes", "area": ["services"]}
FILTERED = LISTED | {"profiling": "no"}
OPEN = {"art_50": "no"}
TALKS = {"art_50": "yes", "transparent": ["dialogue"]}
HIGH = {"literacy", "provider", "deployer"}


@pytest.mark.parametrize(
    ("answers", "verdict", "duties"),
    [
        ({}, None, set()),
        ({"ai_system": "no"}, "out_of_scope", set()),
        ({"ai_system": "yes", "excluded": "yes"}, "out_of_scope", set()),
        (WITHIN, None, set()),
        (WITHIN | {"prohibited": "yes"}, "prohibited", {"stop"}),
        (
            WITHIN | {"prohibited": "yes", "practice": ["intimate_images"]},
            "prohibited",
            {"stop", "stop_intimate_images"},
        ),
        (ALLOWED | {"annex_i": "yes"}, "high_risk", HIGH | {"high_risk_annex_i"}),
        (LISTED, None, set()),
        (LISTED | {"profiling": "yes"}, "high_risk", HIGH | {"high_risk_annex_iii", "rights_assessment"}),
        (
            FILTERED | {"filter": "none_of_them"},
            "high_risk",
            HIGH | {"high_risk_annex_iii", "rights_assessment"},
        ),
        (
            FILTERED | {"filter": "none_of_them", "area": ["infrastructure"]},
            "high_risk",
            HIGH | {"high_risk_annex_iii"},
        ),
        (
            LISTED | {"profiling": "yes", "role": ["provider"]},
            "high_risk",
            {"literacy", "provider", "high_risk_annex_iii"},
        ),
        # Article 50 comes on top of high risk.
        (
            FILTERED | {"filter": "none_of_them"} | TALKS,
            "high_risk",
            HIGH | {"high_risk_annex_iii", "rights_assessment", "transparency"},
        ),
        (FILTERED | {"filter": "a"}, None, set()),
        (FILTERED | {"filter": "a"} | OPEN, "minimal", {"literacy", "exemption"}),
        (
            FILTERED | {"filter": "d"} | TALKS,
            "limited_transparency",
            {"literacy", "exemption", "transparency"},
        ),
        (ALLOWED | {"annex_i": "no", "annex_iii": "no"} | OPEN, "minimal", {"literacy"}),
        (
            ALLOWED | {"annex_i": "no", "annex_iii": "no", "art_50": "yes", "transparent": ["synthetic"]},
            "limited_transparency",
            {"literacy", "transparency", "marking"},
        ),
    ],
)
def test_the_nine_steps_come_to_a_class_and_its_duties(act, answers, verdict, duties):
    found, told = concluded(act, answers)
    assert found == verdict
    if verdict is not None:
        assert told == duties


def test_profiling_stays_high_risk_whatever_the_filter_says(act):
    told = LISTED | {"profiling": "yes", "filter": "a"} | OPEN
    assert concluded(act, told)[0] == "high_risk"


def test_each_step_is_asked_once_the_one_before_leads_there(act):
    def asked(answers: dict) -> list[str]:
        return [item.key for one in act.sections for item in list_visible_items(act, one, answers)]

    assert asked({}) == ["ai_system"]
    assert asked({"ai_system": "yes"}) == ["ai_system", "excluded"]
    assert asked(WITHIN)[-2:] == ["role", "prohibited"]
    assert asked(WITHIN | {"prohibited": "yes"})[-1] == "practice"
    assert asked(ALLOWED)[-2:] == ["annex_i", "art_50"]
    assert {"area", "profiling"} <= {*asked(LISTED)}
    assert "filter" not in asked(LISTED | {"profiling": "yes"})
    assert "filter" in asked(FILTERED)


def test_every_date_of_the_act_is_marked_as_to_be_checked(act):
    assert all(duty.to_check for duty in act.duties)
    days = {duty.key: duty.since.isoformat() for duty in act.duties if duty.since}
    assert days == {
        "literacy": "2025-02-02",
        "stop": "2025-02-02",
        "stop_intimate_images": "2026-12-02",
        "high_risk_annex_iii": "2027-12-02",
        "high_risk_annex_i": "2028-08-02",
        "exemption": "2027-12-02",
        "transparency": "2026-08-02",
        "marking": "2026-12-02",
    }
    assert "EUR-Lex" in act.about.fr
    assert "EUR-Lex" in act.about.en


ANNEX_I_ONLY = ALLOWED | {"annex_i": "yes", "annex_iii": "no"}
BOTH = LISTED | {"annex_i": "yes"}


@pytest.mark.parametrize("art_50", [{}, OPEN, TALKS])
@pytest.mark.parametrize(
    ("answers", "duties"),
    [
        # Annex III is not settled, so the date is unknown, and the duty is owed all the same.
        (ALLOWED | {"annex_i": "yes"}, HIGH | {"high_risk_annex_i_undated"}),
        (ANNEX_I_ONLY, HIGH | {"high_risk_annex_i"}),
        (LISTED | {"profiling": "yes"}, HIGH | {"high_risk_annex_iii", "rights_assessment"}),
        (FILTERED | {"filter": "none_of_them", "area": ["infrastructure"]}, HIGH | {"high_risk_annex_iii"}),
        (BOTH, HIGH | {"high_risk_annex_i_undated"}),
        (BOTH | {"profiling": "no"}, HIGH | {"high_risk_annex_i_undated"}),
        (
            BOTH | {"profiling": "yes"},
            HIGH | {"high_risk_both_annexes", "high_risk_annex_iii", "rights_assessment"},
        ),
        (
            BOTH | {"profiling": "no", "filter": "none_of_them"},
            HIGH | {"high_risk_both_annexes", "high_risk_annex_iii", "rights_assessment"},
        ),
        # Article 6(3) takes it out of annex III, not out of annex I.
        (BOTH | {"profiling": "no", "filter": "a"}, HIGH | {"high_risk_annex_i", "exemption"}),
    ],
)
def test_annex_i_and_annex_iii_each_bring_their_duties(second_act, answers, duties, art_50):
    transparency = {"transparency"} if art_50 is TALKS else set()
    assert concluded(second_act, answers | art_50) == ("high_risk", duties | transparency)


def test_the_earlier_date_applies_under_both_annexes(second_act):
    def days(answers: dict) -> set[str]:
        duties = compute_conclusion(second_act, answers).duties
        keys = {"high_risk_annex_i", "high_risk_annex_iii", "high_risk_both_annexes"}
        return {duty.since.isoformat() for duty in duties if duty.key in keys}

    assert days(ANNEX_I_ONLY) == {"2028-08-02"}
    assert days(LISTED | {"profiling": "yes"}) == {"2027-12-02"}
    assert days(BOTH | {"profiling": "yes"}) == {"2027-12-02"}


@pytest.mark.parametrize(
    ("answers", "verdict", "duties"),
    [
        (ALLOWED | {"annex_i": "no"} | OPEN, None, set()),
        (ALLOWED | {"annex_iii": "no"} | OPEN, None, set()),
        (ALLOWED | {"annex_i": "no", "annex_iii": "no"}, None, set()),
        (ALLOWED | {"annex_i": "no", "annex_iii": "no"} | OPEN, "minimal", {"literacy"}),
        (
            ALLOWED | {"annex_i": "no", "annex_iii": "no"} | TALKS,
            "limited_transparency",
            {"literacy", "transparency"},
        ),
        (FILTERED | {"filter": "b"} | OPEN, "minimal", {"literacy", "exemption"}),
        ({"ai_system": "no"}, "out_of_scope", set()),
        (WITHIN | {"prohibited": "yes"}, "prohibited", {"stop"}),
    ],
)
def test_without_a_high_risk_annex_the_class_is_lower(second_act, answers, verdict, duties):
    class_key, duty_keys = concluded(second_act, answers)
    assert class_key == verdict
    if verdict is not None:
        assert duty_keys == duties


def test_annex_iii_is_asked_whatever_the_answer_about_annex_i(second_act):
    risk = second_act.section("risk")
    assert risk is not None
    for answer in ("yes", "no"):
        items = list_visible_items(second_act, risk, ALLOWED | {"annex_i": answer})
        assert [item.key for item in items] == ["annex_i", "annex_iii"]


def test_the_next_edition_keeps_all_answers_and_asks_about_annex_iii(act, second_act):
    answers = ALLOWED | {"annex_i": "yes"} | OPEN
    upgrade = compute_upgrade(act, second_act, answers)
    assert upgrade.answers == answers
    assert [item.key for item in upgrade.unanswered] == ["annex_iii"]
    assert upgrade.dropped == []


def test_dates_of_the_second_edition_are_those_of_the_first_and_marked_to_check(act, second_act):
    first = {duty.key: duty.since for duty in act.duties}
    second = {duty.key: duty.since for duty in second_act.duties}
    assert second == first | {
        "high_risk_annex_i_undated": None,
        "high_risk_both_annexes": first["high_risk_annex_iii"],
    }
    assert all(duty.to_check for duty in second_act.duties)


def test_a_condition_of_none_is_described_as_an_exception(app, second_act):
    pending = next(duty for duty in second_act.duties if duty.key == "high_risk_annex_i_undated")
    with app.test_request_context():
        described = describe_condition(second_act, pending.when.conditions[1])
    assert described.startswith("sauf si «\u00a0Profile-t-il des personnes\u00a0?\u00a0»\u00a0: ")
    assert described.count(" ou «") == 3
