"""Static assets: named by content hash, compressed at build time, cached by browsers for ever.

`build` turns `static/` into `build/static/`, which WhiteNoise serves in front of Flask. What every
page needs is joined in one style sheet for each brand and one script (`BUNDLES`): a first visit of
the portfolio transfers 190 instead of 284 kB, in 9 instead of 25 requests.
"""

import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import brotli
from flask import Flask, Response
from whitenoise import WhiteNoise

from portal.platform.web import stylesheets
from portal.platform.web.headers import HEADERS
from portal.platform.web.stylesheets import ClassUse

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "static"
TARGET = ROOT / "build" / "static"
MANIFEST = "manifest.json"
EARLIER = "static-before"  # beside `static/`
PREFIX = "/static/"

DSFR = "vendor/dsfr/dsfr.min.css"
DSFR_SCRIPT = "vendor/dsfr/dsfr.module.min.js"
ICONS = "vendor/dsfr/icons/"
_OWN_SHEETS = ("portal.css", "parts.css", "frame.css")
BUNDLES = {
    "all.state.css": (DSFR, "vendor/dsfr/dsfr.state.min.css", *_OWN_SHEETS),
    "all.neutral.css": (DSFR, *_OWN_SHEETS),
    "all.js": ("portal.js", "focus.js", "search.js", "drafts.js"),
}

_COMPRESSED_SUFFIXES = {".css", ".js", ".svg", ".txt", ".json", ".webmanifest"}
_EXCLUDED_SUFFIXES = {".md"}
_URL = re.compile(r"""url\((["']?)(?!data:|#|/|https?:)([^"')?#]+)([?#][^"')]*)?\1\)""")
_TEN_YEARS = 315_360_000  # seconds
_OLD_COPY_SECONDS = 30 * 24 * 3600  # how long files of earlier builds stay


class AssetsMissing(Exception):
    """The assets are not built."""


def build(source: Path = SOURCE, target: Path = TARGET) -> bool:
    """Write the hashed, compressed copies and their manifest; False when they are up to date.

    A file lock makes concurrent processes wait for the one that builds.
    """
    files = sorted(p for p in source.rglob("*") if p.is_file() and p.suffix not in _EXCLUDED_SUFFIXES)
    use = _read_class_use(source)
    state = _compute_fingerprint(source, files, use)
    if _read_fingerprint(target) == state:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _read_fingerprint(target) == state:
            return False
        build_folder = Path(tempfile.mkdtemp(prefix="static-", dir=target.parent))
        names = _write_hashed_files(build_folder, source, files, use)
        (build_folder / MANIFEST).write_text(json.dumps({"state": state, "names": names}, indent=0))
        build_folder.chmod(0o755)
        _copy_earlier_assets(source, build_folder)
        _link_older_files(target, build_folder)
        _replace_built_folder(target, build_folder)
    return True


def _write_hashed_files(build_folder: Path, source: Path, files: list[Path], use: ClassUse) -> dict[str, str]:
    names: dict[str, str] = {}
    sheets = {path.relative_to(source).as_posix(): path for path in files if path.suffix == ".css"}
    for path in files:
        name = path.relative_to(source).as_posix()
        if name not in sheets:
            names[name] = _write_hashed(build_folder, name, path.read_bytes())
    # Style sheets last: they refer to the other files.
    texts = {name: path.read_text("utf-8") for name, path in sheets.items()}
    for name, text in texts.items():
        folder = PurePosixPath(name).parent
        css = text if name.startswith("vendor/") else _inline_icons(text, folder, source)
        css = _rewrite_urls_to_hashed_names(css, folder, folder, names)
        names[name] = _write_hashed(build_folder, name, css.encode())
    for bundle, parts in BUNDLES.items():
        if all((source / part).is_file() for part in parts):
            content = _join_sheets(parts, texts, source, names, use) if bundle.endswith("css") else ""
            content = content or _join_scripts(source / part for part in parts)
            names[bundle] = _write_hashed(build_folder, bundle, content.encode())
    return names


def _read_class_use(source: Path) -> ClassUse:
    """The classes of DSFR that templates, code, scripts and sheets of ours name."""
    paths = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "portal").rglob("*.py")]
    paths += [*source.glob("*.js"), *source.glob("*.css")]
    script = source / DSFR_SCRIPT
    dsfr_script = script.read_text("utf-8") if script.is_file() else ""
    return stylesheets.read_class_use((path.read_text("utf-8") for path in paths), dsfr_script)


def _join_sheets(
    parts: Sequence[str], texts: Mapping[str, str], source: Path, names: Mapping[str, str], use: ClassUse
) -> str:
    """One sheet at the root: DSFR without what is not used, icons inlined."""
    joined = []
    for part in parts:
        css = texts[part]
        if part == DSFR:
            notice, rules = css[: css.index("*/") + 2], css[css.index("*/") + 2 :]
            others = (text for name, text in texts.items() if name != DSFR)
            css = notice + stylesheets.drop_unused_properties(
                stylesheets.drop_unused_rules(rules, use), others
            )
        css = _inline_icons(css, PurePosixPath(part).parent, source)
        joined.append(_rewrite_urls_to_hashed_names(css, PurePosixPath(part).parent, PurePosixPath(), names))
    return "\n".join(joined)


def _inline_icons(css: str, folder: PurePosixPath, source: Path) -> str:
    def inlined(match: re.Match[str]) -> str:
        path = _resolve_dots(folder / match[2])
        is_icon = path.startswith(ICONS) and (source / path).is_file()
        return f'url("{stylesheets.build_icon_data_url(source / path)}")' if is_icon else match[0]

    return _URL.sub(inlined, css)


def _join_scripts(paths: Iterable[Path]) -> str:
    """Modules without imports, each in a block of its own, so that their names stay apart."""
    return "\n".join(f"{{\n{path.read_text('utf-8')}}}" for path in paths)


def _replace_built_folder(target: Path, build_folder: Path) -> None:
    """Replace the built folder with two renames, so that it is missing for an instant only."""
    before = Path(tempfile.mkdtemp(prefix="static-", dir=target.parent))
    if target.exists():
        target.rename(before / "static")
    build_folder.rename(target)
    shutil.rmtree(before)


def _copy_earlier_assets(source: Path, build_folder: Path) -> None:
    """Copy the assets of the release before, which come with a release (`tools/release.py`): each
    machine serves the pages of both versions while they run side by side."""
    earlier = source.parent / EARLIER
    for path in earlier.rglob("*"):
        copy = build_folder / path.relative_to(earlier)
        if path.is_file() and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _link_older_files(target: Path, build_folder: Path) -> None:
    """Link files of earlier builds, for open pages and for a running older version."""
    oldest = time.time() - _OLD_COPY_SECONDS
    for path in target.rglob("*"):
        older_copy = build_folder / path.relative_to(target)
        if path.is_file() and not older_copy.exists() and path.stat().st_mtime > oldest:
            older_copy.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, older_copy)


def _compute_fingerprint(source: Path, files: list[Path], use: ClassUse) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes() + Path(stylesheets.__file__).read_bytes())
    digest.update(" ".join(sorted(use.words)).encode())
    for path in files:
        digest.update(path.relative_to(source).as_posix().encode())
        digest.update(path.read_bytes())
    earlier = source.parent / EARLIER  # named by their content
    digest.update(" ".join(sorted(str(path.relative_to(earlier)) for path in earlier.rglob("*"))).encode())
    return digest.hexdigest()


def _read_fingerprint(target: Path) -> str | None:
    try:
        state: str = json.loads((target / MANIFEST).read_text())["state"]
    except (OSError, ValueError, KeyError):
        return None
    return state


def _rewrite_urls_to_hashed_names(
    css: str, folder: PurePosixPath, served_from: PurePosixPath, names: Mapping[str, str]
) -> str:
    """Rewrite the relative `url(…)` of a style sheet in `folder` to hashed names, relative to the
    folder that it is served from."""

    def hashed(match: re.Match[str]) -> str:
        path = _resolve_dots(folder / match[2])
        if path not in names:
            return match[0]
        return f'url("{_relative_to_folder(names[path], served_from)}{match[3] or ""}")'

    return _URL.sub(hashed, css)


def _resolve_dots(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _relative_to_folder(path: str, folder: PurePosixPath) -> str:
    return "../" * len(folder.parts) + path


def _write_hashed(target: Path, name: str, content: bytes) -> str:
    path = PurePosixPath(name)
    digest = hashlib.sha256(content).hexdigest()[:12]
    hashed = str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))
    to = target / hashed
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(content)
    if path.suffix in _COMPRESSED_SUFFIXES:
        to.with_name(to.name + ".br").write_bytes(brotli.compress(content))
        to.with_name(to.name + ".gz").write_bytes(gzip.compress(content, mtime=0))
    return hashed


def init_app(app: Flask, target: Path = TARGET) -> None:
    """Serve the built assets and define `static_url` for templates. Raises `AssetsMissing`."""
    try:
        names: dict[str, str] = json.loads((target / MANIFEST).read_text())["names"]
    except FileNotFoundError:
        raise AssetsMissing("the assets are not built: `wsgi.py` and the tests build them first") from None
    app.jinja_env.globals["static_url"] = lambda name: PREFIX + names[name]
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        _build_missing_asset_application(app.wsgi_app),
        root=target,
        prefix=PREFIX,
        max_age=_TEN_YEARS,
        immutable_file_test=lambda *_: True,
        allow_all_origins=False,
        add_headers_function=_add_nosniff_header,
    )


def _build_missing_asset_application(portal: WSGIApplication) -> WSGIApplication:
    """Answer for an asset that WhiteNoise did not find: never a page, and nothing that a browser or a
    proxy keeps, since another machine may have it."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(PREFIX):
            return portal(environ, start_response)
        missing = Response(status=404, headers=HEADERS | {"Cache-Control": "no-store"}, mimetype="text/plain")
        return missing(environ, start_response)

    return answer


def _add_nosniff_header(headers: object, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"  # type: ignore[index]
