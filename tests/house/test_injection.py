"""Nothing that somebody typed becomes a script, a command of the system, or code."""

import ast
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.app.command_line import dumps
from portal.platform.kernel.access import Role
from portal.platform.storage import extraction, texts
from tests.support import api
from tests.support import factories as make

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [*(ROOT / "portal").rglob("*.py"), ROOT / "wsgi.py", ROOT / "gunicorn.conf.py"]
SCRIPTS = list((ROOT / "static").glob("*.js"))
PAGES = list((ROOT / "templates").rglob("*.html"))

HOSTILE = "</script><script>alert(1)</script>\u2028\\\"'}{{7*7}}"
STARTERS = {"run", "Popen", "call", "check_call", "check_output", "_run_program", "_start"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
WITH_PROGRAMS = {"texts.py", "properties.py", "dumps.py", "copy_encryption.py", "printer.py"}
RUNNERS = {"eval", "exec", "compile", "__import__"}
LOADERS = (
    r"(?:pickle|cPickle|dill|shelve|cloudpickle)\.\w*[lL]oads?|marshal\.loads?|yaml\.(?:unsafe_|full_)?load"
)
RUN_BY_BROWSERS = (
    r"\beval\(|\bFunction\(|\binnerHTML\s*[+]?=|\bouterHTML\s*=|insertAdjacentHTML|document\.write|"
    r"set(?:Timeout|Interval)\(\s*[\"'`]|createContextualFragment|javascript:"
)


def shell_faults(text: str) -> Iterator[str]:
    """Yield calls that give a program its arguments as one text, or go through a shell."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        shell = [word for word in node.keywords if word.arg == "shell"]
        one_text = node.args and isinstance(node.args[0], ast.JoinedStr | ast.Constant | ast.BinOp)
        starts = name.startswith("subprocess.") and name.rsplit(".")[-1] in STARTERS
        if name in SHELLS or re.match(r"os\.(?:exec|spawn)", name) or shell or (starts and one_text):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def code_faults(text: str) -> Iterator[str]:
    """Yield calls that run text, or load objects that may run."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            is_safe = name == "yaml.load" and ast.unparse(node).endswith("SafeLoader)")
            if not is_safe and (name in RUNNERS or re.fullmatch(LOADERS, name)):
                yield f"line {node.lineno}: {ast.unparse(node)}"


def script_faults(text: str) -> Iterator[str]:
    """Yield what would run text, or read it as HTML, in a browser."""
    yield from re.findall(RUN_BY_BROWSERS, text)


def page_faults(text: str) -> Iterator[str]:
    """Yield scripts that a page would build: inline ones, handlers, and addresses that are made."""
    yield from re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text)
    yield from re.findall(r"(?i)\son[a-z]+=[\"']|=[\"']\s*javascript:", text)
    yield from re.findall(r"<script[^>]*\ssrc=[\"'](?!\{\{ static_url\()", text)


def prototype_faults(text: str) -> Iterator[str]:
    """Yield assignments to a name that is computed, and merges: `__proto__` could be that name."""
    yield from re.findall(r"[\w)\]]\[(?![\"'\d])[^\]]+\]\s*(?:[?|&]{2}|[-+*])?=(?![=>])", text)
    yield from re.findall(r"__proto__|setPrototypeOf|Object\.assign\([^;]*JSON\.parse", text)


CHECKS: dict[Callable[[str], Iterator[str]], tuple[list[Path], tuple[str, ...]]] = {
    shell_faults: (
        PYTHON,
        (
            "os.system(name)",
            "os.execvp(name, [])",
            "subprocess.run(f'ls {name}')",
            "subprocess.Popen('ls ' + name)",
            "subprocess.run(['ls'], shell=True)",
        ),
    ),
    code_faults: (
        PYTHON,
        ("eval(text)", "exec(text)", "pickle.loads(body)", "yaml.load(text)", "marshal.load(file)"),
    ),
    script_faults: (
        SCRIPTS,
        ("eval(text)", "new Function(text)", "box.innerHTML = text", "setTimeout('go()', 1)"),
    ),
    prototype_faults: (
        SCRIPTS,
        (
            "fields[name] = value",
            "held[key] ||= []",
            "one.two[key()] = 3",
            "Object.assign(settings, JSON.parse(text))",
            "row.__proto__ = other",
        ),
    ),
    page_faults: (
        PAGES,
        (
            "<script>const a = {{ a }}</script>",
            '<script type="module">a()</script>',
            '<a onclick="a()">',
            '<a href="javascript:{{ a }}">',
            '<script src="{{ address }}"></script>',
        ),
    ),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_no_text_becomes_a_script_a_command_or_code(check):
    files, _samples = CHECKS[check]
    assert files
    found = {str(path.relative_to(ROOT)): list(check(path.read_text())) for path in files}
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_check_fires(check):
    for sample in CHECKS[check][1]:
        assert list(check(sample)), sample


def test_five_modules_alone_start_programs():
    starting = {path.name for path in PYTHON if re.search(r"^import subprocess", path.read_text(), re.M)}
    assert starting == WITH_PROGRAMS


def test_an_argument_with_a_shells_signs_is_one_argument(tmp_path):
    trap = tmp_path / "opened"
    for word in (
        f"; touch {trap}",
        f"$(touch {trap})",
        f"`touch {trap}`",
        f"| touch {shlex.quote(str(trap))}",
    ):
        dumps._run_program(["true", word])
    assert not trap.exists()


def test_a_media_type_with_a_shells_signs_is_one_argument(tmp_path, monkeypatch):
    """The only program that a stored file starts is Python with a module of ours."""
    commands: list[list[str]] = []
    monkeypatch.setattr(
        texts.subprocess,
        "run",
        lambda command, **options: commands.append((command, options.get("shell", False))) or Ended(),
    )
    texts.read_text(Stored(), "key", f"text/plain; touch {tmp_path / 'opened'}")
    ((command, shell),) = commands
    assert command[1:3] == ["-m", extraction.__name__]
    assert len(command) == 4
    assert shell is False


class Ended:
    returncode = 0


class Stored:
    def open(self, _key: str):
        return (ROOT / "README.md").open("rb")


def test_hostile_text_is_the_same_text_in_json(app):
    project = make.project(slug="heron", title_fr=HOSTILE)
    answer = api.client(app, make.role(project.id, Role.TEAM_MEMBER)).get("/projects/heron")
    assert answer.json["title_fr"] == HOSTILE
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_hostile_text_is_text_on_a_page(browser_for):
    project = make.project(slug="heron", title_fr=HOSTILE)
    page = browser_for(make.role(project.id, Role.TEAM_MEMBER)).visit("/projects/heron")
    assert HOSTILE in page.main.get_text()
    assert all(script.get("src") and not script.get_text(strip=True) for script in page.select("script"))
