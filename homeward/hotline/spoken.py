"""Everything the line says by itself, in four languages. A recorded file of the same code is played where there is one.

No text tells anything of a man: the state of an enquiry is the same sentence for held, dead and unknown.
"""

LANGUAGES = ("uk", "ru", "en", "fr")

LANGUAGE = (
    ("uk", "Українська: натисніть один."),
    ("ru", "Русский: нажмите два."),
    ("en", "English: press three."),
    ("fr", "Français : appuyez sur quatre."),
)

TEXTS: dict[str, dict[str, str]] = {
    "what": {
        "uk": "Це лінія для родин, які шукають військового. Ми допомагаємо безкоштовно. Ми ніколи не просимо грошей. Розмова не записується.",
        "ru": "Это линия для семей, которые ищут военного. Мы помогаем бесплатно. Мы никогда не просим денег. Разговор не записывается.",
        "en": "This line is for families who look for a soldier. Our help is free. We never ask for money. The call is not recorded.",
        "fr": "Cette ligne est pour les familles qui cherchent un militaire. Notre aide est gratuite. Nous ne demandons jamais d'argent. L'appel n'est pas enregistré.",
    },
    "menu": {
        "uk": "Ви вже питали і маєте номер: натисніть один. Новий запит: два. Вам дуже тяжко: три. Щоб ми вам передзвонили: чотири. Залишити повідомлення: п'ять. Або зачекайте, і відповість людина.",
        "ru": "Вы уже спрашивали и у вас есть номер: нажмите один. Новый запрос: два. Вам очень тяжело: три. Чтобы мы вам перезвонили: четыре. Оставить сообщение: пять. Или подождите, и ответит человек.",
        "en": "You have asked before and have a number: press one. A new enquiry: two. You are in great distress: three. To be called back: four. To leave a message: five. Or wait, and a person will answer.",
        "fr": "Vous avez déjà demandé et avez un numéro : appuyez sur un. Une nouvelle demande : deux. Vous êtes en grande détresse : trois. Pour être rappelé : quatre. Pour laisser un message : cinq. Ou attendez, quelqu'un répondra.",
    },
    "menu_surge": {
        "uk": "Щоб ми вам передзвонили: чотири. Вам дуже тяжко: три. Залишити повідомлення: п'ять. Ви маєте номер запиту: один.",
        "ru": "Чтобы мы вам перезвонили: четыре. Вам очень тяжело: три. Оставить сообщение: пять. У вас есть номер запроса: один.",
        "en": "To be called back: four. You are in great distress: three. To leave a message: five. You have the number of an enquiry: one.",
        "fr": "Pour être rappelé : quatre. Vous êtes en grande détresse : trois. Pour laisser un message : cinq. Vous avez le numéro d'une demande : un.",
    },
    "surge": {
        "uk": "Зараз телефонує дуже багато людей. Найшвидше буде, якщо ми вам передзвонимо.",
        "ru": "Сейчас звонит очень много людей. Быстрее всего будет, если мы вам перезвоним.",
        "en": "Very many people are calling now. The quickest way is that we call you back.",
        "fr": "Beaucoup de personnes appellent en ce moment. Le plus rapide est que nous vous rappelions.",
    },
    "partners": {
        "uk": "Вам можуть допомогти і за номером {lines}.",
        "ru": "Вам могут помочь и по номеру {lines}.",
        "en": "You can also get help at this number: {lines}.",
        "fr": "On peut aussi vous aider au numéro {lines}.",
    },
    "again": {
        "uk": "Ми не зрозуміли. Ще раз.",
        "ru": "Мы не поняли. Ещё раз.",
        "en": "We did not understand. Once more.",
        "fr": "Nous n'avons pas compris. Encore une fois.",
    },
    "reference": {
        "uk": "Наберіть дев'ять цифр номера запиту.",
        "ru": "Наберите девять цифр номера запроса.",
        "en": "Key in the nine digits of your number.",
        "fr": "Tapez les neuf chiffres de votre numéro.",
    },
    "digits": {
        "uk": "Тепер наберіть двадцять цифр, які ми вам дали.",
        "ru": "Теперь наберите двадцать цифр, которые мы вам дали.",
        "en": "Now key in the twenty digits that we gave you.",
        "fr": "Tapez maintenant les vingt chiffres que nous vous avons donnés.",
    },
    "neutral": {
        "uk": "Ваш запит у нас. Ми шукаємо щодня, доки не буде відповіді. Телефоном новин автомат не каже ніколи: усе, що є для вас, ви читаєте на своїй сторінці або чуєте від людини.",
        "ru": "Ваш запрос у нас. Мы ищем каждый день, пока не будет ответа. Автомат никогда не сообщает новостей: всё, что для вас есть, вы читаете на своей странице или слышите от человека.",
        "en": "Your enquiry is with us. We look every day until there is an answer. This machine never tells news: whatever there is for you, you read on your page or hear from a person.",
        "fr": "Votre demande est chez nous. Nous cherchons chaque jour jusqu'à la réponse. Cette machine ne dit jamais de nouvelles : ce qui est pour vous, vous le lisez sur votre page ou l'entendez d'une personne.",
    },
    "not_known": {
        "uk": "Номер і цифри не підходять одне до одного. Перевірте їх, будь ласка.",
        "ru": "Номер и цифры не подходят друг к другу. Проверьте их, пожалуйста.",
        "en": "The number and the digits do not belong together. Please look again.",
        "fr": "Le numéro et les chiffres ne vont pas ensemble. Vérifiez-les, s'il vous plaît.",
    },
    "busy": {
        "uk": "Зараз ми не можемо перевірити цифри. Спробуйте за хвилину.",
        "ru": "Сейчас мы не можем проверить цифры. Попробуйте через минуту.",
        "en": "We cannot check the digits at this moment. Try again in a minute.",
        "fr": "Nous ne pouvons pas vérifier les chiffres en ce moment. Réessayez dans une minute.",
    },
    "distress": {
        "uk": "Ви не самі. Перша вільна людина відповість вам. Залишайтеся на лінії.",
        "ru": "Вы не одни. Первый свободный человек ответит вам. Оставайтесь на линии.",
        "en": "You are not alone. The first free person will answer you. Stay on the line.",
        "fr": "Vous n'êtes pas seul. La première personne libre vous répondra. Restez en ligne.",
    },
    "place": {
        "uk": "Ви у черзі під номером {place}. Чекати приблизно {minutes} хв. Щоб ми вам передзвонили, а ваше місце лишилося за вами, натисніть один.",
        "ru": "Вы в очереди под номером {place}. Ждать примерно {minutes} мин. Чтобы мы вам перезвонили, а ваше место осталось за вами, нажмите один.",
        "en": "You are number {place} in the queue. The wait is about {minutes} minutes. To be called back and keep your place, press one.",
        "fr": "Vous êtes numéro {place} dans la file. L'attente est d'environ {minutes} minutes. Pour être rappelé en gardant votre place, appuyez sur un.",
    },
    "place_unsure": {
        "uk": "Ви у черзі під номером {place}. Ми не знаємо, скільки доведеться чекати. Щоб ми вам передзвонили, а ваше місце лишилося за вами, натисніть один.",
        "ru": "Вы в очереди под номером {place}. Мы не знаем, сколько придётся ждать. Чтобы мы вам перезвонили, а ваше место осталось за вами, нажмите один.",
        "en": "You are number {place} in the queue. We do not know how long the wait is. To be called back and keep your place, press one.",
        "fr": "Vous êtes numéro {place} dans la file. Nous ne savons pas combien de temps il faut attendre. Pour être rappelé en gardant votre place, appuyez sur un.",
    },
    "connected": {
        "uk": "Вам відповідає людина.",
        "ru": "Вам отвечает человек.",
        "en": "A person is answering you now.",
        "fr": "Une personne vous répond maintenant.",
    },
    "hours": {
        "uk": "Коли вам безпечно говорити? До полудня: один. Після полудня: два. Увечері: три. Будь-коли вдень: чотири.",
        "ru": "Когда вам безопасно говорить? До полудня: один. После полудня: два. Вечером: три. В любое время дня: четыре.",
        "en": "When can you speak safely? In the morning: one. In the afternoon: two. In the evening: three. At any time of the day: four.",
        "fr": "Quand pouvez-vous parler sans danger ? Le matin : un. L'après-midi : deux. Le soir : trois. À toute heure du jour : quatre.",
    },
    "number": {
        "uk": "Наберіть номер, на який безпечно дзвонити, і натисніть решітку.",
        "ru": "Наберите номер, на который безопасно звонить, и нажмите решётку.",
        "en": "Key in the number that is safe to call, then press hash.",
        "fr": "Tapez le numéro qu'on peut appeler sans danger, puis dièse.",
    },
    "number_own": {
        "uk": "Щоб ми дзвонили на цей телефон, натисніть один і решітку. Або наберіть інший номер і натисніть решітку.",
        "ru": "Чтобы мы звонили на этот телефон, нажмите один и решётку. Или наберите другой номер и нажмите решётку.",
        "en": "To be called on this telephone, press one and hash. Or key in another number, then press hash.",
        "fr": "Pour être appelé sur ce téléphone, appuyez sur un et dièse. Ou tapez un autre numéro, puis dièse.",
    },
    "cover": {
        "uk": "Якщо відповість хтось інший, хто ми? З бібліотеки: один. З аптеки: два. Служба доставки: три. Нічого не казати: чотири.",
        "ru": "Если ответит кто-то другой, кто мы? Из библиотеки: один. Из аптеки: два. Служба доставки: три. Ничего не говорить: четыре.",
        "en": "If somebody else answers, who are we? From the library: one. From the pharmacy: two. A delivery service: three. Say nothing: four.",
        "fr": "Si quelqu'un d'autre répond, qui sommes-nous ? De la bibliothèque : un. De la pharmacie : deux. Un service de livraison : trois. Ne rien dire : quatre.",
    },
    "booked": {
        "uk": "Записано. Ми передзвонимо у вибрані години.",
        "ru": "Записано. Мы перезвоним в выбранные часы.",
        "en": "It is written down. We will call in the hours you chose.",
        "fr": "C'est noté. Nous appellerons aux heures choisies.",
    },
    "message": {
        "uk": "Говоріть після сигналу, до двох хвилин. Закінчивши, натисніть решітку.",
        "ru": "Говорите после сигнала, до двух минут. Закончив, нажмите решётку.",
        "en": "Speak after the tone, for up to two minutes. When you have finished, press hash.",
        "fr": "Parlez après le signal, deux minutes au plus. À la fin, appuyez sur dièse.",
    },
    "kept": {
        "uk": "Ваше повідомлення збережено.",
        "ru": "Ваше сообщение сохранено.",
        "en": "Your message is kept.",
        "fr": "Votre message est conservé.",
    },
    "goodbye": {
        "uk": "Дякуємо. До побачення.",
        "ru": "Спасибо. До свидания.",
        "en": "Thank you. Goodbye.",
        "fr": "Merci. Au revoir.",
    },
}


def text(code: str, language: str, **said: object) -> str:
    """The words of one text."""
    return TEXTS[code][language if language in LANGUAGES else "uk"].format(**said)
