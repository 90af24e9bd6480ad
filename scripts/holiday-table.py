#!/usr/bin/env python3
"""Writes src/analysis/holidays.txt, the table of public holidays, from the Python package `holidays` (MIT, Vacanza Team).

Run it once a year, when governments have published the next one:

    python3 -m venv /tmp/v && /tmp/v/bin/pip install holidays && /tmp/v/bin/python scripts/holiday-table.py > src/analysis/holidays.txt

The tests in src/analysis/holidays.rs compare known years."""
import collections
import importlib.metadata

import holidays

FIRST, LAST = 2010, 2035
YEARS = range(FIRST, LAST + 1)
# Country, name, parts with days of their own (None = all that the package knows, less those of single towns).
PLACES = [
    ("AE", "United Arab Emirates", []), ("AT", "Austria", []), ("AU", "Australia", None), ("BE", "Belgium", []), ("BH", "Bahrain", []), ("BR", "Brazil", []),
    ("CA", "Canada", None), ("CH", "Switzerland", None), ("CN", "China", []), ("CY", "Cyprus", []), ("CZ", "Czechia", []), ("DE", "Germany", None), ("DK", "Denmark", []),
    ("ES", "Spain", None), ("FI", "Finland", []), ("FR", "France", ["57", "6AE"]), ("GB", "United Kingdom", ["NIR", "SCT"]), ("GG", "Guernsey", []), ("GR", "Greece", []),
    ("HK", "Hong Kong", []), ("HU", "Hungary", []), ("IE", "Ireland", []), ("IL", "Israel", []), ("IM", "Isle of Man", []),
    ("IN", "India", ["DL", "GJ", "HR", "KA", "MH", "TN", "TS", "UP", "WB"]), ("ID", "Indonesia", []), ("IT", "Italy", ["BZ"]), ("JE", "Jersey", []), ("JP", "Japan", []),
    ("KR", "South Korea", []), ("KW", "Kuwait", []), ("LI", "Liechtenstein", []), ("LU", "Luxembourg", []), ("MT", "Malta", []), ("MX", "Mexico", []), ("MY", "Malaysia", []),
    ("NL", "Netherlands", []), ("NO", "Norway", []), ("NZ", "New Zealand", None), ("PL", "Poland", []), ("PT", "Portugal", []), ("QA", "Qatar", []), ("RO", "Romania", []),
    ("SA", "Saudi Arabia", []), ("SE", "Sweden", []), ("SG", "Singapore", []), ("TH", "Thailand", []), ("TR", "Turkey", []), ("TW", "Taiwan", []), ("US", "United States", None),
    ("ZA", "South Africa", []),
]
MARKETS = [("XNYS", "New York Stock Exchange"), ("XECB", "TARGET, euro area")]
# Territories and single towns.
LEFT_OUT = {"US": {"AS", "GU", "MP", "UM", "VI"}, "DE": {"Augsburg"}, "ES": {"Barcelona"}, "CH": {"Stadt Zurich"}, "AU": {"NSW Western"}, "NZ": {"South Canterbury"}}


def read(country, part=None):
    # Assumption Day is one in the Catholic towns of Bavaria, Munich among them.
    # In Hong Kong banks and offices keep the general holidays, which are more than the statutory ones.
    more = {("DE", "BY"): "catholic", ("HK", None): "optional"}.get((country, part))
    categories = ("public", more) if more else ("public",)
    known = holidays.country_holidays(country, subdiv=part, years=YEARS, categories=categories)
    if "en_US" in getattr(known, "supported_languages", ()):
        known = holidays.country_holidays(country, subdiv=part, years=YEARS, categories=categories, language="en_US")
    days = {d for d in known if d.year in YEARS}
    worked = {d for d in (getattr(known, "weekend_workdays", None) or ()) if d.year in YEARS}
    estimated = sorted({d.year for d in days if "estimated" in known[d].lower()})
    return days, worked, estimated


def lines(days, sign):
    of = collections.defaultdict(set)
    for day in days:
        of[day.year].add(f"{day:%m%d}")
    always = set.intersection(*(of[y] for y in YEARS)) if days else set()
    if always:
        print(sign + "*", *sorted(always))
    for year in YEARS:
        if rest := sorted(of[year] - always):
            print(f"{sign}{year}", *rest)


def head(code, name, estimated):
    print(code, name, sep="|", end="|")
    print(*estimated)


def main():
    print(f"# Public holidays {FIRST} to {LAST}. Written by scripts/holiday-table.py from the package holidays {importlib.metadata.version('holidays')}")
    print("# (MIT License, below): do not edit by hand.")
    print("# CODE|name|years with days that depend on the moon and are estimated. Then `* MMDD ...` for every year, `2026 MMDD ...` for one;")
    print("# `+` and `-` against the country, `w` weekend days that are worked.")
    licence = next(f for f in importlib.metadata.files("holidays") if f.name == "LICENSE").read_text()
    for line in licence.splitlines():
        print("#", line.strip()) if line.strip() else print("#")
    for country, name, parts in PLACES:
        # The days common to the whole kingdom are those of nobody: England and Wales stand for it.
        days, worked, estimated = read(country, "ENG" if country == "GB" else None)
        head(country, name, estimated)
        lines(days, "")
        lines(worked, "w")
        if parts is None:
            parts = [p for p in holidays.country_holidays(country).subdivisions if p not in LEFT_OUT.get(country, ())]
        for part in parts:
            own, _, guessed = read(country, part)
            head(f"{country}-{part}", f"{name}, {part}", guessed)
            lines(own - days, "+")
            lines(days - own, "-")
    for code, name in MARKETS:
        known = holidays.financial_holidays(code, years=YEARS)
        head(code, name, [])
        lines({d for d in known if d.year in YEARS}, "")


main()
