"""Texts of a file that are as long as the backlog allows, and one character longer."""

import pytest

from portal.sprints.backlog.models import TEXT_MAX, TITLE_MAX
from tests.sprints.backlog_import import files
from tests.sprints.backlog_import.test_import import lines


@pytest.mark.parametrize(("excess", "codes"), [(0, []), (1, ["text_cut"])])
def test_a_description_is_cut_only_beyond_its_limit(importer, excess, codes):
    text = "d" * (TEXT_MAX + excess)
    compared = importer.compare(files.gitlab(files.issue(1, "Écran", Description=text)))
    (line,) = lines(compared)
    assert [problem["code"] for problem in line.problems] == codes
    assert len(line.values["description"]) == TEXT_MAX


@pytest.mark.parametrize(("excess", "codes"), [(0, []), (1, ["title_cut"])])
def test_a_title_is_cut_only_beyond_its_limit(importer, excess, codes):
    compared = importer.compare(files.gitlab(files.issue(1, "t" * (TITLE_MAX + excess))))
    (line,) = lines(compared)
    assert [problem["code"] for problem in line.problems] == codes
    assert len(line.values["title"]) == TITLE_MAX
