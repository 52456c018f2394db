"""Project rules that no linter has, each with its reason and samples that violate it."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.platform.kernel.access import Role

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
MARKS = {"_", "_l", "_ln", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext"}
PLACING = {"astimezone", "to_user_timezone"}

Rule = Callable[[Path, str], Iterator[str]]


def code() -> list[Path]:
    return [*(ROOT / "portal").rglob("*.py"), ROOT / "wsgi.py"]


def pages() -> list[Path]:
    return list((ROOT / "templates").rglob("*.html"))


def migrations() -> list[Path]:
    return list((ROOT / "migrations").rglob("*.py"))


def written_by_us() -> list[Path]:
    tests = [p for p in (ROOT / "tests").rglob("*.py") if "vendor" not in p.parts]
    assets = [p for p in (ROOT / "static").glob("*") if p.suffix in {".js", ".css"}]
    return [*code(), *migrations(), *pages(), *tests, *(ROOT / "tools").glob("*.py"), *assets]


def short(path: Path, text: str) -> Iterator[str]:
    """Files stay short enough to understand at once."""
    if text.count("\n") > LONGEST:
        yield f"{text.count(chr(10))} lines"


def roles_in_policies(path: Path, text: str) -> Iterator[str]:
    """Role names occur only in policies, so that permissions are defined once."""
    if path.stem.split("_")[-1] == "policy" or path.parts[-2] in {"command_line", "demo", "kernel"}:
        return
    for node in ast.walk(ast.parse(text)):
        of = {ast.Attribute: "value", ast.Subscript: "value", ast.Call: "func"}.get(type(node))
        whose = ast.unparse(getattr(node, of)).split(".")[-1] if of else ""
        chosen = isinstance(node, ast.Attribute) and node.attr in Role.__members__
        literal = any(isinstance(part, ast.Constant) for part in ast.iter_child_nodes(node))
        if (whose == "Role" and (chosen or literal)) or _compares_a_role(node):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def _compares_a_role(node: ast.AST) -> bool:
    """Tell whether a node compares a role with its name, such as `role == "coach"`."""
    if not isinstance(node, ast.Compare):
        return False
    asked = ast.unparse(node.left).split(".")[-1].lower()
    given = [part for right in node.comparators for part in getattr(right, "elts", [right])]
    words = {part.value for part in given if isinstance(part, ast.Constant)}
    return "role" in asked and not words.isdisjoint(set(Role))


def roles_in_no_page(path: Path, text: str) -> Iterator[str]:
    """Templates do not test roles: that would define a permission a second time."""
    names = "|".join(Role)
    yield from re.findall(rf"(?i)\brole[^%}}]*(?:[=!]=|\bin\b)[^%}}]*[\"'](?:{names})[\"']", text)


def one_commit(path: Path, text: str) -> Iterator[str]:
    """Commands do not commit: otherwise they could not be composed or rolled back."""
    pattern = r"\.(?:commit|begin)\b|\.autocommit\b|(?i:[\"']commit\b)|AUTOCOMMIT"
    if path.parts[-2:] != ("kernel", "database.py"):
        endpoint = r"\"[a-z_]+\.begin\""
        yield from re.findall(pattern, re.sub(endpoint, "", text))


def scoped_reads(path: Path, text: str) -> Iterator[str]:
    """Rows are not loaded by id alone: that would skip the permission check."""
    if not path.stem.endswith("queries"):
        alone = r"session\.get(?:_one)?\(\s*[\w.]*\b[A-Z][a-z]\w*|\.query\(|get_or_404|first_or_404"
        yield from re.findall(alone, text)


def reloaded_in_one_place(path: Path, text: str) -> Iterator[str]:
    """A locked row is read again by `reload_row`, which says that somebody deleted it; a refresh fails."""
    yield from re.findall(r"\bsession(?:\(\))?\.refresh\b", text)


def htmx_in_one_place(path: Path, text: str) -> Iterator[str]:
    """Only `render` knows HTMX: a view that depends on it would be two pages."""
    if path.parts[-2:] != ("web", "rendering.py"):
        yield from re.findall(r"(?i)[\"']HX-[a-z{][\w-]*|\bHTTP_HX_", text)


def bounded_numbers(path: Path, text: str) -> Iterator[str]:
    """Numbers in URLs have a maximum: one larger than its column must be a 404, not a 500."""
    yield from re.findall(r"<int:\w+>", text)


def escaped(path: Path, text: str) -> Iterator[str]:
    """Input is text; HTML comes from one function that sanitises it."""
    yield from re.findall(r"\|\s*safe\b|\bautoescape\b|{%-?\s*filter\s+safe\b", text)


def marked_up_once(path: Path, text: str) -> Iterator[str]:
    """Only the sanitising function may mark HTML as safe."""
    if path.parts[-2:] != ("web", "template_filters.py"):
        yield from re.findall(r"\bMarkup\(", text)


def templates_are_files(path: Path, text: str) -> Iterator[str]:
    """Templates are files: one made from text would run what its author typed."""
    yield from re.findall(r"\brender_template_string\b|\bfrom_string\(|\bTemplate\(", text)


def nothing_inline(path: Path, text: str) -> Iterator[str]:
    """No inline scripts or styles: the content security policy forbids them."""
    yield from re.findall(r"\sstyle=|\son[a-z]+=[\"']|hx-on|[\"']js:|<script(?![^>]*\ssrc=)", text)


def finished(path: Path, text: str) -> Iterator[str]:
    """No TODO comments: open work is an issue."""
    if path.name != Path(__file__).name:
        yield from re.findall(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b", text)


def fragments_are_blocks(path: Path, text: str) -> Iterator[str]:
    """A `fragment` names a block of the template: HTMX requests would fail otherwise."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("render")):
            continue
        given = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "fragment")]
        said = [one.value for one in given if isinstance(one, ast.Constant)]
        if len(said) == 2 and said[1] not in _blocks_of(str(said[0])):
            yield f"line {node.lineno}: {said[0]} has no block {said[1]}"


def marked_where_it_is_collected(path: Path, text: str) -> Iterator[str]:
    """No gettext calls inside f-strings: before Python 3.12 they are not extracted."""
    whole = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.JoinedStr))
    for node in (part for one in whole for part in ast.walk(one)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in MARKS:
            yield f"line {node.lineno}: {ast.unparse(node)}"


def days_somewhere(path: Path, text: str) -> Iterator[str]:
    """No dates from UTC datetimes: the day depends on the reader's time zone (`clock.day_of`)."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
            of = node.func.value
            placed = isinstance(of, ast.Call) and ast.unparse(of.func).split(".")[-1] in PLACING
            if node.func.attr == "date" and not placed:
                yield f"line {node.lineno}: {ast.unparse(node)}"


def _blocks_of(template: str) -> set[str]:
    """Return the blocks of a template and of those that it extends."""
    text = (ROOT / "templates" / template).read_text()
    blocks = set(re.findall(r"{%-?\s*block (\w+)", text))
    above = re.search(r'{%-?\s*extends "([^"]+)"', text)
    return blocks | (_blocks_of(above[1]) if above else set())


# For each rule: the files it checks, the file name of its samples, and samples that violate it.
RULES: dict[Rule, tuple[Callable[[], list[Path]], str, tuple[str, ...]]] = {
    short: (written_by_us, "portal/a.py", ("\n" * 301,)),
    marked_where_it_is_collected: (
        code,
        "portal/a/views.py",
        ("name = f\"{slug}-{_('carnet')}\"", 'f"{ngettext(one, many, n)}"'),
    ),
    days_somewhere: (
        code,
        "portal/a/queries.py",
        ("days = (today - row.created_at.date()).days", "clock.now().date()"),
    ),
    roles_in_policies: (
        code,
        "portal/a/views.py",
        (
            "if Role.COACH in held: pass",
            "x = access.Role.JUROR",
            'x = Role["COACH"]',
            'x = Role("coach")',
            'if held.role == "coach": pass',
            'if role in ("juror", "observer"): pass',
        ),
    ),
    roles_in_no_page: (
        pages,
        "templates/a.html",
        ("{% if actor.role == 'coach' %}", '{% if role in ["juror", "observer"] %}'),
    ),
    one_commit: (
        code,
        "portal/a/commands.py",
        (
            "db.session.commit()",
            "with db.session.begin(): pass",
            "with db.engine.begin() as c: pass",
            'db.engine.execution_options(isolation_level="AUTOCOMMIT")',
            "keep = db.session.commit",
            'db.session.execute(sa.text("COMMIT"))',
        ),
    ),
    scoped_reads: (
        code,
        "portal/a/views.py",
        (
            "db.session.get(Sprint, id_)",
            "db.session.get(models.Sprint, id_)",
            "session.get_one(Sprint, id_)",
            "db.session.query(Sprint)",
            "db.get_or_404(Sprint, id_)",
        ),
    ),
    reloaded_in_one_place: (
        code,
        "portal/a/commands.py",
        ("db.session.refresh(row)", "db.session().refresh(row, ['state'])"),
    ),
    htmx_in_one_place: (
        code,
        "portal/a/views.py",
        (
            'request.headers["HX-Request"]',
            "request.headers.get('hx-boosted')",
            'request.environ["HTTP_HX_REQUEST"]',
        ),
    ),
    bounded_numbers: (code, "portal/a/views.py", ('@bp.get("/<int:number>")',)),
    escaped: (
        pages,
        "templates/a.html",
        ("{{ text | safe }}", "{{ text|safe }}", "{% autoescape false %}", "{% filter safe %}"),
    ),
    marked_up_once: (code, "portal/a/views.py", ("Markup(text)", "markupsafe.Markup(text)")),
    templates_are_files: (
        code,
        "portal/a/views.py",
        ("render_template_string(text)", "env.from_string(text)", "jinja2.Template(text)"),
    ),
    fragments_are_blocks: (
        code,
        "portal/a/views.py",
        ('render("app/home/index.html", fragment="no_such", n=1)',),
    ),
    nothing_inline: (
        pages,
        "templates/a.html",
        ('<p style="color: red">', "<p onclick='a()'>", "<script>a()</script>"),
    ),
    finished: (written_by_us, "portal/a.py", ("# TODO later", "raise NotImplementedError")),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rule(rule):
    files, _, _ = RULES[rule]
    broken = [
        f"{path.relative_to(ROOT)}: {fault}" for path in files() for fault in rule(path, path.read_text())
    ]
    assert not broken, f"{rule.__doc__}\n" + "\n".join(broken)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_fires_and_says_why(rule):
    _, path, samples = RULES[rule]
    assert rule.__doc__
    for sample in samples:
        assert list(rule(Path(path), sample)), sample
