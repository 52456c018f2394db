"""Hashed copies of the assets: the new ones, and for a while those of the version before."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.platform.web import assets


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    source = tmp_path / "static"
    source.mkdir()
    (source / "page.css").write_text("a { color: red }")
    return source, tmp_path / "build" / "static"


def served(target: Path) -> str:
    name: str = json.loads((target / assets.MANIFEST).read_text())["names"]["page.css"]
    return name


def test_nothing_is_built_twice(folders):
    assert assets.build(*folders)
    assert not assets.build(*folders)


def test_of_several_who_build_at_once_one_does_and_all_find_it(folders):
    def build_and_look(_: int) -> tuple[bool, bool]:
        return assets.build(*folders), (folders[1] / assets.MANIFEST).exists()

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(build_and_look, range(8)))
    assert sum(built for built, _ in told) == 1
    assert all(found for _, found in told)


def test_an_open_page_still_finds_its_older_style(folders):
    source, target = folders
    assets.build(source, target)
    older = served(target)
    (source / "page.css").write_text("a { color: blue }")
    assets.build(source, target)
    assert served(target) != older
    assert (target / older).read_text() == "a { color: red }"


def test_a_copy_that_nobody_can_ask_for_any_more_goes(folders):
    source, target = folders
    assets.build(source, target)
    older = served(target)
    for path in target.rglob("*"):
        os.utime(path, (0, time.time() - 31 * 24 * 3600))
    (source / "page.css").write_text("a { color: blue }")
    assets.build(source, target)
    assert not (target / older).exists()
