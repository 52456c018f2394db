"""`make bench`, or `python -m bench --help`."""

import argparse
from dataclasses import replace

from bench.measure import Plan
from bench.output import Report
from bench.report import PARTS, measure_engine
from bench.serving import POSTGRESQL, SQLITE
from portal.platform.web import assets


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: for a first look")
    parser.add_argument("--smoke", action="store_true", help="every part, as small as can be")
    parser.add_argument("--json", action="store_true", help="figures for machines")
    parser.add_argument("--engine", choices=(SQLITE, POSTGRESQL), help="one of them; both by default")
    parser.add_argument("--teams", type=int, default=200)
    parser.add_argument("--sprints", type=int, default=20)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="some parts")
    chosen = parser.parse_args()
    plan = Plan(1, 1) if chosen.quick else Plan(2, 3)
    if chosen.smoke:
        plan = Plan(0.02, 1, (2,), growth=(4, 8), mail_teams=2, mail_weeks=1, applications=(4, 12))
        plan = replace(plan, addresses=1, demonstration=False, texts=(300, 600), comments=5, lines=200)
        plan = replace(plan, trail=(40, 80))
        chosen.teams, chosen.sprints = 6, 2
    assets.build()  # what `wsgi.py` does at a start
    report = Report(quiet=chosen.json)
    for kind in [chosen.engine] if chosen.engine else [SQLITE, POSTGRESQL]:
        measure_engine(report, kind, plan, chosen)
    report.end()


if __name__ == "__main__":
    main()
