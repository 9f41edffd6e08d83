"""Whether words of our own are neutral enough to lie on a telephone: no name, no place, no number, no news.

A rule finds what a rule can find; two people read the rest. Names are found by their capital letter inside a sentence.
"""

import re

from django.utils.translation import gettext as _

SHORTEST, LONGEST = 10, 160
# Capital letters that are courtesy or grammar, not a name.
_COURTESY = {
    "uk": "Ви Вас Вам Вами Ваш Ваша Ваше Ваші Вашого Вашої Вашому Вашій Вашу Ваших Вашим Вашими",
    "ru": "Вы Вас Вам Вами Ваш Ваша Ваше Ваши Вашего Вашей Вашему Вашу Ваших Вашим Вашими",
    "en": "I",
    "fr": "",
}
# The beginnings of words that are news, or tell what the message is about.
_NEWS = {
    "uk": "полон обмін звільн загин помер смерт тіл поранен госпітал табір табор зник військ солдат фронт в'яз в’яз знайд живи",
    "ru": "плен обмен освобо погиб умер смерт тело тела ранен госпитал лагер пропа воен солдат фронт найден жив",
    "en": "captiv prison exchang releas dead death died kill body bodies wound hospital camp missing soldier army war front "
    "found alive freed",
    "fr": "capt prison échang libér mort décéd décès tué corps bless hôpital camp dispar soldat armée guerre front retrouv vivant",
}
_SENTENCE_ENDS = re.compile(r"[.!?…:]\s+")
_WORD = re.compile(r"[^\W\d_][^\W\d_’'-]*")


def faults_of(text: str, language: str) -> list[str]:
    """What is not neutral in it, as sentences for whoever wrote it; empty where no rule objects."""
    text = text.strip()
    found = []
    if not SHORTEST <= len(text) <= LONGEST:
        found.append(_("Between %(shortest)d and %(longest)d signs.") % {"shortest": SHORTEST, "longest": LONGEST})
    if re.search(r"\d", text):
        found.append(_("No digits: a date or a number tells something."))
    if re.search(r"@|//|www\.|\.\w{2,3}/|t\.me", text.lower()):
        found.append(_("No addresses or links: those who lie to families send links."))
    courtesy = set(_COURTESY[language].split())
    for sentence in _SENTENCE_ENDS.split(text):
        words = _WORD.findall(sentence)
        names = [word for word in words[1:] if word[0].isupper() and word not in courtesy]
        if names or (words and len(words[0]) > 1 and words[0].isupper()):
            found.append(
                _("No names of people, places or organisations: a word inside a sentence has a capital letter.")
            )
            break
    lower = [word.lower() for word in _WORD.findall(text)]
    if any(word.startswith(stem) for word in lower for stem in _NEWS[language].split()):
        found.append(_("No news, and not what it is about: whoever reads it over her shoulder must learn nothing."))
    return found
