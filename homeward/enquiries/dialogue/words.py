"""All that is said in a talk, word for word, in the families' languages. Reading age 12, second person."""

from homeward.contact.texts import language_of

LANGUAGE_NAMES = {"uk": "Українська", "ru": "Русский", "en": "English", "fr": "Français"}
CHOOSE_LANGUAGE = "Мова · Язык · Language · Langue"

_WORDS: dict[str, dict[str, str]] = {
    "intro": {
        "uk": "Ми шукаємо зниклих військових і чесно кажемо родинам, що знайшли. Це завжди безкоштовно. Хто просить у Вас "
        "грошей — то не ми.\n\nTelegram бачить, що тут написано, і кожен, хто тримає Ваш телефон, теж. Якщо це "
        "небезпечно для Вас, скористайтеся сайтом: {site}\n\nЩо Ви хочете зробити?",
        "ru": "Мы ищем пропавших военных и честно говорим семьям, что нашли. Это всегда бесплатно. Кто просит у Вас "
        "денег — это не мы.\n\nTelegram видит, что здесь написано, и каждый, кто держит Ваш телефон, тоже. Если это "
        "опасно для Вас, воспользуйтесь сайтом: {site}\n\nЧто Вы хотите сделать?",
        "en": "We look for missing soldiers and tell families honestly what we find. It never costs anything. Whoever asks "
        "you for money is not us.\n\nTelegram can see what is written here, and so can anyone who holds your phone. If "
        "that is not safe for you, use the web site: {site}\n\nWhat would you like to do?",
        "fr": "Nous cherchons les soldats disparus et disons honnêtement aux familles ce que nous trouvons. C’est toujours "
        "gratuit. Si quelqu’un vous demande de l’argent, ce n’est pas nous.\n\nTelegram voit ce qui est écrit ici, et "
        "toute personne qui a votre téléphone aussi. Si c’est dangereux pour vous, utilisez le site : {site}\n\nQue "
        "voulez-vous faire ?",
    },
    "site": {"uk": "наш сайт", "ru": "наш сайт", "en": "our web site", "fr": "notre site"},
    "b_ask": {"uk": "Шукати людину", "ru": "Искать человека", "en": "Look for someone", "fr": "Chercher quelqu’un"},
    "b_status": {
        "uk": "Я вже маю номер", "ru": "У меня уже есть номер", "en": "I have a number already", "fr": "J’ai déjà un numéro",
    },
    "b_forget": {
        "uk": "Стерти все тут", "ru": "Стереть всё здесь", "en": "Delete everything here", "fr": "Tout effacer ici",
    },
    "b_skip": {"uk": "Не знаю / далі", "ru": "Не знаю / дальше", "en": "I do not know / next", "fr": "Je ne sais pas / suite"},
    "b_back": {"uk": "Назад", "ru": "Назад", "en": "Back", "fr": "Retour"},
    "relation": {
        "uk": "Ким Ви йому є?", "ru": "Кем Вы ему приходитесь?", "en": "What are you to him?", "fr": "Qui êtes-vous pour lui ?",
    },
    "r_mother": {"uk": "мати", "ru": "мать", "en": "mother", "fr": "mère"},
    "r_father": {"uk": "батько", "ru": "отец", "en": "father", "fr": "père"},
    "r_wife": {"uk": "дружина / партнерка", "ru": "жена / партнёрша", "en": "wife / partner", "fr": "épouse / compagne"},
    "r_brother": {"uk": "брат", "ru": "брат", "en": "brother", "fr": "frère"},
    "r_sister": {"uk": "сестра", "ru": "сестра", "en": "sister", "fr": "sœur"},
    "r_son": {"uk": "син", "ru": "сын", "en": "son", "fr": "fils"},
    "r_daughter": {"uk": "донька", "ru": "дочь", "en": "daughter", "fr": "fille"},
    "r_relative": {"uk": "інша рідня", "ru": "другой родственник", "en": "another relative", "fr": "autre parent"},
    "r_friend": {"uk": "друг", "ru": "друг", "en": "friend", "fr": "ami"},
    "r_other": {"uk": "хтось інший", "ru": "кто-то другой", "en": "someone else", "fr": "quelqu’un d’autre"},
    "surname": {
        "uk": "Його прізвище? Напишіть так, як знаєте.", "ru": "Его фамилия? Напишите так, как знаете.",
        "en": "His surname? Write it the way you know it.", "fr": "Son nom de famille ? Écrivez-le comme vous le connaissez.",
    },
    "given": {"uk": "Його ім’я?", "ru": "Его имя?", "en": "His first name?", "fr": "Son prénom ?"},
    "patronymic": {
        "uk": "Його ім’я по батькові?", "ru": "Его отчество?", "en": "His patronymic (his father’s name)?",
        "fr": "Son patronyme (le prénom de son père) ?",
    },
    "born": {
        "uk": "Коли він народився? Досить року.", "ru": "Когда он родился? Достаточно года.",
        "en": "When was he born? The year is enough.", "fr": "Quand est-il né ? L’année suffit.",
    },
    "birthplace": {
        "uk": "Де він народився?", "ru": "Где он родился?", "en": "Where was he born?", "fr": "Où est-il né ?",
    },
    "unit": {
        "uk": "У якій частині він служив?", "ru": "В какой части он служил?", "en": "Which unit did he serve in?",
        "fr": "Dans quelle unité servait-il ?",
    },
    "service_number": {
        "uk": "Його особистий номер або номер жетона?", "ru": "Его личный номер или номер жетона?",
        "en": "His service number or tag number?", "fr": "Son matricule ou le numéro de sa plaque ?",
    },
    "last_news": {
        "uk": "Що Ви чули про нього востаннє, і коли?", "ru": "Что Вы слышали о нём в последний раз, и когда?",
        "en": "What did you last hear of him, and when?",
        "fr": "Quelles sont les dernières nouvelles que vous avez eues de lui, et quand ?",
    },
    "name": {
        "uk": "Як до Вас звертатися?", "ru": "Как к Вам обращаться?", "en": "What may we call you?",
        "fr": "Comment pouvons-nous vous appeler ?",
    },
    "reach": {
        "uk": "Чи можна писати Вам сюди, коли на Вашій сторінці є що прочитати? Ми не пишемо ні імен, ні новин. Інколи "
        "пишемо й тоді, коли нового немає, щоб повідомлення саме нічого не виказувало.",
        "ru": "Можно ли писать Вам сюда, когда на Вашей странице есть что прочитать? Мы не пишем ни имён, ни новостей. "
        "Иногда пишем и тогда, когда нового нет, чтобы само сообщение ничего не выдавало.",
        "en": "May we write to you here when there is something to read on your page? We write no names and no news. "
        "Sometimes we write when nothing is new, so that a message gives nothing away.",
        "fr": "Pouvons-nous vous écrire ici quand il y a quelque chose à lire sur votre page ? Nous n’écrivons ni noms ni "
        "nouvelles. Parfois nous écrivons aussi quand il n’y a rien de nouveau, pour qu’un message ne révèle rien.",
    },
    "b_reach_no": {"uk": "Ні, не пишіть", "ru": "Нет, не пишите", "en": "No, do not write", "fr": "Non, n’écrivez pas"},
    "b_reach_yes": {"uk": "Так, сюди", "ru": "Да, сюда", "en": "Yes, here", "fr": "Oui, ici"},
    "review": {
        "uk": "Подивіться, чи все так:\n\n{facts}", "ru": "Посмотрите, всё ли верно:\n\n{facts}",
        "en": "Please look whether this is right:\n\n{facts}", "fr": "Regardez si tout est juste :\n\n{facts}",
    },
    "b_send": {"uk": "Так, надіслати", "ru": "Да, отправить", "en": "Yes, send it", "fr": "Oui, envoyer"},
    "b_change": {"uk": "Щось змінити", "ru": "Что-то изменить", "en": "Change something", "fr": "Changer quelque chose"},
    "b_cancel": {"uk": "Не надсилати", "ru": "Не отправлять", "en": "Do not send", "fr": "Ne pas envoyer"},
    "change": {"uk": "Що змінити?", "ru": "Что изменить?", "en": "What is to be changed?", "fr": "Que faut-il changer ?"},
    "too_little": {
        "uk": "Потрібне його ім’я або прізвище і ще хоча б одне, що Ви про нього знаєте.",
        "ru": "Нужны его имя или фамилия и ещё хотя бы одно, что Вы о нём знаете.",
        "en": "We need his first name or surname and at least one more thing you know about him.",
        "fr": "Il nous faut son prénom ou son nom, et au moins une autre chose que vous savez de lui.",
    },
    "cancelled": {
        "uk": "Нічого не надіслано. Те, що тут написано, зникне.", "ru": "Ничего не отправлено. То, что здесь написано, исчезнет.",
        "en": "Nothing was sent. What is written here will disappear.",
        "fr": "Rien n’a été envoyé. Ce qui est écrit ici va disparaître.",
    },
    "filed": {
        "uk": "Ми прийняли Ваше звернення. Його номер: {reference}. Воно діє, доки на нього не дано відповіді. Ми шукаємо "
        "знову щоразу, коли дізнаємося нове. Більшість родин чекає місяцями.",
        "ru": "Мы приняли Ваше обращение. Его номер: {reference}. Оно действует, пока на него не дан ответ. Мы ищем снова "
        "каждый раз, когда узнаём новое. Большинство семей ждёт месяцами.",
        "en": "We have your enquiry. Its number: {reference}. It stands until it is answered. We look again whenever we "
        "learn something new. Most families wait for months.",
        "fr": "Nous avons votre demande. Son numéro : {reference}. Elle reste valable jusqu’à la réponse. Nous cherchons de "
        "nouveau chaque fois que nous apprenons quelque chose. La plupart des familles attendent des mois.",
    },
    "passphrase": {
        "uk": "Це Ваші шість слів. Ми показуємо їх лише раз:\n\n{words}\n\nЗапишіть їх на папері разом із номером. З ними Ви "
        "відкриєте свою сторінку. За {minutes} хвилин це повідомлення і Ваші відповіді зникнуть.",
        "ru": "Это Ваши шесть слов. Мы показываем их только раз:\n\n{words}\n\nЗапишите их на бумаге вместе с номером. С ними "
        "Вы откроете свою страницу. Через {minutes} минут это сообщение и Ваши ответы исчезнут.",
        "en": "These are your six words. We show them only once:\n\n{words}\n\nWrite them on paper together with the number. "
        "They open your page. In {minutes} minutes this message and your answers will disappear.",
        "fr": "Voici vos six mots. Nous ne les montrons qu’une fois :\n\n{words}\n\nÉcrivez-les sur papier avec le numéro. Ils "
        "ouvrent votre page. Dans {minutes} minutes, ce message et vos réponses disparaîtront.",
    },
    "b_noted": {"uk": "Записано, стерти", "ru": "Записано, стереть", "en": "Written down, delete", "fr": "C’est noté, effacer"},
    "stale": {
        "uk": "Це питання вже позаду.", "ru": "Этот вопрос уже позади.", "en": "This question is past.",
        "fr": "Cette question est passée.",
    },
    "picture": {
        "uk": "Дякуємо, але фото й документи ми через Telegram не беремо: так безпечніше. Додайте їх на сайті: {site}",
        "ru": "Спасибо, но фото и документы мы через Telegram не берём: так безопаснее. Добавьте их на сайте: {site}",
        "en": "Thank you, but we take no photos or documents through Telegram: that is safer. Please add them on the web "
        "site: {site}",
        "fr": "Merci, mais nous ne prenons ni photos ni documents par Telegram : c’est plus sûr. Ajoutez-les sur le site : "
        "{site}",
    },
    "number": {
        "uk": "Напишіть номер свого звернення, наприклад 1234-5678-4.", "ru": "Напишите номер своего обращения, например 1234-5678-4.",
        "en": "Write the number of your enquiry, for example 1234-5678-4.",
        "fr": "Écrivez le numéro de votre demande, par exemple 1234-5678-4.",
    },
    "words": {
        "uk": "Тепер напишіть свої шість слів. Ваше повідомлення одразу зникне.",
        "ru": "Теперь напишите свои шесть слов. Ваше сообщение сразу исчезнет.",
        "en": "Now write your six words. Your message will disappear at once.",
        "fr": "Écrivez maintenant vos six mots. Votre message disparaîtra aussitôt.",
    },
    "no_number": {
        "uk": "Такого номера не буває. Перевірте цифри й напишіть ще раз.", "ru": "Такого номера не бывает. Проверьте и напишите ещё раз.",
        "en": "No number looks like this. Check the digits and write it again.",
        "fr": "Ce numéro n’existe pas sous cette forme. Vérifiez les chiffres et réécrivez-le.",
    },
    "wrong": {
        "uk": "Номер і слова не підходять одне до одного. Перевірте й спробуйте ще раз.",
        "ru": "Номер и слова не подходят друг к другу. Проверьте и попробуйте ещё раз.",
        "en": "The number and the words do not belong together. Check them and try again.",
        "fr": "Le numéro et les mots ne vont pas ensemble. Vérifiez et réessayez.",
    },
    "later": {
        "uk": "Зачекайте хвилину й спробуйте ще раз.", "ru": "Подождите минуту и попробуйте ещё раз.",
        "en": "Wait a minute and try again.", "fr": "Attendez une minute et réessayez.",
    },
    "status": {
        "uk": "Звернення {reference} діє з {day}. Ми шукаємо знову щоразу, коли дізнаємося нове. Усе, що ми можемо Вам сказати, "
        "стоїть на Вашій сторінці: {site}. Це повідомлення зникне за {minutes} хвилини.",
        "ru": "Обращение {reference} действует с {day}. Мы ищем снова каждый раз, когда узнаём новое. Всё, что мы можем Вам "
        "сказать, стоит на Вашей странице: {site}. Это сообщение исчезнет через {minutes} минуты.",
        "en": "Enquiry {reference} has stood since {day}. We look again whenever we learn something new. All we can tell you "
        "stands on your page: {site}. This message will disappear in {minutes} minutes.",
        "fr": "La demande {reference} est valable depuis le {day}. Nous cherchons de nouveau chaque fois que nous apprenons "
        "quelque chose. Tout ce que nous pouvons vous dire se trouve sur votre page : {site}. Ce message disparaîtra dans "
        "{minutes} minutes.",
    },
    "withdrawn": {
        "uk": "Звернення {reference} Ви відкликали. Щоб шукати знову, подайте нове.",
        "ru": "Обращение {reference} Вы отозвали. Чтобы искать снова, подайте новое.",
        "en": "You took enquiry {reference} back. To look again, ask anew.",
        "fr": "Vous avez retiré la demande {reference}. Pour chercher de nouveau, faites-en une autre.",
    },
    "forget": {
        "uk": "Стерти все, що тут написано, і більше не писати сюди? Ваше звернення діє далі; відкликати його можна на сайті: "
        "{site}",
        "ru": "Стереть всё, что здесь написано, и больше не писать сюда? Ваше обращение действует дальше; отозвать его можно на "
        "сайте: {site}",
        "en": "Delete everything written here and never write to this place again? Your enquiry stands; you can take it back "
        "on the web site: {site}",
        "fr": "Effacer tout ce qui est écrit ici et ne plus écrire à cet endroit ? Votre demande reste valable ; vous pouvez la "
        "retirer sur le site : {site}",
    },
    "b_forget_yes": {"uk": "Так, стерти", "ru": "Да, стереть", "en": "Yes, delete", "fr": "Oui, effacer"},
    "forgotten": {
        "uk": "Готово. Старіші за два дні повідомлення Telegram дає стерти лише Вам самим.",
        "ru": "Готово. Сообщения старше двух дней Telegram позволяет стереть только Вам самим.",
        "en": "Done. Messages older than two days Telegram lets only you delete.",
        "fr": "C’est fait. Les messages de plus de deux jours, Telegram ne permet qu’à vous de les effacer.",
    },
    "l_relation": {"uk": "Ви йому", "ru": "Вы ему", "en": "You are his", "fr": "Vous êtes"},
    "l_surname": {"uk": "Прізвище", "ru": "Фамилия", "en": "Surname", "fr": "Nom"},
    "l_given": {"uk": "Ім’я", "ru": "Имя", "en": "First name", "fr": "Prénom"},
    "l_patronymic": {"uk": "По батькові", "ru": "Отчество", "en": "Patronymic", "fr": "Patronyme"},
    "l_born": {"uk": "Народився", "ru": "Родился", "en": "Born", "fr": "Né"},
    "l_birthplace": {"uk": "Місце народження", "ru": "Место рождения", "en": "Place of birth", "fr": "Lieu de naissance"},
    "l_unit": {"uk": "Частина", "ru": "Часть", "en": "Unit", "fr": "Unité"},
    "l_service_number": {"uk": "Особистий номер", "ru": "Личный номер", "en": "Service number", "fr": "Matricule"},
    "l_last_news": {"uk": "Останні вісті", "ru": "Последние вести", "en": "Last news", "fr": "Dernières nouvelles"},
    "l_name": {"uk": "Ваше ім’я", "ru": "Ваше имя", "en": "Your name", "fr": "Votre nom"},
    "l_reach": {"uk": "Писати сюди", "ru": "Писать сюда", "en": "Write here", "fr": "Écrire ici"},
}  # fmt: skip


def say(code: str, language: str, **values: object) -> str:
    """The words of that code; the values are put in as they are."""
    text = _WORDS[code][language_of(language)]
    return text.format(**values) if values else text


def codes() -> dict[str, dict[str, str]]:
    """All words, for those who check them."""
    return _WORDS
