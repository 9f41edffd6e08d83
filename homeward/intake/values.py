# ruff: noqa: E501, SIM905 - the tables of words are read line by line
"""Reads cells as typed values. What is not understood for certain keeps its text and carries a doubt."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from homeward.intake.target import Doubt, Kind


class FoundDate(NamedTuple):
    """A date as far as it is known: `iso` is "1990-05-28", "1990-05", "1990", "~1985", or "" when it is doubtful."""

    iso: str
    text: str


class Coded(NamedTuple):
    """A word of a closed set: `code` is ours, or "" when the word is not known; `text` is what was written."""

    code: str
    text: str


Value = str | FoundDate | Coded
Parsed = tuple[Value | None, str]  # the value, and the code of a doubt or ""

DOUBTS: dict[str, str | Promise] = {
    "no_such_day": gettext_lazy("There is no such day in the calendar; kept as written."),
    "date_unclear": gettext_lazy("Not understood as a date; kept as written."),
    "day_or_month": gettext_lazy("Day and month may be the other way round; read as day.month."),
    "two_digit_year": gettext_lazy("The century of the year is a guess."),
    "from_age": gettext_lazy("A year of birth reckoned from an age."),
    "serial_date": gettext_lazy("A day number of a spreadsheet, read as a date."),
    "date_out_of_range": gettext_lazy("The year can hardly be right; kept as written."),
    "approximate": gettext_lazy("An approximate year."),
    "name_order": gettext_lazy("It is not plain which word is the surname."),
    "name_has_digits": gettext_lazy("The name contains digits or signs."),
    "name_mixed_script": gettext_lazy("A word mixes Latin and Cyrillic letters."),
    "initials": gettext_lazy("Only initials are given."),
    "word_unknown": gettext_lazy("The word is not known here; kept as written."),
    "unit_unclear": gettext_lazy("Not understood as the number of a unit; kept as written."),
    "row_short": gettext_lazy("The row has fewer cells than the table has columns."),
}


def doubt_sentence(code: str) -> str:
    """A doubt in words."""
    return str(DOUBTS[code])


# --- texts ------------------------------------------------------------------------------------------------------------

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f]")
# What clerks write when there is nothing to write.
_NOTHING = frozenset(("-", "--", "---", "—", "–", "?", "??", "???", ".", "/", "n/a", "none", "null", "nan", "н/д", "н.д.", "нет", "немає", "невідомо", "неизвестно", "unknown", "б/д", "nb", "х", "x"))  # fmt: skip


def tidy(cell: str) -> str:
    """The cell without invisible signs and needless blanks, letters composed; "" for a dash and the like."""
    text = cell.strip()
    if not text:
        return ""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if _INVISIBLE.search(text):
            text = _INVISIBLE.sub("", text)
    if "  " in text or "\n" in text or "\t" in text or "\xa0" in text or "\r" in text:
        text = " ".join(text.split())
    return "" if len(text) <= 11 and text.casefold() in _NOTHING else text.strip()


# --- dates ------------------------------------------------------------------------------------------------------------

_MONTH_WORDS = {
    1: "січ янв jan sty jän",
    2: "лют фев feb lut fév fev",
    3: "бер мар mar мрт mär",
    4: "кві апр apr kwi avr",
    5: "тра май мая may maj mai",
    6: "чер июн июнь jun cze juin",
    7: "лип июл jul lip juil",
    8: "сер авг aug sie aoû aou",
    9: "вер сен sep wrz",
    10: "жов окт oct paź paz okt",
    11: "лис ноя nov lis",
    12: "гру дек dec gru dez déc",
}
_MONTHS = {start: month for month, words in _MONTH_WORDS.items() for start in words.split()}
_ROMAN = dict(zip("i ii iii iv v vi vii viii ix x xi xii".split(), range(1, 13), strict=True))

_ISO = re.compile(r"^(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[ T].*)?$")
_DMY = re.compile(
    r"^(\d{1,2})(?:\s*[-./,]\s*|\s+)(\d{1,2}|[ivx]{1,4})(?:\s*[-./,]\s*|\s+)(\d{4}|\d{2})"
    r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?$"
)
_MONTH_YEAR = re.compile(r"^(\d{1,2})[-./](\d{4})$")
_YEAR_MONTH = re.compile(r"^(\d{4})-(\d{2})$")
_YEAR = re.compile(r"^(\d{4})$")
_SERIAL = re.compile(r"^\d{5}(?:\.0)?$")  # four digits are a year, or a mistake
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_WORDED = re.compile(
    r"^(?:(\d{1,2})(?:st|nd|rd|th|-?го|\.)?(?:\s+|\s*[-/]\s*))?([^\W\d_]{3,12})\.?,?(?:\s*[-/]\s*|\s*)(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})$"
)
_RANGE = re.compile(r"^(\d{4})\s*[-–—/]\s*(\d{4}|\d{2})$")
_TAIL = re.compile(r"\s*(?:г\.?\s?р\.?|р\.?\s?н\.?|г\.?\s?рожд\.?|года?|года рождения|року(?: народження)?|рік|год|г\.?|р\.?|r\.?|roku)$")  # fmt: skip
_HEAD = re.compile(
    r"^(?:(?:[a-zа-яіїєґ]{2,10},?\s+)?(?:born|нар\.?|род\.?|ur\.?|geb\.?|d\.?n\.?|né)\s+)", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^(?:~|≈|±|близько|бл\.?|приблизно|прибл\.?|орієнтовно|около|ок\.?|примерно|прим\.?|приблизительно|circa|ca?\.|about|abt\.?|approx\.?|"
    r"około|ok\.|etwa|um|environ|vers)\s*",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"^(?:вік|возраст|age|aged|wiek|alter|âge)?\s*:?\s*(\d{1,2})\s*(?:років|рок(?:и|ів)|рік|р\.|лет|года?|г\.|years?(?: old)?|y\.?o\.?|yrs?|lat|jahre|ans)\.?$",
    re.IGNORECASE,
)
_EPOCH = datetime.date(1899, 12, 30)


def _day(year: int, month: int, day: int, text: str, doubt: str = "") -> Parsed:
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        return FoundDate("", text), "no_such_day"
    if not 1900 <= year <= 2100:
        return FoundDate("", text), "date_out_of_range"
    return FoundDate(found.isoformat(), text), doubt


def _full_year(two: str, this_year: int) -> int:
    year = int(two) + this_year // 100 * 100
    return year - 100 if year > this_year else year


def read_date(text: str, *, this_year: int, birth: bool = False) -> Parsed:
    """A date in any of the forms lists use; with `birth` an age counts too, and a future year does not."""
    value, doubt = _read_date(text, this_year, birth)
    if birth and isinstance(value, FoundDate) and value.iso and not doubt.startswith("date_"):
        year = int(value.iso.lstrip("~")[:4])
        if not 1900 <= year <= this_year - 10:
            return FoundDate("", text), "date_out_of_range"
    return value, doubt


def _read_date(text: str, this_year: int, birth: bool) -> Parsed:
    if found := _ISO.match(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    low = text.lower().strip()
    if found := _DMY.match(low):
        return _day_month_year(found[1], found[2], found[3], text, this_year)
    if _YEAR.match(low) and 1900 <= int(low) <= 2100:
        return FoundDate(low, text), ""
    about = False
    while found := _ABOUT.match(low):
        about, low = True, low[found.end() :].strip()
    if low.endswith(("?", "(?)")):
        about, low = True, low.rstrip("?() ").strip()
    if low.startswith("("):
        low = low.strip("() ")
    if birth and (found := _AGE.match(low)):
        return FoundDate(f"~{this_year - int(found[1])}", text), "from_age"
    low = _HEAD.sub("", low)
    low = _TAIL.sub("", low).strip(" .,")
    if _YEAR.match(low):
        if not 1900 <= int(low) <= 2100:
            if _SERIAL.match(low) and not about:
                return _serial(low, text)
            return FoundDate("", text), "date_out_of_range"
        return (FoundDate("~" + low, text), "approximate") if about else (FoundDate(low, text), "")
    if about and birth and low.isdigit() and len(low) == 2 and int(low) >= 16:
        return FoundDate(f"~{this_year - int(low)}", text), "from_age"
    read: Parsed = (FoundDate("", text), "date_unclear")
    if found := _ISO.match(low):
        read = _day(int(found[1]), int(found[2]), int(found[3]), text)
    elif found := _DMY.match(low):
        read = _day_month_year(found[1], found[2], found[3], text, this_year)
    elif (found := _MONTH_YEAR.match(low)) and 1 <= int(found[1]) <= 12:
        read = FoundDate(f"{found[2]}-{int(found[1]):02d}", text), ""
    elif (found := _YEAR_MONTH.match(low)) and 1 <= int(found[2]) <= 12:
        read = FoundDate(low, text), ""
    elif found := _WORDED.match(low):
        month = _MONTHS.get(found[2][:4]) or _MONTHS.get(found[2][:3])
        day = found[1] or found[3]
        if month and day:
            read = _day(int(found[4]), month, int(day), text)
        elif month:
            read = FoundDate(f"{found[4]}-{month:02d}", text), ""
    elif found := _RANGE.match(low):
        first = int(found[1])
        last = int(found[2]) if len(found[2]) == 4 else first // 100 * 100 + int(found[2])
        if 1900 <= first <= last <= first + 10:
            read = FoundDate(f"~{(first + last) // 2}", text), "approximate"
    elif found := _COMPACT.match(low):
        read = _day(int(found[1]), int(found[2]), int(found[3]), text)
    elif _SERIAL.match(low):
        read = _serial(low, text)
    if about and isinstance(read[0], FoundDate) and read[0].iso:
        return FoundDate("~" + read[0].iso.lstrip("~")[:4], text), "approximate"
    return read


def _day_month_year(day: str, month: str, year: str, text: str, this_year: int) -> Parsed:
    doubt = ""
    full = int(year)
    if len(year) == 2:
        full, doubt = _full_year(year, this_year), "two_digit_year"
    number = _ROMAN.get(month) or (int(month) if month.isdigit() else 0)
    if number > 12 and int(day) <= 12:
        # 05/28/1990 can only be the American order.
        return _day(full, int(day), number, text, doubt)
    if "/" in text and int(day) <= 12 and number <= 12 and int(day) != number and len(year) == 4:
        doubt = "day_or_month"
    return _day(full, number, int(day), text, doubt)


def _serial(low: str, text: str) -> Parsed:
    number = int(float(low))
    if not 1_000 <= number <= 60_000:
        return FoundDate("", text), "date_unclear"
    return FoundDate((_EPOCH + datetime.timedelta(days=number)).isoformat(), text), "serial_date"


# --- words of closed sets ---------------------------------------------------------------------------------------------


def _table(words: Mapping[str, str]) -> dict[str, str]:
    return {word.strip(): code for code, line in words.items() for word in line.split(",")}


# Whole words or their beginnings; the longest that fits counts.
STATUSES = _table(
    {
        "in_hospital": "hospital, in hospital, hospitali, шпиталь, госпіталь, госпитал, лікарн, больниц, в госпитале, у шпиталі, szpital, lazarett, hôpital, лікуванн, лечени, поранен, ранен, wounded, ranny, verwundet, blessé",
        "deceased": "deceased, dead, died, killed, kia, загинув, загибл, помер, убит, вбит, погиб, умер, скончал, двохсот, 200, zmarł, poległ, zginął, gestorben, verstorben, gefallen, tot, décédé, mort, тіло, тело, останки, похован, похорон",
        "transferred": "transferred, moved, переведен, переведён, переміщен, перемещ, этапирован, етапован, направлен, przeniesion, verlegt, transféré",
        "escaped": "escaped, втік, втеча, сбежал, бежал, побег, uciekł, entflohen, geflohen, évadé",
        "released": "released, звільнен, освобожд, освобожден, освобождён, обмін, обмен, exchanged, zwolnion, freigelassen, entlassen, libéré",
        "repatriated": "repatriated, репатрійован, репатриирован, повернут, повернувся, возвращен, возвращён, вернулся, repatriowan, repatriiert, rapatrié",
        "in_custody": "in custody, custody, captured, captive, prisoner, pow, held, detained, полон, полонен, в полоні, військовополонен, взят, плен, пленён, пленен, в плену, военноплен, пленный, утримує, содерж, в лагере, у таборі, camp, jeniec, w niewoli, gefangen, kriegsgefangen, prisonnier, capturé, живий, жив, alive",
    }
)  # fmt: skip
HEALTH = _table(
    {
        "good": "good, healthy, здоров, добре, хорош, удовл, задовільн, dobry, gut, bon",
        "not_wounded": "not wounded, unwounded, не поранен, не ранен, без поранень, без ранений",
        "recovered": "recovered, одужав, видужав, выздоров, genesen, guéri",
        "convalescent": "convalescent, одужує, видужує, выздоравлив, rekonwalescent",
        "seriously_wounded": "seriously wounded, severe, тяжк, важк, тяжел, тяжёл, ciężk, schwer, grave",
        "slightly_wounded": "slightly wounded, wounded, легк, лёгк, поранен, ранен, lekk, leicht, léger, blessé, ranny, verwundet",
        "sick": "sick, ill, хвор, болен, больн, chory, krank, malade",
    }
)  # fmt: skip
RANKS = _table(
    {
        "private": "private, soldier, солдат, рядовий, рядовой, ряд., szeregow, soldat, матрос, sailor",
        "senior_private": "senior soldier, lance corporal, старший солдат, ст. солдат, ст.солдат, ефрейтор, єфрейтор, gefreiter, caporal, starszy szeregowy, старший матрос",
        "junior_sergeant": "junior sergeant, corporal, молодший сержант, мол. сержант, мол.сержант, мл. сержант, мл.сержант, младший сержант, kapral, unteroffizier",
        "sergeant": "sergeant, сержант, sierżant, sergent, feldwebel, старшина 2 статт",
        "senior_sergeant": "senior sergeant, staff sergeant, старший сержант, ст. сержант, ст.сержант, головний сержант, гол. сержант, штаб-сержант, майстер-сержант, старшина 1 статт",
        "sergeant_major": "sergeant major, старшина, гол. старшина",
        "warrant_officer": "warrant officer, прапорщик, мічман, мичман, chorąży, старший прапорщик, ст. прапорщик",
        "junior_lieutenant": "junior lieutenant, second lieutenant, молодший лейтенант, мол. лейтенант, мл. лейтенант, младший лейтенант, podporucznik",
        "lieutenant": "lieutenant, лейтенант, porucznik, leutnant",
        "senior_lieutenant": "senior lieutenant, first lieutenant, старший лейтенант, ст. лейтенант, ст.лейтенант, oberleutnant",
        "captain": "captain, капітан, капитан, kapitan, hauptmann, capitaine",
        "major": "major, майор, commandant",
        "lieutenant_colonel": "lieutenant colonel, підполковник, подполковник, podpułkownik, oberstleutnant",
        "colonel": "colonel, полковник, pułkownik, oberst",
        "general": "general, генерал, generał, général",
    }
)  # fmt: skip
SEXES = {
    **dict.fromkeys("m male man ч чол чоловік чоловіча м муж мужской мужчина mężczyzna męska mann männlich homme h".split(), "male"),
    **dict.fromkeys("f female woman ж жін жінка жіноча жен женский женщина k kobieta żeńska w weiblich frau femme".split(), "female"),
}  # fmt: skip
YES_NO = {
    **dict.fromkeys("yes y true 1 + так т да д tak ja oui v".split(), "yes"),
    **dict.fromkeys("no n false 0 - ні н нет nie nein non".split(), "no"),
}
RELATIONS = _table(
    {
        "mother": "mother, mom, mum, мати, мама, мать, матір, matka, mutter, mère",
        "father": "father, dad, батько, тато, отец, папа, ojciec, vater, père",
        "wife": "wife, дружина, жена, żona, ehefrau, frau, épouse, femme, partner, партнер",
        "husband": "husband, чоловік, муж, mąż, ehemann, mari",
        "sister": "sister, сестра, siostra, schwester, sœur, soeur",
        "brother": "brother, брат, brat, bruder, frère",
        "daughter": "daughter, дочка, донька, дочь, córka, tochter, fille",
        "son": "son, син, сын, syn, sohn, fils",
        "friend": "friend, друг, подруга, przyjaci, freund, ami",
        "comrade": "comrade, fellow soldier, побратим, сослуживец, товариш, kamerad, camarade",
        "other_relative": "relative, aunt, uncle, cousin, grand, родич, тітка, дядько, бабуся, дідусь, онук, племін, тётя, тетя, дядя, бабушка, дедушка, внук, родственник, ciotka, wujek, babcia, dziadek, tante, onkel, oma, opa, oncle",
    }
)  # fmt: skip
_TABLES = {Kind.STATUS: STATUSES, Kind.HEALTH: HEALTH, Kind.RANK: RANKS, Kind.RELATION: RELATIONS}


def read_word(text: str, kind: Kind) -> Parsed:
    """A word of a closed set, by the longest known beginning of the text, else of one of its words."""
    low = text.casefold().strip(" .")
    if kind is Kind.SEX or kind is Kind.YES_NO:
        code = (SEXES if kind is Kind.SEX else YES_NO).get(low, "")
        return Coded(code, text), "" if code else "word_unknown"
    table = _TABLES[kind]
    code = table.get(low, "")
    if code:
        return Coded(code, text), ""
    words = low.replace(",", " ").replace("(", " ").split()
    negated = any(word in ("не", "not", "nie", "nicht", "pas", "no") for word in words)
    found = {}
    for start in range(min(len(words), 8)):
        rest = " ".join(words[start:])
        hits = [word for word in table if len(word) > 2 and rest.startswith(word)]
        if hits:
            best = max(hits, key=len)
            found[best] = table[best]
    if not found:
        return Coded("", text), "word_unknown"
    codes = set(found.values())
    if kind is Kind.HEALTH and "not_wounded" in codes:
        codes = {"not_wounded"}
    elif codes == {"seriously_wounded", "slightly_wounded"}:
        codes = {"seriously_wounded"}  # "seriously wounded": the bare word alone is the lighter one
    elif negated:
        codes = set()
    if len(codes) != 1:
        # "Not in hospital", "captured, died in hospital": a person has to read it.
        return Coded("", text), "word_unknown"
    return Coded(codes.pop(), text), ""


# --- units and names --------------------------------------------------------------------------------------------------

_UNIT_WORDS = re.compile(
    r"^(?:військова\s+частина|войсковая\s+часть|в\s*/\s*ч|вч|в\.ч\.|military\s+unit|m/?u|unit|jw|einheit|unité)\.?\s*(?:№|n[o°]?\.?|nr\.?)?\s*",
    re.IGNORECASE,
)
_NAME_SIGNS = re.compile(r"[\d<>{}\[\]=_#$%^&*+|\\/@:;!]")
_PATRONYMIC = re.compile(
    r"(?:ович|евич|йович|ьович|івич|ич|івна|ївна|овна|евна|ична|инична|оглы|огли|оглу|кызы|кизи|"
    r"ovych|ovich|owicz|ovič|evych|evich|iovych|yovych|iyovych|jovyč|ovitch|evitch|owitsch|ewitsch|ivna|ovna|evna|yich|ich|ych|oglu|ogly)$",
    re.IGNORECASE,
)  # fmt: skip
_SURNAME = re.compile(
    r"(?:енко|єнко|ко|чук|щук|юк|ук|ський|цький|зький|ский|цкий|ська|цька|ская|цкая|ов|ев|єв|ёв|ова|ева|єва|ін|їн|ин|ина|іна|ієв|"
    r"ак|як|ик|ий|ой|ець|ець|дзе|швілі|швили|ян|янц|ишин|ишин|ів|"
    r"enko|chuk|czuk|tschuk|iuk|yuk|uk|skyi|skyy|skiy|skij|sky|ski|ska|cki|ckyi|tsky|ov|ev|ova|eva|iev|yn|in|ina|ak|yk|iak|yan|dze|shvili|iv)$",
    re.IGNORECASE,
)  # fmt: skip
_INITIALS = re.compile(r"^(?:[^\W\d_]{1,2}\.\s*){1,2}$|^[^\W\d_]$")
_MIXED = re.compile(r"[A-Za-z][А-Яа-яЁёІіЇїЄєҐґ]|[А-Яа-яЁёІіЇїЄєҐґ][A-Za-z]")


def looks_like_patronymic(word: str) -> bool:
    """Whether the word is formed from a father's name; some surnames are too, so this alone proves nothing."""
    return len(word) > 4 and bool(_PATRONYMIC.search(word))


def looks_like_surname(word: str) -> bool:
    """Whether the word ends as surnames of the region do."""
    return len(word) > 3 and bool(_SURNAME.search(word)) and not (len(word) > 7 and looks_like_patronymic(word))


def read_name(text: str) -> Parsed:
    """One name; it is kept as written even where something about it is odd."""
    if text.isalpha() and (text.isascii() or not _MIXED.search(text)):
        return (text, "initials") if len(text) == 1 else (text, "")
    if _NAME_SIGNS.search(text):
        return text, "name_has_digits"
    if _INITIALS.match(text):
        return text, "initials"
    if _MIXED.search(text):
        return text, "name_mixed_script"
    return text, ""


class SplitName(NamedTuple):
    """An undivided name taken apart; `sure` says whether the order is plain from the forms of the words."""

    surname: str
    given: str
    patronymic: str
    sure: bool


def split_name(text: str) -> SplitName:
    """Surname, given name and patronymic of an undivided name, whatever their order."""
    comma = text.partition(",")
    if comma[1] and comma[2].strip():
        # "Shevchenko, Ivan Petrovych": the comma says which is the surname.
        rest = comma[2].split()
        return SplitName(comma[0].strip(), rest[0], " ".join(rest[1:]), True)
    words = re.sub(r"(?<=\w\.)(?=\w)", " ", text).split()
    if len(words) == 1:
        return SplitName(words[0], "", "", True)
    if len(words) >= 3 and words[-1].casefold() in ("огли", "оглы", "кызы", "кизи", "оглу", "ogly", "oglu"):
        words = [*words[:-2], " ".join(words[-2:])]
    if all(_INITIALS.match(word) for word in words[1:]):
        return SplitName(words[0], words[1], " ".join(words[2:]), True)
    if all(_INITIALS.match(word) for word in words[:-1]):
        return SplitName(words[-1], words[0], " ".join(words[1:-1]), True)
    if len(words) == 2:
        first, second = words
        if looks_like_surname(first) and not looks_like_surname(second):
            return SplitName(first, second, "", True)
        if looks_like_surname(second) and not looks_like_surname(first):
            return SplitName(second, first, "", True)
        return SplitName(first, second, "", False)
    if len(words) == 3:
        fathers = [looks_like_patronymic(word.split()[0]) or " " in word for word in words]
        if fathers == [False, False, True] or fathers == [True, False, True]:
            return SplitName(words[0], words[1], words[2], True)
        if fathers == [False, True, False]:
            return SplitName(words[2], words[0], words[1], True)
        if fathers == [False, True, True]:
            # Petro Ivanovych Vakulovych, or Petro ... : the given name comes first when the last is a surname too.
            return SplitName(words[2], words[0], words[1], False)
        return SplitName(words[0], words[1], words[2], False)
    return SplitName(words[0], words[1], " ".join(words[2:]), False)


# --- one reader per kind ----------------------------------------------------------------------------------------------


def _read_text(text: str) -> Parsed:
    return text, ""


def _read_unit(text: str) -> Parsed:
    if text.isdigit():
        return text, ""
    bare = _UNIT_WORDS.sub("", text).strip(" .,№")
    if not bare:
        return text, "unit_unclear"
    return bare, ""


def _read_number(text: str) -> Parsed:
    return text.removesuffix(".0") if text.endswith(".0") else text, ""


def reader_of(kind: Kind, *, this_year: int) -> Callable[[str], Parsed]:
    """The function that reads tidied cells of this kind; dates and words are remembered, for lists repeat them."""
    if kind in (Kind.DATE, Kind.BIRTH):
        return _remembering(lambda text: read_date(text, this_year=this_year, birth=kind is Kind.BIRTH))
    if kind in (Kind.RANK, Kind.STATUS, Kind.HEALTH, Kind.SEX, Kind.YES_NO, Kind.RELATION):
        return _remembering(lambda text: read_word(text, kind))
    if kind is Kind.NAME:
        return _remembering(read_name)
    if kind is Kind.UNIT:
        return _read_unit
    if kind is Kind.NUMBER:
        return _read_number
    return _read_text


def _remembering(read: Callable[[str], Parsed], most: int = 60_000) -> Callable[[str], Parsed]:
    known: dict[str, Parsed] = {}

    def reader(text: str) -> Parsed:
        found = known.get(text)
        if found is None:
            found = read(text)
            # Cells may be long in a hostile file; only what can repeat is kept.
            if len(known) < most and len(text) < 64:
                known[text] = found
        return found

    return reader


__all__ = ["Coded", "Doubt", "FoundDate", "Value", "doubt_sentence", "read_date", "reader_of", "split_name", "tidy"]
