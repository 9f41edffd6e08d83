# ruff: noqa: E501 - the table of header words is read line by line
"""What the columns of a list mean: guessed from header words in six languages and from the cells."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homeward.intake.texts import RawRow
from homeward.intake.values import (
    HEALTH,
    RANKS,
    SEXES,
    STATUSES,
    FoundDate,
    looks_like_patronymic,
    looks_like_surname,
    read_date,
    tidy,
)

HEADER_DEPTH = 10

# Header words by field; a header is folded (small letters, no signs) and compared whole, then by its words.
KNOWN_FIELDS: dict[str, str] = {
    "own_id": "id, ид, record id, record number, ідентифікатор, идентификатор, код запису, код, номер картки, номер карточки, номер справи, номер дела, case number, case id, ref, reference, register number, реєстраційний номер, регистрационный номер, qid, listennummer, numer akt",
    "full_name": "піб, п і б, фио, ф и о, прізвище ім я по батькові, прізвище ім я та по батькові, фамилия имя отчество, full name, name, fullname, imię i nazwisko, nazwisko i imię, vollständiger name, nom complet, nom et prénom, person, особа, військовослужбовець, военнослужащий, пленный, полонений, full",
    "surname": "прізвище, фамилия, фамілія, surname, last name, family name, lastname, nazwisko, nachname, familienname, nom, nom de famille",
    "given": "ім я, имя, імя, given, given name, first name, firstname, first names, imię, vorname, prénom",
    "patronymic": "по батькові, побатькові, отчество, patronymic, middle name, otchestvo, imię ojca patronimik, vatersname, patronyme",
    "born": "дата народження, дата рождения, д н, д р, дн, др, рік народження, год рождения, г р, р н, date of birth, dob, birth date, birthdate, born, year of birth, yob, birthday, вік, возраст, age, народився, родился, data urodzenia, rok urodzenia, wiek, geburtsdatum, geburtsjahr, geboren, alter, date de naissance, né le, âge, дата нар, дата рожд",
    "birthplace": "місце народження, место рождения, place of birth, birthplace, birth place, born in, miejsce urodzenia, geburtsort, lieu de naissance, звідки родом, уродженець, уроженец, родом",
    "unit": "військова частина, войсковая часть, в ч, вч, частина, часть, підрозділ, подразделение, unit, military unit, brigade, бригада, jednostka, jednostka wojskowa, oddział, einheit, truppenteil, unité",
    "rank": "звання, військове звання, звание, воинское звание, rank, stopień, stopień wojskowy, dienstgrad, rang, grade",
    "service_number": "особистий номер, личный номер, жетон, номер жетона, service number, service no, personal number, army number, numer osobisty, numer służbowy, dienstnummer, personenkennziffer, erkennungsmarke, matricule, numéro matricule, військовий квиток, военный билет",
    "father": "батько, ім я батька, отец, имя отца, father, father s name, fathers name, father name, father first name, imię ojca, name des vaters, vater, nom du père, prénom du père, père",
    "mother_maiden": "дівоче прізвище матері, девичья фамилия матери, mother s maiden name, mothers maiden name, mother maiden, nazwisko panieńskie matki, mädchenname der mutter, geburtsname der mutter, nom de jeune fille de la mère",
    "sex": "стать, пол, sex, gender, płeć, geschlecht, sexe",
    "status": "статус, стан, состояние, status, state, доля, судьба, fate, положення, los, schicksal, statut, sort",
    "status_on": "дата статусу, дата статуса, дата події, дата события, status date, event date, станом на, as of, date",
    "place": "місце перебування, место нахождения, местонахождение, місцезнаходження, location, held at, place, місце утримання, место содержания, miejsce pobytu, aufenthaltsort, lieu",
    "camp": "табір, лагерь, camp, obóz, lager, установа, учреждение, facility, ізолятор, сізо, сизо, госпіталь, госпиталь, шпиталь, hospital, szpital",
    "captured_on": "дата полону, дата взяття в полон, дата пленения, дата взятия в плен, captured on, date of capture, capture date, data pojmania, data wzięcia do niewoli, datum der gefangennahme, gefangennahme, date de capture, взято, взят, дата захоплення",
    "captured_at": "місце полону, місце взяття в полон, место пленения, место взятия в плен, captured at, place of capture, miejsce pojmania, ort der gefangennahme, lieu de capture",
    "deceased_on": "дата смерті, дата загибелі, дата смерти, дата гибели, date of death, death date, died on, data śmierci, todesdatum, sterbedatum, date de décès",
    "health": "здоров я, здоровье, стан здоров я, состояние здоровья, health, condition, medical, diagnosis, діагноз, диагноз, поранення, ранение, stan zdrowia, zdrowie, gesundheit, gesundheitszustand, santé, état de santé",
    "power": "держава, держава за якою рахується, государство, power, country, країна, страна, państwo, staat, pays, армія, армия, army, громадянство, гражданство",
    "next_of_kin": "родич, родичі, найближчі родичі, родственники, ближайшие родственники, next of kin, relatives, person to be informed, кого повідомити, rodzina, angehörige, proches",
    "address": "адреса, адрес, address, місце проживання, место жительства, home address, adres, adresse, anschrift, wohnort",
    "aliases": "позивний, позывной, прізвисько, прозвище, call sign, callsign, alias, aliases, nickname, aka, інші написання, other names, pseudonim, deckname, rufname, surnom",
    "remarks": "примітка, примітки, примечание, примечания, remarks, remark, notes, note, comment, comments, коментар, комментарий, додатково, дополнительно, uwagi, bemerkung, bemerkungen, anmerkung, remarques",
    "enquirer_name": "заявник, заявниця, заявитель, піб заявника, фио заявителя, enquirer, inquirer, applicant, requester, enquirer name, контактна особа, контактное лицо, contact, wnioskodawca, antragsteller, anfragende person, demandeur, хто шукає, кто ищет",
    "enquirer_relation": "ким доводиться, спорідненість, родинний зв язок, кем приходится, родство, степень родства, relation, relationship, kinship, pokrewieństwo, stopień pokrewieństwa, verwandtschaft, lien de parenté, parenté, лінк",
    "enquirer_phone": "телефон, тел, номер телефону, номер телефона, phone, telephone, tel, mobile, telefon, handy, téléphone, моб",
    "enquirer_email": "пошта, електронна пошта, email, e mail, эл почта, электронная почта, почта, mail, імейл, courriel",
    "enquirer_telegram": "telegram, телеграм, telegram handle",
    "enquirer_address": "адреса заявника, адрес заявителя, enquirer address, applicant address, adres wnioskodawcy",
    "enquirer_language": "мова, язык, language, język, sprache, langue",
    "last_news_on": "дата останньої звістки, дата зникнення, дата последнего контакта, дата пропажи, зник, пропал, last news on, last contact, date of last contact, last seen, last seen on, missing since, date missing, ostatni kontakt, data zaginięcia, letzter kontakt, vermisst seit, dernier contact, останній зв язок, последняя связь",
    "last_news": "остання звістка, обставини, обставини зникнення, последнее известие, обстоятельства, last news, circumstances, okoliczności, umstände, letzte nachricht, dernières nouvelles, circonstances, місце зникнення, место пропажи",
    "marks": "прикмети, особливі прикмети, приметы, особые приметы, distinguishing marks, marks, tattoos, татуювання, татуировки, znaki szczególne, besondere kennzeichen, merkmale, signes particuliers",
    "sightings": "відео, видео, video, посилання, ссылка, link, links, sighting, sightings, джерело фото, url, wideo, vidéo",
}  # fmt: skip
# Columns that only count the rows: never an identity, for the next list counts anew.
_COUNTERS = frozenset(("", "№", "n", "no", "nr", "№ п п", "n п п", "п п", "№ з п", "з п", "nn", "lp", "l p", "lfd nr", "#", "номер", "№№", "num", "№ пп", "№ зп", "row"))  # fmt: skip


def fold_header(cell: str) -> str:
    """A header for comparison: small letters, signs as blanks, no marks of emphasis."""
    text = unicodedata.normalize("NFC", cell).casefold()
    text = re.sub(r"\([^)]*\)", " ", text)
    return " ".join(re.sub(r"[^\w№#]+|_", " ", text).split())


_WORDS: dict[str, str] = {}
for _field, _line in KNOWN_FIELDS.items():
    for _word in _line.split(","):
        _WORDS.setdefault(fold_header(_word), _field)
    _WORDS.setdefault(fold_header(_field), _field)


def field_of_header(cell: str) -> str:
    """The field a header names, or "": by the whole header, else by the longest known expression in it."""
    folded = fold_header(cell)
    if not folded or len(folded) > 80 or folded in _COUNTERS:
        return ""
    if folded in _WORDS:
        return _WORDS[folded]
    # Only expressions of four letters and more may be found inside a longer header.
    padded = f" {folded} "
    found = [word for word in _WORDS if len(word) >= 4 and f" {word} " in padded]
    return _WORDS[max(found, key=len)] if found else ""


# --- where the header is ----------------------------------------------------------------------------------------------


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells if cell.strip()]


def _has_facts(cell: str) -> bool:
    return any(letter.isdigit() for letter in cell)


def find_header(preview: Sequence[RawRow]) -> int:
    """The number of the row that holds the header, within the first ten filled ones; 0 when there is none."""
    candidates = [row for row in preview if _filled(row.cells)][:HEADER_DEPTH]
    if not candidates:
        return 0
    best, best_score = 0, 0.0
    for row in candidates:
        cells = _filled(row.cells)
        known = len({field for cell in cells if (field := field_of_header(cell))})
        # A sentence above the table ("List of the hospital ...") may contain a known word, but is one cell.
        score = known * known / len(cells) if len(cells) > 1 else 0.0
        if any(_has_facts(cell) and len(cell) > 5 for cell in cells):
            score *= 0.4
        if known >= 2 and score > best_score:
            best, best_score = row.number, score
    if best:
        return best
    # Words in no language we know: a header differs from the rows below it by having no digits, no repetition
    # and about as many cells, where the columns below do hold digits.
    widths = sorted(len(_filled(row.cells)) for row in preview if _filled(row.cells))
    usual = widths[len(widths) // 2]
    for position, row in enumerate(candidates):
        cells = _filled(row.cells)
        if len(cells) < max(2, usual - 1) or any(_has_facts(cell) for cell in cells) or len(set(cells)) != len(cells):
            continue
        below = [later for later in preview if later.number > row.number and _filled(later.cells)][:20]
        if len(below) < 2 or (position and len(_filled(candidates[position - 1].cells)) >= usual):
            continue
        digits = [
            sum(_has_facts(later.cells[index]) for later in below if index < len(later.cells)) / len(below)
            for index in range(len(row.cells))
        ]
        if any(share > 0.6 for share in digits):
            names_of_people = sum(looks_like_surname(cell) or looks_like_patronymic(cell) for cell in cells)
            # The first of two people without a date is a row, not a header.
            if names_of_people < 2:
                return row.number
        break
    return 0


# --- what each column is ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guess:
    """The guessed meaning of one column and where the guess comes from: "header", "cells" or "" for none."""

    field: str
    by: str


def _share(cells: Sequence[str], test: Iterable[bool]) -> float:
    return sum(test) / len(cells) if cells else 0.0


def _by_cells(columns: list[list[str]], taken: set[str], open_columns: list[int], this_year: int) -> dict[int, str]:
    """Fields of columns whose header says nothing, from what stands in them."""
    found: dict[int, str] = {}

    def claim(index: int, field: str) -> None:
        if field not in taken:
            found[index] = field
            taken.add(field)

    dates: list[tuple[int, int]] = []
    surnames: list[tuple[float, int]] = []
    plain_names: list[int] = []
    for index in open_columns:
        cells = columns[index]
        if len(cells) < 2 and len(columns[0]) > 2:
            continue
        if not cells:
            continue
        years = []
        for cell in cells:
            value, doubt = read_date(cell, this_year=this_year)
            if isinstance(value, FoundDate) and value.iso and (doubt != "serial_date" or cell.isdigit()):
                plain_number = cell.isdigit() and len(cell) == 5
                if not plain_number:
                    years.append(int(value.iso.lstrip("~")[:4]))
        if len(years) >= 0.7 * len(cells):
            dates.append((sorted(years)[len(years) // 2], index))
            continue
        if _share(cells, (bool(re.fullmatch(r"[А-ЯA-ZІЇЄҐ]?-?\d{4,5}", cell)) for cell in cells)) > 0.8:
            numbers = [int(cell) for cell in cells if cell.isdigit()]
            if numbers != sorted(numbers) or len(numbers) < 3:
                claim(index, "unit")
            continue
        if _share(cells, (bool(re.search(r"(?i)в/ч|військова частина|войсковая часть|бригад|батальйон|батальон|\bополк|\bпсп\b|\bбр\b", cell)) for cell in cells)) > 0.5:  # fmt: skip
            claim(index, "unit")
            continue
        if _share(cells, (bool(re.fullmatch(r"\+?[\d ()\-]{9,18}", cell)) for cell in cells)) > 0.7:
            claim(index, "enquirer_phone")
            continue
        if _share(cells, (bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", cell)) for cell in cells)) > 0.7:
            claim(index, "enquirer_email")
            continue
        if _share(cells, (cell.casefold().strip(".") in SEXES for cell in cells)) > 0.9:
            claim(index, "sex")
            continue
        words = [cell.split() for cell in cells]
        letters = _share(cells, (all(part.replace("-", "").replace("'", "").replace("’", "").replace(".", "").isalpha() for part in row) for row in words))  # fmt: skip
        if letters < 0.8:
            continue
        low = [cell.casefold() for cell in cells]
        for table, field in ((RANKS, "rank"), (STATUSES, "status"), (HEALTH, "health")):
            known = _share(low, (any(cell.startswith(word) for word in table if len(word) > 3) for cell in low))
            if known > 0.7 and len(set(low)) <= max(6, len(low) * 0.7):
                claim(index, field)
                break
        if index in found:
            continue
        three = _share(cells, (len(row) in (2, 3, 4) for row in words))
        fathers = _share(cells, (any(looks_like_patronymic(part) for part in row[1:]) for row in words if row))
        if three > 0.8 and (fathers > 0.4 or _share(cells, (any(looks_like_surname(part) for part in row) for row in words)) > 0.6):  # fmt: skip
            claim(index, "full_name")
            continue
        single = _share(cells, (len(row) == 1 for row in words))
        if single > 0.8:
            if _share(cells, (looks_like_patronymic(cell) for cell in cells)) > 0.6:
                claim(index, "patronymic")
            elif (share := _share(cells, (looks_like_surname(cell) for cell in cells))) > 0.5:
                surnames.append((share, index))
            else:
                plain_names.append(index)
    if surnames:
        best = max(surnames)[1]
        claim(best, "surname")
        plain_names.extend(index for _score, index in surnames if index != best and index == best + 1)
    if "surname" in taken and "given" not in taken and plain_names:
        surname_at = next((index for index, field in found.items() if field == "surname"), -1)
        nearest = min(plain_names, key=lambda index: (abs(index - surname_at), index))
        if surname_at < 0 or abs(nearest - surname_at) <= 2:
            claim(nearest, "given")
    for year, index in sorted(dates):
        if year <= this_year - 15:
            claim(index, "born")
        else:
            claim(index, "status_on")
    return found


def guess_columns(
    preview: Sequence[RawRow], header_row: int, known_fields: Iterable[str], *, this_year: int
) -> list[Guess]:
    """One guess per column. Each field is given once; the earlier column keeps it."""
    allowed = set(known_fields)
    below = [row for row in preview if row.number > header_row and _filled(row.cells)]
    header = next((row.cells for row in preview if row.number == header_row), []) if header_row else []
    width = max([len(header), *(len(row.cells) for row in below)], default=0)
    guesses = [Guess("", "")] * width
    taken: set[str] = set()
    exact = [fold_header(cell) in _WORDS for cell in header]
    for index in sorted(range(len(header)), key=lambda index: (not exact[index], index)):
        field = field_of_header(header[index])
        if field == "camp" and "camp" not in allowed:
            field = "place"
        if field == "address" and "address" not in allowed:
            field = "enquirer_address"
        if field and field in allowed and field not in taken:
            guesses[index] = Guess(field, "header")
            taken.add(field)
    # "Name" beside "Surname" is the given name; alone it is the whole name.
    if "surname" in taken and "full_name" in taken and "given" not in taken and "given" in allowed:
        index = next(at for at, guess in enumerate(guesses) if guess.field == "full_name")
        guesses[index] = Guess("given", "header")
        taken.add("given")
    columns = [
        [cell for row in below if index < len(row.cells) and (cell := tidy(row.cells[index]))] for index in range(width)
    ]
    said = {index for index, cell in enumerate(header) if fold_header(cell) in _COUNTERS and cell.strip()}
    open_columns = [index for index, guess in enumerate(guesses) if not guess.field and index not in said]
    # Columns with a header of known language that names no field of ours stay out; unknown words are looked into.
    unavailable = {field for field in KNOWN_FIELDS if field not in allowed}
    if columns:
        by_cells = _by_cells(columns, taken | unavailable, open_columns, this_year)
        if "full_name" in taken or {"surname", "given"} <= taken:
            by_cells = {i: f for i, f in by_cells.items() if f not in ("surname", "given", "full_name")}
        for index, field in by_cells.items():
            guesses[index] = Guess(field, "cells")
    return guesses


def person_likeness(preview: Sequence[RawRow], *, this_year: int) -> float:
    """How much a sheet looks like a list of people; chooses the sheet that is shown first."""
    header = find_header(preview)
    guesses = guess_columns(preview, header, KNOWN_FIELDS, this_year=this_year)
    fields = {guess.field for guess in guesses}
    score = 0.0
    if "full_name" in fields or "surname" in fields:
        score += 3
    score += len(fields & {"born", "given", "patronymic", "unit", "rank", "status"})
    return score


def header_signature(header: Sequence[str], width: int) -> str:
    """Under this the mapping of a source is remembered; without a header the width alone tells forms apart."""
    words = [fold_header(cell) for cell in header]
    while words and not words[-1]:
        words.pop()
    told = "|".join(words) if words else f"width {width}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]
