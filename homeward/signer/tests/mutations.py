"""A pass, altered in every sort of way."""

import random

from homeward.signer import base45


def mutated(text: str, chance: random.Random) -> str:
    """A few changes of every sort: characters, bytes below the base45, parts cut, doubled, swapped."""
    if chance.random() < 0.4:
        data = bytearray(base45.decode(text[4:]))
        for _ in range(chance.randint(1, 4)):
            what = chance.randrange(4)
            place = chance.randrange(len(data))
            if what == 0:
                data[place] = chance.randrange(256)
            elif what == 1:
                del data[place : place + chance.randint(1, 9)]
            elif what == 2:
                data[place:place] = chance.randbytes(chance.randint(1, 9))
            else:
                data[place] ^= 1 << chance.randrange(8)
            data = data or bytearray(1)
        return "TP1:" + base45.encode(bytes(data))
    said = list(text)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(said))
        what = chance.randrange(4)
        if what == 0:
            said[place] = chance.choice(base45.ALPHABET + "aé\0ё")
        elif what == 1:
            del said[place : place + chance.randint(1, 40)]
        elif what == 2:
            said[place:place] = said[: chance.randint(1, 40)]
        else:
            other = chance.randrange(len(said))
            said[place], said[other] = said[other], said[place]
        said = said or ["0"]
    return "".join(said)
