"""The closed list of answers, word for word, in the families' languages.

Reading age 12, second person, no place, no captor, no reason. A death has no text: the words are the caller's,
prepared with the guidance for callers, and never written to a family.
"""

from homeward.disclosure.kinds import Kind

LANGUAGES = ("uk", "ru", "en", "fr")

_TEXTS: dict[Kind, dict[str, str]] = {
    Kind.IN_CAPTIVITY: {
        "en": "The person you asked about is alive as far as the records that reached us say, and is held as a prisoner of "
        "war. We will write to you here about letters and calls. We never ask for money.",
        "uk": "За записами, які до нас надійшли, людина, про яку Ви питали, жива і перебуває в полоні. Про листи та "
        "розмови ми напишемо Вам тут. Ми ніколи не просимо грошей.",
        "ru": "По записям, которые к нам поступили, человек, о котором Вы спрашивали, жив и находится в плену. О письмах и "
        "разговорах мы напишем Вам здесь. Мы никогда не просим денег.",
        "fr": "D’après les documents qui nous sont parvenus, la personne que vous cherchez est en vie et elle est prisonnière "
        "de guerre. Nous vous écrirons ici au sujet des lettres et des appels. Nous ne demandons jamais d’argent.",
    },
    Kind.IN_HOSPITAL: {
        "en": "The person you asked about is alive as far as the records that reached us say. He is held as a prisoner of war "
        "and is being treated by doctors. We will write to you here as soon as we learn more. We never ask for money.",
        "uk": "За записами, які до нас надійшли, людина, про яку Ви питали, жива. Вона в полоні, її лікують. Щойно "
        "дізнаємося більше, напишемо Вам тут. Ми ніколи не просимо грошей.",
        "ru": "По записям, которые к нам поступили, человек, о котором Вы спрашивали, жив. Он в плену, его лечат. Как только "
        "узнаем больше, напишем Вам здесь. Мы никогда не просим денег.",
        "fr": "D’après les documents qui nous sont parvenus, la personne que vous cherchez est en vie. Elle est prisonnière de "
        "guerre et des médecins la soignent. Nous vous écrirons ici dès que nous en saurons plus. Nous ne demandons "
        "jamais d’argent.",
    },
    Kind.RELEASED: {
        "en": "The records that reached us say that the person you asked about has been released. If you have not heard from "
        "him, write to us here. We never ask for money.",
        "uk": "За записами, які до нас надійшли, людину, про яку Ви питали, звільнено. Якщо Ви не маєте від неї звістки, "
        "напишіть нам тут. Ми ніколи не просимо грошей.",
        "ru": "По записям, которые к нам поступили, человек, о котором Вы спрашивали, освобождён. Если Вы не получили от него "
        "вестей, напишите нам здесь. Мы никогда не просим денег.",
        "fr": "D’après les documents qui nous sont parvenus, la personne que vous cherchez a été libérée. Si vous n’avez pas de "
        "ses nouvelles, écrivez-nous ici. Nous ne demandons jamais d’argent.",
    },
    Kind.NO_INFORMATION: {
        "en": "We have no news at present. We go on looking, every day. We never ask for money.",
        "uk": "Наразі відомостей немає. Ми шукаємо далі, щодня. Ми ніколи не просимо грошей.",
        "ru": "На данный момент сведений нет. Мы ищем дальше, каждый день. Мы никогда не просим денег.",
        "fr": "Nous n’avons pas de nouvelles pour le moment. Nous continuons à chercher, chaque jour. Nous ne demandons jamais "
        "d’argent.",
    },
}


def text_of(kind: Kind, language: str) -> str:
    """The words of an answer in the family's language (English where we have none in theirs); "" for a call."""
    texts = _TEXTS.get(kind)
    return "" if texts is None else texts.get(language, texts["en"])
