#!/usr/bin/env python3
"""A table of groups for `facewarden evaluate verification --groups`, from the pictures' names.

    groups.py FOLDER|TAR… -o GROUPS.csv [--adults]

Knows UTKFace (AGE_SEX_ORIGIN_DATE: sex 0 male, 1 female; origin 0 White, 1 Black, 2 Asian, 3 Indian,
4 other) and All-Age-Faces (NUMBERAAGE: up to number 7380 female, the others male; all East Asian).
Columns: picture, age (by decades, 70 and more together), sex, origin. `--adults` leaves out people
under 18. Other names are passed over and counted.
"""
import argparse
import csv
import os
import re
import sys
import tarfile

ORIGINS = ["White", "Black", "Asian", "Indian", "other"]
UTK = re.compile(r"(\d{1,3})_([01])_([0-4])_\d+")
AAF = re.compile(r"(\d{5})A(\d{2,3})")


def names(source):
    if os.path.isdir(source):
        for folder, _, files in sorted(os.walk(source)):
            for name in sorted(files):
                yield os.path.relpath(os.path.join(folder, name), source)
    else:
        with tarfile.open(source) as archive:
            yield from (entry.name.removeprefix("./") for entry in archive if entry.isfile())


def traits(stem):
    """Age, sex and origin, or None for a name of neither kind."""
    if match := UTK.fullmatch(stem):
        return int(match[1]), ["male", "female"][int(match[2])], ORIGINS[int(match[3])]
    if match := AAF.fullmatch(stem):
        return int(match[2]), "female" if int(match[1]) <= 7380 else "male", "East Asian"
    return None


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--adults", action="store_true", help="only people of 18 and more")
    options = parser.parse_args()
    rows, strange = {}, 0
    for source in options.sources:
        for path in names(source):
            name = os.path.splitext(path)[0]
            found = traits(os.path.basename(name))
            if found is None:
                strange += 1
            elif not options.adults or found[0] >= 18:
                age, sex, origin = found
                low = min(70, age // 10 * 10)
                rows[name] = ["70 and more" if low == 70 else f"{low} to {low + 9}", sex, origin]
    if not rows:
        sys.exit("no picture has a name of UTKFace or All-Age-Faces")
    with open(options.output + ".part", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["picture", "age", "sex", "origin"])
        table.writerows([name, *row] for name, row in sorted(rows.items()))
    os.replace(options.output + ".part", options.output)
    print(f"{options.output}: {len(rows)} pictures; {strange} of other names passed over")


if __name__ == "__main__":
    main()
