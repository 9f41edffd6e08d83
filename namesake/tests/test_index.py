"""What the index promises: nobody is lost, whatever the order of changes; what is saved is found again."""

import threading

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from namesake import Index, Person, StaleIndex, compare

CAST = [
    Person("Щербач", "Остап", "Іванович", born="1990-05-28", birthplace="Львів", unit="12345"),
    Person("Иванов", "Сергей", "Петрович", born="1991-05-28", birthplace="Омск"),
    Person("Иванов", "Сергей", "Николаевич", born="1988"),
    Person("Ivanov", "Sergei", born="1991-05-28"),
    Person("Петренко", "Микола", "Васильович", born="~1985", unit="А1234"),
    Person("Римский-Корсаков", "Андрей", born="1979-01-02"),
    Person("Иванова", "Мария", "Петровна", aliases=("Сидорова", "Петренко Мария Петровна")),
    Person("Гаджиев", "Магомед", service_number="АБ-123456"),
    Person("Гусев", "Олег", father="Иван", mother_maiden="Лебедева"),
    Person(full="Сергей Иванович Гусев"),
    Person("Гусев", "О."),
]
QUESTIONS = [
    *CAST, Person("Chtcherbatch", "Ostap"), Person("Сергей", "Иванов"), Person("Корсаков"), Person("Petrenko", "Nikolai"),
    Person("Лебедь", "Пётр", born="1991-05-28"), Person(service_number="AB 123456"), Person(given="Остап"), Person(),
]  # fmt: skip


def answers(index: Index) -> list[list[tuple[int, float, float]]]:
    return [[(c.key, c.bits, round(c.probability, 9)) for c in index.search(person)] for person in QUESTIONS]


class Changes(RuleBasedStateMachine):
    """Any order of changes leaves the index as if it had been built from what is left."""

    def __init__(self) -> None:
        super().__init__()
        self.index = Index()
        self.people: dict[int, Person] = {}

    @initialize(people=st.lists(st.sampled_from(CAST), max_size=4))
    def begin(self, people: list[Person]) -> None:
        self.people = dict(enumerate(people))
        self.index.add_many(self.people.items())

    @rule(key=st.integers(0, 8), person=st.sampled_from(CAST))
    def add(self, key: int, person: Person) -> None:
        if key in self.people:
            with pytest.raises(KeyError):
                self.index.add(key, person)
        else:
            self.index.add(key, person)
            self.people[key] = person

    @precondition(lambda self: self.people)
    @rule(data=st.data(), person=st.sampled_from(CAST))
    def change(self, data: st.DataObject, person: Person) -> None:
        key = data.draw(st.sampled_from(sorted(self.people)))
        self.index.change(key, person)
        self.people[key] = person

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.people)))
        self.index.remove(key)
        del self.people[key]

    @rule()
    def settle(self) -> None:
        self.index.settle()

    @invariant()
    def as_if_built_anew(self) -> None:
        built = Index()
        built.add_many(self.people.items())

        assert len(self.index) == len(self.people)
        assert all(key in self.index for key in self.people)
        assert answers(self.index) == answers(built)


Changes.TestCase.settings = settings(
    max_examples=25, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
TestChanges = Changes.TestCase


def whole_cast() -> Index:
    index = Index()
    index.add_many(enumerate(CAST))
    return index


def test_unknown_and_known_keys_are_refused() -> None:
    index = whole_cast()

    with pytest.raises(KeyError):
        index.change(99, CAST[0])
    with pytest.raises(KeyError):
        index.remove(99)
    with pytest.raises(KeyError):
        index.add_many([(0, CAST[0])])


def test_a_saved_index_answers_alike_and_still_changes(tmp_path) -> None:
    index = whole_cast()
    expected = answers(index)
    index.save(tmp_path / "index")

    loaded = Index.load(tmp_path / "index")

    assert answers(loaded) == expected
    loaded.remove(1)
    loaded.change(0, CAST[1])
    loaded.add(50, Person("Яблонский", "Казимир"))
    assert [c.key for c in loaded.search(Person("Яблонський", "Казимир"))][:1] == [50]
    assert answers(Index.load(tmp_path / "index")) == expected


def test_a_sealed_index_is_not_readable_without_the_key(tmp_path) -> None:
    index = whole_cast()
    turn = bytes(range(256))[::-1]
    index.save(tmp_path / "index", seal=lambda raw: raw.translate(turn))

    with pytest.raises(StaleIndex):
        Index.load(tmp_path / "index")
    assert answers(Index.load(tmp_path / "index", unseal=lambda raw: raw.translate(turn))) == answers(index)


def test_another_file_is_refused(tmp_path) -> None:
    for content in (b"", b"something else", b"namesake index 0\n" + b"x" * 100):
        (tmp_path / "index").write_bytes(content)

        with pytest.raises(StaleIndex):
            Index.load(tmp_path / "index")


def test_many_at_once_are_answered_as_one_by_one() -> None:
    index = whole_cast()
    expected = [index.search(person) for person in QUESTIONS]

    assert index.search_many(QUESTIONS) == expected
    assert index.search_many(QUESTIONS * 40, threads=2) == expected * 40


def test_columns_carry_the_weight_of_every_trait() -> None:
    index = whole_cast()

    found = index.search_columns(
        {"surname": ["Щербач", "Иванов"], "given": ["Остап", ""], "born": ["1990-05-28", "1988"]}, limit=4
    )

    assert found.keys[0, 0] == 0
    here = found.keys[0] >= 0
    assert (
        abs(found.bits - found.trait_bits.sum(axis=2, where=~(found.trait_bits != found.trait_bits)))[0][here] < 1e-3
    ).all()


def test_a_comparison_gives_what_the_search_gave() -> None:
    index = whole_cast()
    for person in QUESTIONS:
        for candidate in index.search(person):
            comparison = index.compare(person, CAST[candidate.key])

            assert comparison.bits == candidate.bits
            assert sum(evidence.bits for evidence in comparison.evidence) == comparison.bits


def test_readers_are_not_disturbed_by_a_writer() -> None:
    index = whole_cast()
    faults: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                # Остап is never changed, so he must always be found, and found first.
                assert index.search(CAST[0])[0].key == 0
        except BaseException as fault:
            faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1500):
        # new names all the time, so that every array is outgrown and replaced under the readers
        word = "".join("абвгдежзик"[int(digit)] for digit in str(number))
        index.add(100 + number, Person("Щерб" + word, "Ос" + word, word + "ович", birthplace="Льв" + word))
        if number % 3 == 0:
            index.remove(100 + number)
        if number % 400 == 399:
            index.settle()
    stop.set()
    for reader in readers:
        reader.join()

    assert not faults
    assert len(index) == len(CAST) + 1000


def test_frequencies_count_every_spelling() -> None:
    index = whole_cast()

    assert index.frequency(surname="Иванов") == index.frequency(surname="Ivanov") == 3
    assert index.frequency(surname="Иванов", given="Сергей", patronymic="Петрович") == 1
    assert index.frequency(surname="Никто") == 0
    index.remove(1)
    assert index.frequency(surname="Иванов") == 2


def test_an_alias_finds_the_person_once() -> None:
    index = whole_cast()

    found = index.search(Person("Сидорова", "Мария"))

    assert found[0].key == 6
    assert len([c for c in found if c.key == 6]) == 1


def test_comparing_without_an_index_is_possible() -> None:
    assert compare(CAST[0], CAST[0]).bits > 20
