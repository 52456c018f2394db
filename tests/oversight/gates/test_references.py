"""What the evidence of a gate is called."""

from portal.oversight.gates.labels import noted_by_and_when, reference_label
from portal.oversight.gates.reference_queries import read_all_project_references, read_reference_titles
from portal.platform.kernel.access import Role
from portal.platform.kernel.text import using_language
from tests.support import factories as make
from tests.support import gates, project_file, rereviews


def test_reviews_re_reviews_and_demonstrations_are_named(project):
    review = rereviews.standing(project, make.role(project.id, Role.ETHICS_REVIEWER))
    rereviews.trigger(project, review)
    held_on = gates.shown(project).held_on
    for language, decided, titles in (
        (
            "fr",
            "Décidé par Personne",
            ("(Classe du règlement européen sur l’IA)", "(Nouveau public visé : « Les demandeurs »)"),
        ),
        ("en", "Decided by Personne", ("EU AI Act", "New target group: “Les demandeurs”")),
    ):
        with using_language(language):
            references = read_all_project_references(project)
            labels = [
                reference_label(f"{kind}/1", references).replace("\u00a0", " ")
                for kind in ("review", "trigger", "demonstration")
            ]
            assert titles[0] in labels[0]
            assert titles[1] in labels[1]
            assert str(held_on.year) in labels[2]
            assert references["review/1"].is_decision
            assert noted_by_and_when(references["review/1"]).startswith(decided)
            assert read_reference_titles({project.id: ["review/1", "trigger/1"]})[project.id].keys() == {
                "review/1",
                "trigger/1",
            }


def test_a_sheet_is_named_with_its_version_and_the_points_that_do_not_hold(project):
    version = project_file.version(project)
    own = {"contrast": "fails", "keyboard": "fails", "zoom": "partly"}
    answers = project_file.answers_to("accessibility") | own
    project_file.sheet(project, "accessibility", answers=answers, prototype_version_id=version.id)
    project_file.sheet(project, "handover", answers=project_file.answers_to("handover"))
    references = read_all_project_references(project)
    named = [reference_label(f"sheet/{number}", references) for number in (1, 2)]
    assert named[0] == "fiche 1 (Vérification d’accessibilité, version 1, 2 points non tenus)"
    assert "version" not in named[1]
    assert "point" not in named[1]
    titles = read_reference_titles({project.id: ["sheet/1"]})[project.id]
    assert titles["sheet/1"].title == references["sheet/1"].title
