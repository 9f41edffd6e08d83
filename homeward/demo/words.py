"""What families and clerks of the demo write besides names: relations, last news, marks, wishes, in six languages.

Villages, camps and news agencies here do not exist. Telephone numbers carry area codes nobody has, mail addresses end in
example.org: nothing in the demo can reach a person.
"""

from __future__ import annotations

LANGUAGES = ("ru", "uk", "pl", "de", "fr", "en")

CAMP_NORTH = "Північний бір"
CAMP_RIVER = "Речная пойма"
CAMP_HILL = "Orchard Hill"
HOSPITAL = "Шпиталь «Старий Млин»"

RELATIONS: dict[str, dict[str, str]] = {
    "mother": {"ru": "мать", "uk": "мати", "pl": "matka", "de": "Mutter", "fr": "mère", "en": "mother"},
    "wife": {"ru": "жена", "uk": "дружина", "pl": "żona", "de": "Ehefrau", "fr": "épouse", "en": "wife"},
    "father": {"ru": "отец", "uk": "батько", "pl": "ojciec", "de": "Vater", "fr": "père", "en": "father"},
    "brother": {"ru": "брат", "uk": "брат", "pl": "brat", "de": "Bruder", "fr": "frère", "en": "brother"},
    "sister": {
        "ru": "сестра",
        "uk": "сестра",
        "pl": "siostra",
        "de": "Schwester",
        "fr": "sœur",
        "en": "sister",
    },
    "friend": {"ru": "друг", "uk": "друг", "pl": "przyjaciel", "de": "Freund", "fr": "ami", "en": "friend"},
}

RANKS: tuple[dict[str, str], ...] = (
    {"ru": "рядовой", "uk": "рядовий", "pl": "szeregowy", "de": "Soldat", "fr": "soldat", "en": "private"},
    {"ru": "ефрейтор", "uk": "єфрейтор", "pl": "starszy szeregowy", "de": "Gefreiter", "fr": "caporal", "en": "lance corporal"},
    {"ru": "мл. сержант", "uk": "мол. сержант", "pl": "kapral", "de": "Unteroffizier", "fr": "caporal-chef", "en": "junior sergeant"},
    {"ru": "сержант", "uk": "сержант", "pl": "sierżant", "de": "Feldwebel", "fr": "sergent", "en": "sergeant"},
    {"ru": "старшина", "uk": "старшина", "pl": "starszy sierżant", "de": "Hauptfeldwebel", "fr": "adjudant", "en": "master sergeant"},
    {"ru": "лейтенант", "uk": "лейтенант", "pl": "porucznik", "de": "Leutnant", "fr": "lieutenant", "en": "lieutenant"},
    {"ru": "капитан", "uk": "капітан", "pl": "kapitan", "de": "Hauptmann", "fr": "capitaine", "en": "captain"},
)  # fmt: skip

# Invented villages where letters stopped coming.
VILLAGES: tuple[dict[str, str], ...] = (
    {"ru": "Тихая Криница", "uk": "Тиха Криниця", "latin": "Tykha Krynytsia"},
    {"ru": "Долгая Балка", "uk": "Довга Балка", "latin": "Dovha Balka"},
    {"ru": "Старый Млын", "uk": "Старий Млин", "latin": "Staryi Mlyn"},
    {"ru": "Три Вербы", "uk": "Три Верби", "latin": "Try Verby"},
    {"ru": "Белый Колодец-на-Холме", "uk": "Біла Криниця-на-Пагорбі", "latin": "Bila Krynytsia na Pahorbi"},
    {
        "ru": "переправа у Сонной Заводи",
        "uk": "переправа біля Сонної Заводі",
        "latin": "Sonna Zavod crossing",
    },
)

LAST_NEWS: dict[str, tuple[str, ...]] = {
    "ru": (
        "звонил сам, сказал, что их переводят, место: {place}",
        "последнее сообщение в мессенджере, {place}",
        "товарищ сказал, что видел его живым, {place}",
        "письмо с оказией, {place}",
        "телефон вне сети, последнее место: {place}",
    ),
    "uk": (
        "дзвонив сам, казав, що їх переводять, місце: {place}",
        "останнє повідомлення в месенджері, {place}",
        "побратим казав, що бачив його живим, {place}",
        "лист через знайомих, {place}",
        "телефон поза мережею, останнє місце: {place}",
    ),
    "pl": (
        "zadzwonił sam, mówił, że ich przenoszą, miejsce: {place}",
        "ostatnia wiadomość w komunikatorze, {place}",
        "kolega widział go żywego, {place}",
        "list przez znajomych, {place}",
    ),
    "de": (
        "rief selbst an, sie würden verlegt, Ort: {place}",
        "letzte Nachricht aus {place}",
        "ein Kamerad hat ihn lebend gesehen, {place}",
        "Brief über Bekannte, {place}",
    ),
    "fr": (
        "il a appelé lui-même, on les déplaçait, lieu : {place}",
        "dernier message reçu de {place}",
        "un camarade l'a vu vivant, {place}",
        "lettre remise par des connaissances, {place}",
    ),
    "en": (
        "rang himself, said they were being moved, place: {place}",
        "last message from {place}",
        "a comrade saw him alive, {place}",
        "a letter by hand of friends, {place}",
    ),
}

MARKS: tuple[dict[str, str], ...] = (
    {"ru": "шрам над левой бровью", "uk": "шрам над лівою бровою", "pl": "blizna nad lewą brwią",
     "de": "Narbe über der linken Braue", "fr": "cicatrice au-dessus du sourcil gauche", "en": "scar above the left eyebrow"},
    {"ru": "татуировка: якорь на правом предплечье", "uk": "татуювання: якір на правому передпліччі",
     "pl": "tatuaż: kotwica na prawym przedramieniu", "de": "Tätowierung: Anker am rechten Unterarm",
     "fr": "tatouage : une ancre sur l'avant-bras droit", "en": "tattoo: an anchor on the right forearm"},
    {"ru": "нет фаланги мизинца на левой руке", "uk": "немає фаланги мізинця на лівій руці", "pl": "brak paliczka małego palca lewej ręki",
     "de": "am linken kleinen Finger fehlt ein Glied", "fr": "une phalange manque au petit doigt gauche",
     "en": "a joint of the left little finger is missing"},
    {"ru": "родимое пятно на шее", "uk": "родима пляма на шиї", "pl": "znamię na szyi",
     "de": "Muttermal am Hals", "fr": "tache de naissance au cou", "en": "birthmark on the neck"},
    {"ru": "высокий, около 190 см, носит очки", "uk": "високий, близько 190 см, носить окуляри", "pl": "wysoki, około 190 cm, nosi okulary",
     "de": "groß, etwa 190 cm, trägt Brille", "fr": "grand, environ 1,90 m, porte des lunettes", "en": "tall, about 190 cm, wears glasses"},
    {"ru": "след от операции аппендицита", "uk": "слід від операції апендициту", "pl": "ślad po operacji wyrostka",
     "de": "Blinddarmnarbe", "fr": "cicatrice d'appendicite", "en": "scar of an appendix operation"},
    {"ru": "на руке кольцо с зелёным камнем", "uk": "на руці перстень із зеленим каменем", "pl": "na ręce pierścionek z zielonym kamieniem",
     "de": "trägt einen Ring mit grünem Stein", "fr": "porte une bague à pierre verte", "en": "wears a ring with a green stone"},
)  # fmt: skip

WISHES: dict[str, tuple[str, ...]] = {
    "ru": (
        "звонить после 18:00",
        "не оставлять сообщений",
        "лучше писать, телефон общий с соседкой",
        "звонить в любое время",
    ),
    "uk": (
        "дзвонити після 18:00",
        "не залишати повідомлень",
        "краще писати, телефон спільний із сусідкою",
        "дзвонити будь-коли",
    ),
    "pl": ("dzwonić po 18:00", "nie zostawiać wiadomości", "lepiej pisać"),
    "de": ("bitte erst nach 18 Uhr anrufen", "keine Nachricht hinterlassen", "lieber schreiben"),
    "fr": ("appeler après 18 h", "ne pas laisser de message", "écrire plutôt qu'appeler"),
    "en": ("call after 6 pm", "leave no message", "write rather than call"),
}

MONTHS_IN_WORDS = {
    "uk": [
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
    ],
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "pl": [
        "stycznia",
        "lutego",
        "marca",
        "kwietnia",
        "maja",
        "czerwca",
        "lipca",
        "sierpnia",
        "września",
        "października",
        "listopada",
        "grudnia",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
