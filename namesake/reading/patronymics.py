"""The father's name in the patronymic, and back."""
from __future__ import annotations


def patronymic_of(given: str) -> tuple[str, ...]:
    """The patronymics a son of this father may bear, in Cyrillic; the likeliest first."""
    name = given.strip().lower()
    if not name:
        return ()
    if name.endswith("й"):
        return (name[:-1] + "евич", name[:-2] + "ьевич")
    return (name.rstrip("ьао") + "ович",)


def father_of(patronymic: str) -> tuple[str, ...]:
    """The father's given names a patronymic may come from; the likeliest first."""
    name = patronymic.strip().lower()
    for ending in ("ович", "овна"):
        if name.endswith(ending):
            return (name[: -len(ending)],)
    for ending in ("евич", "евна"):
        if name.endswith(ending):
            return (name[: -len(ending)] + "й",)
    return ()
