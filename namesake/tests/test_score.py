"""Pairs a homewarder could read: this pair above that pair, these two never the same person."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from namesake import PartialDate, Person, ReasonCode, compare

R = ReasonCode
HE = Person("Щербач", "Остап", "Иванович", born="1990-05-28", birthplace="Львов", unit="12345")


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        ({"surname": "Chtcherbatch"}, {"surname": "Щербат"}),
        ({"surname": "Shcherbach"}, {"surname": "Щербань"}),
        ({"surname": "Щербачь"}, {"surname": "Горобець"}),
        ({"given": "Остап"}, {"given": "Степан"}),
        ({"patronymic": "Иванович"}, {"patronymic": "И."}),
        ({"patronymic": "И."}, {"patronymic": ""}),
        ({"patronymic": ""}, {"patronymic": "Петрович"}),
        ({"born": "1990-05-28"}, {"born": "1991-05-28"}),
        ({"born": "1991-05-28"}, {"born": "1990"}),
        ({"born": "1990"}, {"born": "~1991"}),
        ({"born": "~1991"}, {"born": ""}),
        ({"born": ""}, {"born": "1975-02-03"}),
        ({"birthplace": "Lviv"}, {"birthplace": "Донецк"}),
        ({"unit": "12345"}, {"unit": "12346"}),
        ({"unit": ""}, {"unit": "98765"}),
    ],
)
def test_the_nearer_description_scores_higher(nearer: dict[str, str], farther: dict[str, str]) -> None:
    assert compare(replace(HE, **nearer), HE).bits > compare(replace(HE, **farther), HE).bits


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (HE, Person("Горобець", "Степан", "Петрович", born="1975-02-03")),
        (
            Person("Иванов", "Сергей", "Петрович", born="1990-01-01"),
            Person("Иванов", "Сергей", "Олегович", born="1971-11-23"),
        ),
    ],
)
def test_these_are_not_one_person(left: Person, right: Person) -> None:
    assert compare(left, right).probability < 0.01


@pytest.mark.parametrize(
    ("left", "right", "trait", "code"),
    [
        (Person("Иванов"), Person("Иванов"), "surname", R.SURNAME_SAME),
        (Person("Иванов"), Person("Ivanov"), "surname", R.SURNAME_ROMANISED),
        (Person("Щербач"), Person("Щербачь"), "surname", R.SURNAME_SAME),
        (Person("Щербач"), Person("Щербат"), "surname", R.SURNAME_CLOSE),
        (Person("Щербач"), Person("Иванов"), "surname", R.SURNAME_DIFFERENT),
        (Person("Иванов", "Саша"), Person("Иванов", "Александр"), "given", R.GIVEN_DIMINUTIVE),
        (Person("Иванов", "Микола"), Person("Иванов", "Николай"), "given", R.GIVEN_EQUIVALENT),
        (Person("Иванов", "Н."), Person("Иванов", "Николай"), "given", R.GIVEN_INITIAL),
        (Person("Иванов", "Н", "П"), Person("Иванов", "Николай", "Петрович"), "patronymic", R.PATRONYMIC_INITIAL),
        (Person("Иванов", patronymic="Петрович"), Person("Иванов", father="Пётр"), "father", R.FATHER_SAME),
        (Person("И", born="1990-05-28"), Person("И", born="28.05.1990"), "born", R.BORN_SAME),
        (Person("И", born="1990-05-08"), Person("И", born="1990-08-05"), "born", R.BORN_DAY_MONTH_SWAPPED),
        (Person("И", born="1990-05-08"), Person("И", born="1991-05-08"), "born", R.BORN_OFF_BY_A_YEAR),
        (Person("И", born="1990-05-08"), Person("И", born="1990"), "born", R.BORN_SAME_YEAR),
        (Person("И", born="~1988"), Person("И", born="1990-02-01"), "born", R.BORN_ABOUT),
        (Person("И", unit="в/ч 12345"), Person("И", unit="12345"), "unit", R.UNIT_SAME),
        (Person("И", unit="12345"), Person("И", unit="12354"), "unit", R.UNIT_ONE_DIGIT),
        (Person("И", unit="А1234"), Person("И", unit="A-1234"), "unit", R.UNIT_SAME),
        (
            Person("И", service_number="ВС 1234567"),
            Person("И", service_number="ВС1234567"),
            "service_number",
            R.SERVICE_NUMBER_SAME,
        ),
        (
            Person("И", mother_maiden="Лебедева"),
            Person("И", mother_maiden="Lebedeva"),
            "mother_maiden",
            R.MOTHER_MAIDEN_SAME,
        ),
        (
            Person("И", birthplace="г. Омск"),
            Person("И", birthplace="Омск, Омская обл."),
            "birthplace",
            R.BIRTHPLACE_SAME,
        ),
    ],
)
def test_the_reason_says_what_was_seen(left: Person, right: Person, trait: str, code: ReasonCode) -> None:
    for a, b in ((left, right), (right, left)):
        found = [evidence for evidence in compare(a, b).evidence if evidence.trait == trait]

        assert [evidence.reason.code for evidence in found] == [code]


def test_a_trait_nobody_gave_is_silent() -> None:
    assert [
        evidence.trait for evidence in compare(Person("Иванов", "Олег"), Person("Иванов", born="1990")).evidence
    ] == ["surname"]


def test_swapped_fields_are_recognised_and_said() -> None:
    comparison = compare(Person("Остап", "Щербач"), HE)

    assert comparison.evidence[0].reason.values["swapped"] == 1
    assert comparison.bits > compare(Person("Остап", ""), HE).bits


names = st.sampled_from(
    ["Иванов", "Ivanov", "Іваненко", "Щербач", "Chtcherbatch", "Петров-Водкин", "Водкин", "Jilin", "Ким", "Ю"]
)
given_names = st.sampled_from(["", "Сергей", "Сергій", "Serge", "Саша", "Александр", "С.", "Ю.", "Юрий"])
middle = st.sampled_from(["", "Иванович", "Ivanovich", "Петрович", "И."])
dates = st.sampled_from(["", "1990-05-08", "1990-08-05", "1990", "~1988", "1991-05-08", "31.02.1990", "05.1990"])
people = st.builds(
    Person, names, given_names, middle, born=dates, birthplace=st.sampled_from(["", "Омск", "Томск", "Omsk"]),
    unit=st.sampled_from(["", "12345", "12354", "1234"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(people, people)
def test_comparing_is_symmetric(a: Person, b: Person) -> None:
    assert compare(a, b).bits == compare(b, a).bits


@settings(max_examples=100, deadline=None)
@given(people, people)
def test_evidence_adds_up(a: Person, b: Person) -> None:
    comparison = compare(a, b)

    assert sum(evidence.bits for evidence in comparison.evidence) == comparison.bits
    assert 0.0 <= comparison.probability <= 1.0


@settings(max_examples=100, deadline=None)
@given(people, people)
def test_more_agreement_never_lowers(a: Person, b: Person) -> None:
    before = compare(a, b).bits
    for trait in ("born", "birthplace", "unit"):
        assert compare(replace(a, **{trait: getattr(b, trait)}), b).bits >= before or not getattr(b, trait)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_text_is_too_strange(a: str, b: str, c: str, d: str) -> None:
    person = Person(a, b, c, born=d, birthplace=a, unit=b, service_number=c, father=d, mother_maiden=a, aliases=(d,))

    compare(person, Person(full=a + " " + b))
    compare(Person(full=d), person)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1990-05-28", PartialDate(1990, 5, 28)),
        ("28.05.1990", PartialDate(1990, 5, 28)),
        ("28/05/90", PartialDate(1990, 5, 28)),
        ("28 мая 1990 г.", PartialDate(1990, 5, 28)),
        ("28 травня 1990", PartialDate(1990, 5, 28)),
        ("May 28, 1990", PartialDate(1990, 5, 28)),
        ("05.1990", PartialDate(1990, 5)),
        ("1990", PartialDate(1990)),
        ("1990 г.р.", PartialDate(1990)),
        ("~1985", PartialDate(1985, spread=3)),
        ("около 1985", PartialDate(1985, spread=3)),
        ("31.02.1990", PartialDate(1990, 2, 31)),
        ("12.25.1990", PartialDate(1990, 12, 25)),
        ("не знаю", PartialDate()),
        ("", PartialDate()),
    ],
)
def test_dates_are_read(text: str, date: PartialDate) -> None:
    assert PartialDate.parse(text) == date


def test_an_age_gives_a_year() -> None:
    assert PartialDate.from_age(30, 2020) == PartialDate(1990, spread=1)
