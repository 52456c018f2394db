"""Download the third-party assets of pages and PDF documents, pinned and with checksums.

Copies only what the pages use: run it again after using a new icon in a template.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import unquote

from tools import fonts

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
AXE = ROOT / "tests" / "vendor"
PAPERS = ROOT / "portal" / "platform" / "pdf" / "documents" / "vendor"

PACKAGES = {
    "@gouvfr/dsfr": ("1.15.3", "Etalab 2.0, usage encadré par dsfr/cgu.md"),
    "htmx.org": ("4.0.1", "0BSD"),
    "@expo-google-fonts/source-sans-3": ("0.4.1", "OFL 1.1, documents PDF seulement"),
    "swagger-ui-dist": ("5.35.0", "Apache-2.0"),
    "axe-core": ("4.14.1", "MPL-2.0, tests seulement"),
}
# The components in use. `logo` (the State's) goes to a style sheet of its own.
COMPONENTS = (
    "accordion alert badge breadcrumb button callout card checkbox content display footer form"
    " header highlight input link modal navigation notice pagination password quote radio search"
    " segmented select sidemenu skiplink stepper summary tab table tag tile toggle tooltip upload"
)
FONTS = ("Marianne-Regular", "Marianne-Medium", "Marianne-Bold")

PAPER_FONTS = ("400Regular", "700Bold")

HEADER = re.compile(r"/\*!\s*\* DSFR[^*]*\*/\s*")
COMMENT = re.compile(r"\s*/\*!.*?\*/\s*", re.S)
EMPTY_MEDIA = re.compile(r"@media[^{}]*\{\s*\}")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
WOFF = re.compile(r',url\([^)]*\.woff\) format\("woff"\)')
FACE_FILE = re.compile(r"@font-face\{[^}]*url\((fonts/[^)]+)\)[^}]*\}")
ASSET = re.compile(r"url\((?:\.\./)+((?:icons|fonts)/[^)]+)\)")
ICON_RULE = re.compile(r"\.fr-icon-([a-z0-9-]+):before\{([^}]*)\}")
ICON_USE = re.compile(r"fr-icon-([a-z0-9-]+[a-z0-9])")


def fetch(folder: Path) -> Path:
    specifiers = [f"{name}@{version}" for name, (version, _) in PACKAGES.items()]
    subprocess.run(["npm", "pack", "--silent", *specifiers], cwd=folder, check=True)
    for archive in folder.glob("*.tgz"):
        with tarfile.open(archive) as packed:
            packed.extractall(folder / archive.stem, filter="data")
    return folder


def find(folder: Path) -> dict[str, Path]:
    """The folders of the packages by name. Exits when a pinned version is missing."""
    packages = {}
    for manifest in (*folder.glob("*/package.json"), *folder.glob("*/*/package.json")):
        described = json.loads(manifest.read_text("utf-8"))
        if PACKAGES.get(described["name"], ("",))[0] == described["version"]:
            packages[described["name"]] = manifest.parent
    if missing := sorted(PACKAGES.keys() - packages.keys()):
        sys.exit(f"Missing in {folder}, at the pinned version: {', '.join(missing)}")
    return packages


def sheet(dist: Path, name: str, variant: str) -> str:
    """A style sheet of DSFR; `display` and `scheme` have no variant for current browsers."""
    folder = dist / name
    path = folder / f"{folder.name}.{variant}.min.css"
    if variant == "main" and not path.exists():
        path = folder / f"{folder.name}.min.css"
    return path.read_text("utf-8") if path.exists() else ""


def slim(css: str) -> str:
    return ASSET.sub(r"url(\1)", EMPTY_MEDIA.sub("", COMMENT.sub("", css))).strip()


def icons(dist: Path) -> str:
    """The CSS rules of the icons that templates use. Exits for an unknown icon."""
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    used = set(ICON_USE.findall(pages))
    rules = (dist / "utility/icons/icons.main.min.css").read_text("utf-8")
    rule_by_icon = dict(ICON_RULE.findall(rules))
    if unknown := sorted(used - rule_by_icon.keys()):
        sys.exit(f"No such icon in DSFR: {', '.join(unknown)}")
    rule = ".fr-icon-{0}:after,.fr-icon-{0}:before{{{1}}}"
    return "".join(rule.format(name, rule_by_icon[name]) for name in sorted(used))


def build_dsfr(package: Path, into: Path) -> None:
    dist = package / "dist"
    names = ["core", *(f"component/{name}" for name in COMPONENTS.split()), "scheme"]
    raw = "".join(sheet(dist, name, "main") for name in names)
    if not (notice := HEADER.match(raw)):
        sys.exit("DSFR's notice is not where it was")
    faces = [face for face in FONT_FACE.findall(raw) if any(f"/{font}.w" in face for font in FONTS)]
    printed = "".join(sheet(dist, name, "print") for name in names)
    neutral = slim(FONT_FACE.sub("", raw) + icons(dist) + printed)
    logo = sheet(dist, "component/logo", "main") + sheet(dist, "component/logo", "print")
    state = slim("".join(WOFF.sub("", face) for face in faces) + logo)
    into.mkdir(parents=True)
    for name in set(re.findall(r"url\(((?:icons|fonts)/[^)]+)\)", neutral + state)):
        copy(dist / name, into / name)
    state = split_faces(state, into)
    connect = slim(sheet(dist, "component/connect", "main"))  # for the pages with ProConnect's own button
    sheets = {"dsfr.min.css": neutral, "dsfr.state.min.css": state, "dsfr.connect.min.css": connect}
    for name, css in sheets.items():
        (into / name).write_text(f"{notice.group()}{css}\n", "utf-8")
    copy(dist / "dsfr.module.min.js", into / "dsfr.module.min.js")
    for name in ("favicon.svg", "favicon.ico", "apple-touch-icon.png"):
        copy(dist / "favicon" / name, into / "favicon" / name)
    for name in ("LICENSE.md", "doc/legal/cgu.md"):
        copy(package / name, into / Path(name).name)


def build_papers(font: Path, state_css: Path, into: Path) -> None:
    """The font of PDF documents, and the State's mark as pictures: emblem on its flag, and motto."""
    for weight in PAPER_FONTS:
        copy(font / weight / f"SourceSans3_{weight}.ttf", into / f"SourceSans3_{weight}.ttf")
    copy(font / "LICENSE_FONT", into / "LICENSE_FONT")
    css = state_css.read_text("utf-8")
    emblem, motto = (
        unquote(re.search(rf'\.fr-logo:{part}{{[^}}]*?charset=utf8,([^"]*)"', css)[1])
        for part in ("before", "after")
    )
    flag = "<path fill='#000091' d='M0 0h22v16H0z'/><path fill='#e1000f' d='M22 0h22v16H22z'/>"
    framed = re.sub(
        r"(<svg[^>]*) viewBox='0 0 44 18'>",
        rf"\1 viewBox='0 0 44 16'>{flag}<g transform='translate(0 -1)'>",
        emblem,
    )
    (into / "emblem.svg").write_text(framed.replace("</svg>", "</g></svg>") + "\n", "utf-8")
    (into / "motto.svg").write_text(
        motto.replace("viewBox='0 0 252 180'", "viewBox='0 0 126 90'", 1) + "\n", "utf-8"
    )


def split_faces(css: str, into: Path) -> str:
    """Each face twice: its subset for the characters of our pages, the whole font for all others."""

    def split(match: re.Match[str]) -> str:
        face, path = match.group(), into / match[1]
        small = path.with_name(f"{path.stem}.subset.woff2")
        content, others = fonts.subset(path.read_bytes())
        small.write_bytes(content)
        ranges = (fonts.css_ranges(fonts.SUBSET), fonts.css_ranges(others))
        faces = (face.replace(path.name, small.name), face)
        return "".join(
            f"{one[:-1]};unicode-range:{range_}}}" for one, range_ in zip(faces, ranges, strict=True)
        )

    return FACE_FILE.sub(split, css)


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    target.write_bytes(re.sub(rb"\n?//# sourceMappingURL=.*\n?", b"\n", content))


def ledger() -> str:
    lines = ["# Ce qui vient d’ailleurs", "", "Écrit par `make vendor`.", ""]
    lines += ["| Paquet npm | Version | Licence |", "|---|---|---|"]
    lines += [f"| {name} | {version} | {terms} |" for name, (version, terms) in PACKAGES.items()]
    lines += ["", "| Fichier | SHA-256 |", "|---|---|"]
    for path in sorted(p for folder in (VENDOR, AXE, PAPERS) for p in folder.rglob("*") if p.is_file()):
        if path.name != "VENDOR.md":
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"| {path.relative_to(ROOT).as_posix()} | `{digest}` |")
    return "\n".join(lines) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--from", dest="source", type=Path, help="folder of unpacked packages")
    options.add_argument("--check", action="store_true", help="compare with the checksums")
    arguments = options.parse_args()
    if arguments.check:
        sys.exit(ledger() != (VENDOR / "VENDOR.md").read_text("utf-8") and "Vendored files changed")
    with tempfile.TemporaryDirectory() as temporary:
        packages = find(arguments.source or fetch(Path(temporary)))
        shutil.rmtree(VENDOR, ignore_errors=True)
        build_dsfr(packages["@gouvfr/dsfr"], VENDOR / "dsfr")
        copy(packages["htmx.org"] / "dist/htmx.min.js", VENDOR / "htmx/htmx.min.js")
        copy(packages["htmx.org"] / "LICENSE", VENDOR / "htmx/LICENSE")
        for name in ("swagger-ui-bundle.js", "swagger-ui.css", "LICENSE"):
            copy(packages["swagger-ui-dist"] / name, VENDOR / "swagger-ui" / name)
        shutil.rmtree(PAPERS, ignore_errors=True)
        build_papers(packages["@expo-google-fonts/source-sans-3"], VENDOR / "dsfr/dsfr.state.min.css", PAPERS)
        for name in ("axe.min.js", "LICENSE"):
            copy(packages["axe-core"] / name, AXE / name)
    (VENDOR / "VENDOR.md").write_text(ledger(), "utf-8")


if __name__ == "__main__":
    main()
