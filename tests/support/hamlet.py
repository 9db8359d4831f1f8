"""A village of five households, small enough to be judged by hand, as a measure, a survey and CSV files.

    house  members                       schooling  attendance  water     crowding  score  poor (1/3)  severe (1/2)
    001A   3: 40 and 38 years, a pupil   deprived   -           deprived  -         1/2    yes         yes
    001B   2: adults                     -          -           deprived  -         1/4    no          no
    002    4: one adult, three children  deprived   deprived    -         deprived  3/4    yes         yes
    003    1: adult of unknown schooling unknown    -           -         -         left out
    004    2: adults                     -          -           -         -         0      no          no

The persons of 002 are not adjacent in their file.
"""

from __future__ import annotations

from pathlib import Path

MEASURE = """\
measure: village
title: {es: Pobreza de la aldea, en: Poverty of the village}
source: "the test"
note: "invented"
identification: household
k: {poor: 1/3, severe: 1/2}
missing: exclude
variables:
  person:
    age: {type: number, title: {es: Edad, en: Age in years}, note: completed}
    schooling: number
    attends: truth
  household:
    water: truth
    rooms: number
derive:
  pupil: age BETWEEN 6 AND 14
  crowd: COUNT() / rooms
dimensions:
  education:
    title: {es: Educación, en: Education}
    weight: 1/2
    legal_basis: "Article 1"
    indicators:
      schooling_low:
        title: Little schooling
        eligible: age >= 15
        deprived: MEAN(schooling) < 6
        nobody: deprived
        note: "by mean"
      attendance: {eligible: pupil, deprived: ANY(NOT attends), nobody: not_deprived}
  living:
    weight: 1/2
    indicators:
      water_lacking: {deprived: NOT water}
      crowding: {deprived: crowd > 3}
"""
EXAMPLES = """\
schooling_low:
  - {says: two adults with 5 years, persons: [{age: 40, schooling: 5}, {age: 38, schooling: 5}], deprived: yes}
  - {says: one adult with 6 years, persons: [{age: 40, schooling: 6}], deprived: no}
  - {says: unknown schooling, persons: [{age: 40}], deprived: unknown}
  - {says: children alone, persons: [{age: 9}], deprived: yes}
attendance:
  - {says: a pupil at home, persons: [{age: 9, attends: no}], deprived: yes}
crowding:
  - {says: four in one room, household: {rooms: 1}, persons: [{age: 1}, {age: 2}, {age: 3}, {age: 4}], deprived: yes}
measure:
  - {says: two of four, deprived: [water_lacking, crowding], score: 1/2, poor: {poor: yes, severe: yes}}
  - {says: one unknown, deprived: [water_lacking], unknown: [crowding], score: null, poor: unknown}
"""
SURVEY = """\
survey: village_2026
title: {en: Village survey}
period: 2026
tables:
  persons: {path: persons.csv, key: [house, number]}
  households: {path: households.csv, key: [house]}
design: {weight: weight}
variables: {age: age, schooling: schooling, attends: attends = 1, water: water = 1, rooms: rooms}
domains: {valley: valley, sex: {column: sex, codes: {1: man, 2: woman}}}
"""
PERSONS = """\
house,number,age,sex,schooling,attends
001A,1,40,1,5,0
001A,2,38,2,4,0
001A,3,10,1,3,1
001B,1,50,1,9,0
002,1,30,2,2,0
002,2,9,1,1,0
003,1,70,2,,0
004,1,25,1,12,0
002,3,2,2,0,0
004,2,27,2,12,0
002,4,7,1,0,1
001B,2,48,2,11,0
"""
HOUSEHOLDS = """\
house,water,rooms,valley,weight
001A,0,2,north,10
001B,0,2,north,20
002,1,1,south,30
003,1,1,south,40
004,1,1,south,50
"""
SCORES = {"001A": "1/2", "001B": "1/4", "002": "3/4", "003": None, "004": "0"}


def study_of(*outputs: str) -> str:
    """A study of the village with some outputs."""
    return f"""\
study: hamlet
title: Hamlet
publisher: Nobody
released: 2026-04-14
measure: village.yaml
surveys: [village_2026.yaml]
by: [valley]
disclosure: none
languages: [en]
outputs: [{", ".join(outputs)}]
"""


def write_hamlet(folder: Path, **changed: str) -> Path:
    """Write the village into a folder, some of its files with other text; gives the folder.

    The files are `measure`, `examples`, `survey`, `persons` and `households`.
    """
    names = {
        "measure": ("village.yaml", MEASURE),
        "examples": ("village.examples.yaml", EXAMPLES),
        "survey": ("village_2026.yaml", SURVEY),
        "persons": ("persons.csv", PERSONS),
        "households": ("households.csv", HOUSEHOLDS),
    }
    for key, (name, text) in names.items():
        (folder / name).write_text(changed.get(key, text), encoding="utf-8")
    return folder
