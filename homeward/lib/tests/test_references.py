from hypothesis import given
from hypothesis import strategies as st

from homeward.lib import references


def test_a_reference_is_spoken_in_fours_and_checks() -> None:
    reference = references.new()

    assert len(reference) == 11
    assert references.is_valid(reference)
    long = references.new_long()
    assert [len(group) for group in long.split("-")] == [4, 4, 4, 4]
    assert references.is_valid(long)
    assert references.tidy(long.replace("-", " ")) == long


@given(st.integers(0, 10**8 - 1), st.integers(0, 8), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(number: int, place: int, shift: int) -> None:
    body = f"{number:08d}"
    digits = body + references.check_digit(body)
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]

    assert references.is_valid(digits)
    assert not references.is_valid(wrong)


@given(st.integers(0, 10**8 - 1), st.integers(0, 7))
def test_neighbours_that_changed_places_are_found(number: int, place: int) -> None:
    body = f"{number:08d}"
    digits = body + references.check_digit(body)
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]

    assert references.is_valid(swapped) == (swapped == digits)


def test_what_people_type_is_tidied() -> None:
    body = "12345678"
    wanted = f"1234-5678-{references.check_digit(body)}"

    assert references.tidy(f" 1234 5678.{wanted[-1]} ") == wanted
    assert references.tidy("1234") == ""
    assert references.tidy("1234-5678-x") == ""
