"""Reading names: what a written name says, whoever wrote it, in whichever script and manner.

`fold_token` turns a word into sounds, `split_name` a written name into its parts, `given_class` knows which
given names stand for one another, `patronymic_of` and `father_of` go from father to child and back.
Nothing here raises on any text, and no text costs more than its first 200 characters.
"""

from namesake.reading.costs import LETTER_COSTS
from namesake.reading.given import given_class, is_formal_given
from namesake.reading.letters import SOUNDS, fold_many, fold_token, spell
from namesake.reading.patronymics import father_of, patronymic_of
from namesake.reading.split import NameParts, split_name

__all__ = [
    "LETTER_COSTS", "SOUNDS", "NameParts", "father_of", "fold_many", "fold_token", "given_class", "is_formal_given",
    "patronymic_of", "spell", "split_name",
]  # fmt: skip
