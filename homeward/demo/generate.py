"""Writes the demo's lists and its truth file. Run by hand by maintainers: `./dev python -m homeward.demo.generate`.

The same seed gives the same bytes. What is kept: 240 captured and deceased men, 22 of whom stand both in a camp's list
and in the hospital's; 1,200 enquiries about 260 sought men, 40 of whom are in the register and 16 of whom share their name
with somebody else who is. `days.json` is the script of what the demo's staff judge when the scenario is loaded.
"""

# ruff: noqa: E501  a row of a table stays on one line

from __future__ import annotations

import datetime
import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from homeward.demo import words
from homeward.demo.files import Cell, write_csv, write_ods, write_xls, write_xlsx
from homeward.demo.people import PEOPLES, TOWNS, UNITS, WOMEN, Given, Town, Word
from homeward.demo.spelling import feminine, mistype, romanise

HERE = Path(__file__).parent
LISTS = HERE / "lists"
SEED = 1949

RECORDED, SOUGHT, SOUGHT_AND_RECORDED, NAMESAKES, ENQUIRIES = 240, 260, 40, 16, 1200
CAMP_ROWS = {"camp-north": 84, "camp-river": 76, "camp-hill": 58}
HOSPITAL_ONLY, HOSPITAL_TOO = 22, 22
DEAD, DEAD_AND_SOUGHT = 24, 4
LATIN = ("pl", "de", "fr", "en")


class Truth(TypedDict, total=False):
    """Who is who, for one sought man: the partners' numbers of the enquiries, the rows he stands in, his namesakes' rows."""

    enquiries: list[str]
    entries: list[str]
    namesakes: list[str]


@dataclass
class Man:
    """One invented soldier, as he really is."""

    surname: Word
    given: Given
    father: Given
    mother_maiden: Word
    language: str  # of his papers
    people: str
    born: datetime.date
    town: Town
    unit: str
    service_number: str
    rank: dict[str, str]
    mark: dict[str, str]
    taken_on: datetime.date
    village: dict[str, str]
    dead_on: datetime.date | None = None
    rows: list[str] = field(default_factory=list)

    def surname_in(self, language: str) -> str:
        return self.surname.uk if language == "uk" else self.surname.ru

    def given_in(self, language: str) -> str:
        return self.given.uk if language == "uk" else self.given.ru

    def patronymic_in(self, language: str) -> str:
        return self.father.uk_son_of if language == "uk" else self.father.ru_son_of


def a_man(rng: random.Random, *, like: Man | None = None) -> Man:
    """Somebody new; with `like`, a namesake of that man who is not he."""
    people = like.people if like else rng.choices(list(PEOPLES), weights=[share for share, *_ in PEOPLES.values()])[0]
    _, surnames, givens, language = PEOPLES[people]
    born = datetime.date(rng.choices(range(1966, 2006), weights=[1] * 14 + [3] * 26)[0], 1, 1)
    born += datetime.timedelta(days=rng.randrange(365))
    if like:
        # Far enough from his namesake's birthday that a person who judges can tell the two apart.
        born = like.born + datetime.timedelta(days=rng.choice((-1, 1)) * rng.randrange(900, 3000))
    town = rng.choice([t for t in TOWNS[people] if not like or t != like.town])
    return Man(
        surname=like.surname if like else rng.choice(surnames),
        given=like.given if like else rng.choice(givens),
        father=like.father if like and rng.random() < 0.4 else rng.choice(givens),
        mother_maiden=rng.choice(surnames),
        language=language,
        people=people,
        born=born,
        town=town,
        unit=rng.choice([u for u in UNITS if not like or u != like.unit]),
        service_number=f"{rng.choice('ВЖКМНР')}-{rng.randrange(100000, 999999)}",
        rank=rng.choices(words.RANKS, weights=(10, 5, 5, 6, 3, 3, 2))[0],
        mark=rng.choice(words.MARKS),
        taken_on=datetime.date(2025, 9, 1) + datetime.timedelta(days=rng.randrange(330)),
        village=rng.choice(words.VILLAGES),
    )


# --- how people write a date ---------------------------------------------------------------------------------------


def written_date(day: datetime.date, style: str, language: str) -> Cell:
    """The same day in one of the forms found in lists."""
    d, m, y = day.day, day.month, day.year
    romans = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    months = words.MONTHS_IN_WORDS[language]
    match style:
        case "dots":
            return f"{d:02}.{m:02}.{y}"
        case "short dots":
            return f"{d}.{m}.{y % 100:02}"
        case "iso":
            return day.isoformat()
        case "slashes":
            return f"{d:02}/{m:02}/{y}"
        case "dashes":
            return f"{d:02}-{m:02}-{y}"
        case "words":
            if language == "en":
                return f"{months[m - 1]} {d}, {y}"
            return f"{d}{'.' if language == 'de' else ''} {months[m - 1]} {y}"
        case "words year":
            return f"{d:02} {months[m - 1]} {y} {'р.' if language == 'uk' else 'г.'}"
        case "roman":
            return f"{d:02} {romans[m - 1]} {y}"
        case "born":
            return f"{d:02}.{m:02}.{y} {'р.н.' if language == 'uk' else 'г.р.'}"
        case "year born":
            return f"{y} {'р.н.' if language == 'uk' else 'г.р.'}"
        case "year":
            return str(y)
        case "about":
            return f"~{y}"
        case "serial":
            # What a spreadsheet leaves when its date column is saved as numbers.
            return (day - datetime.date(1899, 12, 30)).days
        case "true date":
            return day
        case "three letters":
            return f"{d:02}-{['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][m - 1]}-{y}"
        case "commas":
            return f"{d:02},{m:02},{y}"
        case "blank":
            return ""
    raise ValueError(style)


LIST_DATES = {
    "camp-north": {"true date": 8, "dots": 5, "words year": 2, "short dots": 2, "roman": 1, "born": 1, "year born": 1, "serial": 1, "blank": 1},
    "camp-river": {"dots": 10, "short dots": 3, "born": 2, "words year": 2, "year born": 2, "year": 1, "commas": 1, "iso": 1, "blank": 1},
    "camp-hill": {"three letters": 5, "iso": 5, "dots": 4, "words": 3, "true date": 3, "year": 1, "blank": 1},
    "hospital": {"year": 5, "dots": 6, "born": 2, "slashes": 1, "dashes": 1, "serial": 1, "blank": 1},
}  # fmt: skip


def any_date(day: datetime.date, styles: dict[str, int], language: str, rng: random.Random) -> Cell:
    return written_date(day, rng.choices(list(styles), weights=list(styles.values()))[0], language)


# --- the lists of the camps and the hospital -----------------------------------------------------------------------

STATUS = {
    "camp-north": {"held": ("полонений", "полонений", "утримується", "утримується", "полонений", "в таборі"), "moved": ("переведений",), "dead": ("помер",), "ill": ("у шпиталі",)},
    "camp-river": {"held": ("в плену", "содержится", "военнопленный"), "moved": ("переведён",), "dead": ("умер", "скончался"), "ill": ("госпиталь",)},
    "camp-hill": {"held": ("in custody", "POW", "held"), "moved": ("transferred",), "dead": ("died", "deceased"), "ill": ("in hospital",)},
    "hospital": {"held": ("на лікуванні", "у шпиталі"), "moved": ("повернутий до табору",), "dead": ("помер",), "ill": ("у шпиталі",)},
}  # fmt: skip
HEALTH = {
    "camp-river": ("здоров", "здоров", "лёгкое ранение", "болен", "выздоравливает", "тяжело ранен"),
    "hospital": ("легке поранення", "тяжке поранення", "хворий", "одужує", "тяжко хворий"),
}


def status_of(man: Man, source: str, rng: random.Random) -> tuple[str, datetime.date]:
    """What the list says has become of him, and since when."""
    if man.dead_on:
        return rng.choice(STATUS[source]["dead"]), man.dead_on
    kind = rng.choices(("held", "moved", "ill"), weights=(88, 4, 8))[0] if source != "hospital" else "held"
    arrived = man.taken_on + datetime.timedelta(days=rng.randrange(3, 40))
    return rng.choice(STATUS[source][kind]), arrived


def unit_as(unit: str, source: str, rng: random.Random) -> str:
    if rng.random() < 0.12:
        return rng.choice(
            {"camp-hill": ("unknown", "?"), "camp-river": ("не установлена", "б/н")}.get(source, ("невідома", "—", "?"))
        )
    forms = {
        "camp-north": ("{}", "в/ч {}", "В/Ч{}", "військова частина {}"),
        "camp-river": ("{}", "в/ч {}", "в.ч. {}", "войсковая часть № {}"),
        "camp-hill": ("{}", "unit {}", "mil. unit {}"),
        "hospital": ("{}", "в/ч {}"),
    }[source]
    return rng.choice(forms).format(unit)


def cyrillic_name(man: Man, language: str, rng: random.Random, slips: float = 0.05) -> tuple[str, str, str]:
    surname, given, patronymic = man.surname_in(language), man.given_in(language), man.patronymic_in(language)
    if rng.random() < slips:
        surname = mistype(surname, rng)
    if rng.random() < slips / 2:
        patronymic = mistype(patronymic, rng)
    if language == "ru" and rng.random() < 0.7:
        surname, given, patronymic = (part.replace("ё", "е") for part in (surname, given, patronymic))
    if rng.random() < 0.5:
        surname, given, patronymic = (part.replace("'", "’") for part in (surname, given, patronymic))
    return surname, given, patronymic


def camp_north(men: list[Man], rng: random.Random) -> list[list[Cell]]:
    """Ukrainian clerks: title rows, one column for each part of the name, sections, a total at the end."""
    table: list[list[Cell]] = [
        [f"Табір «{words.CAMP_NORTH}»"],
        ["Іменний список осіб станом на 01.09.2026"],
        [],
        ["№ з/п", "Табірний №", "Прізвище", "Ім'я", "По батькові", "Дата нар.", "Місце народження", "Звання", "В/ч",
         "Особистий №", "Стан", "Дата", "Примітка"],
    ]  # fmt: skip
    for place, man in enumerate(men):
        own = f"П-{1000 + place * 7}"
        language = "uk" if man.language == "uk" or rng.random() < 0.6 else "ru"
        surname, given, patronymic = cyrillic_name(man, language, rng)
        if place % 9 == 4:
            surname = surname.upper()
        if rng.random() < 0.06:
            given, patronymic = given[:1] + ".", patronymic[:1] + "."
        elif rng.random() < 0.08:
            patronymic = ""
        if place in (17, 52):
            surname, given = given, surname  # written into each other's columns
        if place == 33:  # a Latin i and a Latin o inside Cyrillic words, as old keyboards leave them
            surname, given = surname.replace("о", "o").replace("і", "i"), given.replace("і", "i")
        born, birthplace = any_date(man.born, LIST_DATES["camp-north"], language, rng), man.town.uk
        if place == 8:
            man.born = datetime.date(1990, 3, 3)
            born = "31.02.1990"
        if place == 21:
            born = f"~{man.born.year + 1}"
        if place == 40:
            born, birthplace = man.town.uk, f"{man.born:%d.%m.%Y}"
        status, since = status_of(man, "camp-north", rng)
        table.append([
            place + 1, own, surname, given, patronymic, born, birthplace if rng.random() > 0.15 else "", man.rank[language],
            unit_as(man.unit, "camp-north", rng), man.service_number if rng.random() < 0.5 else "", status,
            any_date(since, {"dots": 6, "true date": 3, "blank": 1}, "uk", rng), rng.choice(("", "", "", "без документів", "барак 2")),
        ])  # fmt: skip
        if place == 41:
            table.append([])
            table.append(
                [
                    None,
                    "П-1290",
                    "",
                    "",
                    "",
                    "невідома",
                    "",
                    "",
                    "",
                    "",
                    "у шпиталі",
                    "",
                    "без свідомості, документів немає",
                ]
            )
    # A line that repeats an earlier number with another man's facts: somebody copied a row and forgot the number.
    twice = list(table[10])
    twice[0], twice[3] = len(men) + 1, "Невідомий"
    table.append(twice)
    table += [[], ["Разом:", len(men)]]
    return table


def camp_river(men: list[Man], rng: random.Random) -> list[list[Cell]]:
    """Russian clerks, one column for the whole name."""
    table: list[list[Cell]] = [
        [
            "Лагерный номер",
            "ФИО",
            "Дата рожд.",
            "Место рождения",
            "Звание",
            "Воинская часть",
            "Статус",
            "Дата",
            "Здоровье",
        ]
    ]
    for place, man in enumerate(men):
        surname, given, patronymic = cyrillic_name(man, "ru", rng)
        draw = rng.random()
        if draw < 0.62:
            name = f"{surname} {given} {patronymic}"
        elif draw < 0.74:
            name = f"{surname} {given}"
        elif draw < 0.84:
            name = f"{surname.upper()} {given} {patronymic}"
        elif draw < 0.92:
            name = f"{given} {patronymic} {surname}"
        else:
            name = f"{surname} {given[:1]}. {patronymic[:1]}."
        born = any_date(man.born, LIST_DATES["camp-river"], "ru", rng)
        if place == 11:
            born = f"~{man.born.year}"
        if place == 29:
            born = f"{2026 - man.born.year} лет"
        status, since = status_of(man, "camp-river", rng)
        health = "" if man.dead_on else rng.choice(HEALTH["camp-river"])
        table.append([
            f"Р-{2000 + place * 3}", name, born, man.town.ru if rng.random() > 0.2 else "", man.rank["ru"], unit_as(man.unit, "camp-river", rng),
            status, any_date(since, {"dots": 8, "short dots": 2, "blank": 1}, "ru", rng), health,
        ])  # fmt: skip
        if place == 30:
            table.append(["Р-2998", "", "", "", "", "", "госпиталь", "", "тяжело ранен"])
    table.append(["", "", "", "", "", "", "", "", ""])
    return table


def camp_hill(men: list[Man], rng: random.Random) -> list[list[Cell]]:
    """A camp run by foreigners: Latin letters, English headers, each clerk with the spelling of his own language."""
    table: list[list[Cell]] = [
        [f"{words.CAMP_HILL} camp: nominal roll"],
        ["Prisoner No", "Surname", "First name", "Patronymic", "Date of birth", "Place of birth", "Rank", "Unit", "Status",
         "Status date", "Mother's maiden name"],
    ]  # fmt: skip
    for place, man in enumerate(men):
        into = rng.choices(("en", "de", "pl"), weights=(7, 2, 1))[0]
        source = man.language if rng.random() < 0.85 else ("ru" if man.language == "uk" else "uk")
        surname, given, patronymic = (
            romanise(part, from_language=source, into=into)
            for part in (man.surname_in(source), man.given_in(source), man.patronymic_in(source))
        )
        if rng.random() < 0.05:
            surname = mistype(surname, rng)
        if rng.random() < 0.35:
            patronymic = ""
        if place in (7, 44):
            surname, given = given, surname
        if rng.random() < 0.1:
            surname = surname.upper()
        status, since = status_of(man, "camp-hill", rng)
        maiden = romanise(feminine(man.mother_maiden.ru, "ru"), from_language="ru", into="en")
        born = any_date(man.born, LIST_DATES["camp-hill"], "en", rng)
        if place == 19:
            born = f"ca. {man.born.year}"
        if place == 36:
            born = f"age {2026 - man.born.year}"
        table.append([
            f"H-{3000 + place * 11}", surname, given, patronymic, born, man.town.en if rng.random() > 0.15 else "", man.rank["en"],
            unit_as(man.unit, "camp-hill", rng), status, any_date(since, {"three letters": 4, "iso": 4, "blank": 1}, "en", rng),
            maiden if rng.random() < 0.45 else "",
        ])  # fmt: skip
    return table


def hospital(men: list[Man], rng: random.Random) -> list[list[Cell]]:
    """The hospital writes what it hears: its own numbers, other spellings, often the year alone."""
    table: list[list[Cell]] = [
        [
            "Номер картки",
            "ПІБ",
            "Рік народження",
            "Звідки прибув",
            "Стан здоров'я",
            "Статус",
            "Дата",
            "Частина",
        ]
    ]
    camps = (words.CAMP_NORTH, words.CAMP_RIVER, words.CAMP_HILL)
    for place, man in enumerate(men):
        language = "uk" if rng.random() < 0.75 else "ru"
        surname, given, patronymic = cyrillic_name(man, language, rng, slips=0.10)
        name = f"{surname} {given} {patronymic}" if rng.random() < 0.8 else f"{surname} {given}"
        status, since = status_of(man, "hospital", rng)
        table.append([
            str(40017 + place * 13), name, any_date(man.born, LIST_DATES["hospital"], language, rng),
            rng.choice(camps) if rng.random() < 0.7 else "", "" if man.dead_on else rng.choice(HEALTH["hospital"]), status,
            any_date(since, {"dots": 6, "short dots": 2, "blank": 1}, "uk", rng), unit_as(man.unit, "hospital", rng),
        ])  # fmt: skip
        if place == 15:
            table.append(["40999", "", "", words.CAMP_RIVER, "тяжке поранення", "у шпиталі", "", ""])
    return table


# --- the enquiries -------------------------------------------------------------------------------------------------


def phone(language: str, rng: random.Random) -> str:
    """A number in nobody's hands: no operator has the code 00."""
    country = {"ru": "+7", "uk": "+380", "pl": "+48", "de": "+49", "fr": "+33", "en": "+44"}[language]
    return f"{country} 00 {rng.randrange(100, 999)} {rng.randrange(10, 99)} {rng.randrange(10, 99)}"


def sought_name(man: Man, language: str, rng: random.Random) -> tuple[str, str, str]:
    """Surname, given name and patronymic as this relative writes them."""
    source = language if language in ("ru", "uk") else man.language
    if language in LATIN and source == "uk" and rng.random() < 0.3:
        source = "ru"
    surname, given, patronymic = man.surname_in(source), man.given_in(source), man.patronymic_in(source)
    short = man.given.uk_short if source == "uk" else man.given.ru_short
    if short and rng.random() < 0.08:
        given = short
    if language in LATIN:
        surname, given, patronymic = (
            romanise(part, from_language=source, into=language) for part in (surname, given, patronymic)
        )
        patronymic = patronymic if rng.random() < 0.35 else ""
    else:
        if source == "ru" and rng.random() < 0.6:
            surname, given, patronymic = (part.replace("ё", "е") for part in (surname, given, patronymic))
        if rng.random() < 0.4:
            surname = surname.replace("'", rng.choice(("’", "`", "")))
        draw = rng.random()
        patronymic = "" if draw < 0.2 else patronymic[:1] + "." if draw < 0.25 else patronymic
    if rng.random() < 0.08:
        surname = mistype(surname, rng)
    if rng.random() < 0.04:
        given = mistype(given, rng)
    if rng.random() < 0.05:
        surname = surname.upper()
    if rng.random() < 0.03:
        surname, given = given, surname
    return surname, given, patronymic


def birth_as_told(man: Man, language: str, rng: random.Random) -> Cell:
    draw = rng.random()
    born = man.born
    own_words = {"dots": 8, "words": 3, "short dots": 1, "iso": 1, "slashes": 1}
    if draw < 0.68:
        return any_date(born, own_words, language, rng)
    if draw < 0.82:
        return str(born.year)
    if draw < 0.87:
        return str(born.year + rng.choice((-1, 1)))
    if draw < 0.90:
        return f"~{born.year + rng.choice((-2, -1, 1, 2))}"
    if draw < 0.93 and born.day <= 12:
        return f"{born.month:02}.{born.day:02}.{born.year}"
    return "" if draw > 0.96 else f"{born:%d.%m.%Y}"


def contact_counts(rng: random.Random) -> list[int]:
    """How many ask about each man: five on average, never none, seldom more than ten."""
    counts = [1 + min(9, int(rng.gammavariate(2.2, 1.7))) for _ in range(SOUGHT)]
    while sum(counts) != ENQUIRIES:
        place = rng.randrange(SOUGHT)
        step = 1 if sum(counts) < ENQUIRIES else -1
        if 1 <= counts[place] + step <= 11:
            counts[place] += step
    return counts


def place_in(village: dict[str, str], language: str) -> str:
    return village.get(language, village["latin"])


def enquirer_name(relation: str, man: Man, language: str, rng: random.Random) -> str:
    source = language if language in ("ru", "uk") else man.language
    woman = relation in ("mother", "wife", "sister")
    if relation == "friend":
        _, surnames, givens, _ = PEOPLES[rng.choice(list(PEOPLES))]
        surname, given = getattr(rng.choice(surnames), source), getattr(rng.choice(givens), source)
    else:
        surname = man.surname_in(source)
        if woman:
            surname, given = feminine(surname, source), getattr(rng.choice(WOMEN), source)
        else:
            given = getattr(man.father if relation == "father" else rng.choice(PEOPLES[man.people][2]), source)
    if language in LATIN:
        surname, given = (romanise(part, from_language=source, into=language) for part in (surname, given))
        return f"{given} {surname}"
    return f"{surname} {given}"


EAST_HEADERS: list[Cell] = [
    "Номер справи", "Прізвище розшукуваного", "Ім'я", "По батькові", "Дата народження", "Місце народження", "Звання", "Військова частина",
    "Особистий номер", "Ім'я батька", "Дівоче прізвище матері", "Дата останньої звістки", "Остання звістка", "Особливі прикмети", "Відео",
    "Заявник", "Ким доводиться", "Телефон заявника", "E-mail заявника", "Мова", "Примітки", "Розшук",
]  # fmt: skip
WEST_HEADERS: list[Cell] = [
    "Reference", "Sought person (full name)", "Date of birth", "Place of birth", "Rank", "Unit", "Father's name", "Mother's maiden name",
    "Last news on", "Last news", "Distinguishing marks", "Sightings", "Enquirer", "Relation", "Enquirer phone", "Enquirer email", "Language",
    "Remarks", "File",
]  # fmt: skip


def enquiry_row(man: Man, own: str, relation: str, language: str, rng: random.Random) -> dict[str, Cell]:
    """What one relative tells, with the gaps and errors of memory."""
    surname, given, patronymic = sought_name(man, language, rng)
    source = language if language in ("ru", "uk") else man.language
    family = relation != "friend"
    latin = language in LATIN

    def spelt(word: str) -> str:
        return romanise(word, from_language=source, into=language) if latin else word

    birthplace = getattr(man.town, language) if rng.random() < 0.6 else ""
    unit = ""
    if rng.random() < (0.3 if family else 0.45):
        unit = man.unit if rng.random() < 0.85 else man.unit[:-1] + str(rng.randrange(10))
        unit = ({"ru": "в/ч {}", "uk": "в/ч {}"}.get(language, "{}")).format(unit) if rng.random() < 0.6 else unit
    silent_since = man.taken_on - datetime.timedelta(days=rng.randrange(0, 12))
    if latin:
        orders = (f"{surname} {given} {patronymic}", f"{given} {surname}", f"{surname}, {given}")
        full = rng.choices(orders, weights=(5, 4, 2))[0].strip()
    else:
        full = f"{surname} {given} {patronymic}".strip()
    return {
        "own": own, "case": own.partition("/")[0], "surname": surname, "given": given, "patronymic": patronymic, "full": full,
        "born": birth_as_told(man, language, rng) if family or rng.random() < 0.5 else "",
        "birthplace": birthplace,
        "rank": man.rank[language] if rng.random() < 0.6 else "",
        "unit": unit,
        "service_number": man.service_number if family and rng.random() < 0.12 else "",
        "father": spelt(man.father.uk if source == "uk" else man.father.ru) if family and rng.random() < 0.6 else "",
        "maiden": spelt(feminine(getattr(man.mother_maiden, source), source)) if family and rng.random() < 0.5 else "",
        "last_news_on": any_date(silent_since, {"dots": 6, "words": 2, "iso": 1}, language, rng) if rng.random() < 0.7 else "",
        "last_news": rng.choice(words.LAST_NEWS[language]).format(place=place_in(man.village, language)) if rng.random() < 0.75 else "",
        "marks": man.mark[language] if family and rng.random() < 0.5 else "",
        "sightings": f"https://example.org/video/{rng.randrange(10000, 99999)}" if rng.random() < 0.04 else "",
        "enquirer": enquirer_name(relation, man, language, rng),
        "relation": words.RELATIONS[relation][language],
        "phone": phone(language, rng) if rng.random() < 0.85 else "",
        "email": f"family-{rng.randrange(10000, 99999)}@example.org" if rng.random() < 0.3 else "",
        "language": language,
        "wish": rng.choice(words.WISHES[language]) if rng.random() < 0.6 else "",
    }  # fmt: skip


EAST_ORDER = ["own", "surname", "given", "patronymic", "born", "birthplace", "rank", "unit", "service_number", "father", "maiden", "last_news_on", "last_news", "marks", "sightings", "enquirer", "relation", "phone", "email", "language", "wish", "case"]  # fmt: skip
WEST_ORDER = ["own", "full", "born", "birthplace", "rank", "unit", "father", "maiden", "last_news_on", "last_news", "marks", "sightings", "enquirer", "relation", "phone", "email", "language", "wish", "case"]  # fmt: skip


# --- all of it -----------------------------------------------------------------------------------------------------


def build(folder: Path = LISTS, truth_file: Path = HERE / "truth.json") -> None:
    """Write every file of the demo."""
    rng = random.Random(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    recorded = [a_man(rng) for _ in range(RECORDED)]
    sought_ids = rng.sample(range(RECORDED), SOUGHT_AND_RECORDED)
    dead = (
        sought_ids[:DEAD_AND_SOUGHT]
        + [n for n in rng.sample(range(RECORDED), RECORDED) if n not in sought_ids][: DEAD - DEAD_AND_SOUGHT]
    )
    for number in dead:
        recorded[number].dead_on = recorded[number].taken_on + datetime.timedelta(days=rng.randrange(5, 120))

    order = rng.sample(range(RECORDED), RECORDED)
    by_list: dict[str, list[Man]] = {}
    start = 0
    for name, size in CAMP_ROWS.items():
        by_list[name] = [recorded[n] for n in order[start : start + size]]
        start += size
    in_camps = [recorded[n] for n in order[:start]]
    # Some of the men whose families ask were in hospital too: two entries, two spellings, one man.
    asked_for = [recorded[n] for n in sought_ids if recorded[n] in in_camps][:8]
    others = [m for m in in_camps if m not in asked_for]
    in_hospital = [recorded[n] for n in order[start:]] + asked_for + rng.sample(others, HOSPITAL_TOO - len(asked_for))
    rng.shuffle(in_hospital)
    by_list["hospital"] = in_hospital
    assert start + HOSPITAL_ONLY == RECORDED

    tables = {
        "camp-north": camp_north(by_list["camp-north"], rng),
        "camp-river": camp_river(by_list["camp-river"], rng),
        "camp-hill": camp_hill(by_list["camp-hill"], rng),
        "hospital": hospital(in_hospital, rng),
    }
    number_of = {
        "camp-north": lambda place: f"П-{1000 + place * 7}",
        "camp-river": lambda place: f"Р-{2000 + place * 3}",
        "camp-hill": lambda place: f"H-{3000 + place * 11}",
        "hospital": lambda place: str(40017 + place * 13),
    }
    for name, men in by_list.items():
        for place, man in enumerate(men):
            man.rows.append(f"{name}:{number_of[name](place)}")
    write_xlsx(folder / "camp-north.xlsx", tables["camp-north"], sheet="Список", title_rows=2)
    write_csv(folder / "camp-river.csv", tables["camp-river"], encoding="cp1251", delimiter=";")
    write_xls(folder / "camp-hill.xls", tables["camp-hill"], sheet="Roll")
    write_csv(folder / "hospital.csv", tables["hospital"], encoding="utf-16", delimiter="\t")

    namesakes = [n for n in range(RECORDED) if n not in sought_ids][:NAMESAKES]
    sought = (
        [recorded[n] for n in sought_ids]
        + [a_man(rng, like=recorded[n]) for n in namesakes]
        + [a_man(rng) for _ in range(SOUGHT - SOUGHT_AND_RECORDED - NAMESAKES)]
    )
    rng.shuffle(sought)
    east: list[dict[str, Cell]] = []
    west: list[dict[str, Cell]] = []
    truth: dict[str, Truth] = {}
    spread: dict[str, int] = defaultdict(int)
    for number, (man, contacts) in enumerate(zip(sought, contact_counts(rng), strict=True), 1):
        case = f"K-{number:03}"
        relations = [
            "mother",
            "wife",
            "brother",
            "friend",
            "sister",
            "father",
            "friend",
            "mother",
            "brother",
            "friend",
            "wife",
        ]
        asked = []
        for contact, relation in enumerate(relations[:contacts], 1):
            language = rng.choices(
                (man.language, "ru" if man.language == "uk" else "uk", *LATIN), weights=(50, 14, 12, 9, 6, 9)
            )[0]
            own = f"{case}/{contact}"
            row = enquiry_row(man, own, relation, language, rng)
            # A relative abroad often asks the western partner in her own language; a few go to the partner at home.
            (east if language in ("ru", "uk") and rng.random() < 0.93 else west).append(row)
            asked.append(own)
            spread[language] += 1
        truth[case] = {"enquiries": asked, "entries": man.rows}
        if not man.rows:
            truth[case]["namesakes"] = [
                row for n in namesakes if recorded[n].surname is man.surname and recorded[n].given is man.given for row in recorded[n].rows
            ]  # fmt: skip
    rng.shuffle(east)
    rng.shuffle(west)
    east_table = [EAST_HEADERS, *([row[code] for code in EAST_ORDER] for row in east)]
    west_table = [WEST_HEADERS, *([row[code] for code in WEST_ORDER] for row in west)]
    # Nobody can be looked for without a name: two calls in which the line broke.
    east_table.insert(300, ["K-900/1", *[""] * 14, "Заявниця", "мати", "", "", "uk", "зв'язок обірвався", "K-900"])
    west_table.insert(150, ["K-901/1", *[""] * 11, "Caller", "friend", "", "", "en", "the line broke", "K-901"])
    write_csv(folder / "enquiries-east.csv", east_table, encoding="utf-8-sig", delimiter=";")
    write_ods(folder / "enquiries-west.ods", west_table, sheet="Referrals")

    everything = {
        "rows": {name: len(men) for name, men in by_list.items()} | {"enquiries-east": len(east), "enquiries-west": len(west)},
        "languages": dict(sorted(spread.items())),
        "people": [man.rows for man in recorded],
        "dead": sorted(row for man in recorded if man.dead_on for row in man.rows),
        "sought": truth,
    }  # fmt: skip
    truth_file.write_text(json.dumps(everything, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    script = some_days_of_work(truth, {row for man in recorded if man.dead_on for row in man.rows})
    (folder.parent / "days.json").write_text(json.dumps(script, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def some_days_of_work(truth: dict[str, Truth], dead: set[str]) -> dict[str, list[list[str]]]:
    """Which pairs the demo's staff judge, and how: a few of each kind, most are left for whoever tries the house."""
    found = [(case, said["entries"][0]) for case, said in truth.items() if said["entries"]]
    of_the_dead = [pair for pair in found if pair[1] in dead]
    of_the_living = [pair for pair in found if pair[1] not in dead]
    others = [(case, row) for case, said in truth.items() for row in said.get("namesakes", [])[:1]]
    script = {
        "confirmed": of_the_dead[:2] + of_the_living[:10],
        "said_same": of_the_dead[2:3] + of_the_living[10:14],
        "ask_family": of_the_living[14:17],
        "ask_registrar": of_the_living[17:20],
        "not_the_same": others[:8],
        "answered": of_the_dead[:1] + of_the_living[:4],
        "proposed": of_the_dead[1:2] + of_the_living[4:7],
        "refused": of_the_living[7:8],
    }
    return {kind: [[case, *row.split(":")] for case, row in pairs] for kind, pairs in script.items()}


if __name__ == "__main__":
    build()
