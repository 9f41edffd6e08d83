import pytest

from homeward.lib import keys, sealed


def test_a_sealed_value_opens_only_in_its_own_place() -> None:
    keys.make_keyring()
    value = sealed.seal("Шевченко".encode(), key_class="register", purpose="a|b", about="1111-1111-1")

    assert sealed.unseal(value, key_class="register", purpose="a|b", about="1111-1111-1").decode() == "Шевченко"
    for purpose, about, key_class in (
        ("a|c", "1111-1111-1", "register"),
        ("a|b", "2222-2222-2", "register"),
        ("a|b", "1111-1111-1", "family"),
    ):
        with pytest.raises(sealed.SealBroken):
            sealed.unseal(value, key_class=key_class, purpose=purpose, about=about)


def test_every_changed_byte_is_noticed() -> None:
    value = sealed.seal(b"x", key_class="family", purpose="p", about="r")

    for place in range(len(value)):
        broken = value[:place] + bytes((value[place] ^ 1,)) + value[place + 1 :]
        with pytest.raises((sealed.SealBroken, keys.KeyMissing)):
            sealed.unseal(broken, key_class="family", purpose="p", about="r")


def test_length_shows_in_steps_of_32_only() -> None:
    lengths = {len(sealed.seal(b"x" * n, key_class="family", purpose="p", about="r")) for n in range(29)}

    assert len(lengths) == 1


def test_a_family_process_cannot_open_the_register(monkeypatch: pytest.MonkeyPatch) -> None:
    value = sealed.seal(b"x", key_class="register", purpose="p", about="r")
    monkeypatch.setenv("HOMEWARD_ZONE", "family")
    keys._roots.cache_clear()
    keys.derived.cache_clear()
    sealed._cipher.cache_clear()

    with pytest.raises(keys.KeyMissing):
        sealed.unseal(value, key_class="register", purpose="p", about="r")

    keys._roots.cache_clear()


def test_a_blind_index_ignores_case_and_spaces_only() -> None:
    index = sealed.blind_index("family", "telephone", "AB  12")

    assert index == sealed.blind_index("family", "telephone", "ab 12")
    assert index != sealed.blind_index("family", "telephone", "ab 13")
    assert index != sealed.blind_index("register", "telephone", "ab 12")
    assert len(index) == 16
