"""What an operator says and does not say, situation by situation, in the four languages of the line."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Situation:
    """One situation: what it is, what not to do (for the operator), and the words to say (for the caller)."""

    code: str
    label: str | Promise
    never: str | Promise
    words: dict[str, str]


SITUATIONS: tuple[Situation, ...] = (
    Situation(
        "no_news",
        _("There is no news"),
        _("Do not guess, do not comfort with hopes. You cannot see whether he was found, and must not seem to."),
        {
            "uk": "Сьогодні я не можу сказати вам нічого нового. Ваш запит стоїть, ми шукаємо щодня. Якщо буде що сказати, з вами зв'яжеться людина.",
            "ru": "Сегодня я не могу сказать вам ничего нового. Ваш запрос стоит, мы ищем каждый день. Если будет что сказать, с вами свяжется человек.",
            "en": "I have nothing new to tell you today. Your enquiry stands, and we look every day. If there is something to tell, a person will be in touch.",
            "fr": "Je n'ai rien de nouveau à vous dire aujourd'hui. Votre demande reste ouverte, nous cherchons chaque jour. S'il y a quelque chose à dire, une personne vous contactera.",
        },
    ),
    Situation(
        "death",
        _("She asks whether he is dead"),
        _("A death is told only by a trained caller with the approved text, never on this line. Neither yes nor no."),
        {
            "uk": "На цій лінії про долю не кажуть: ні доброго, ні поганого. Це робить спеціально підготовлена людина. Чи є хтось поруч із вами зараз?",
            "ru": "На этой линии о судьбе не говорят: ни хорошего, ни плохого. Это делает специально подготовленный человек. Есть ли кто-то рядом с вами сейчас?",
            "en": "On this line nobody tells of anyone's fate, neither good nor bad. A person trained for it does. Is somebody with you now?",
            "fr": "Sur cette ligne, on ne parle du sort de personne, ni en bien ni en mal. Une personne formée le fait. Y a-t-il quelqu'un près de vous maintenant ?",
        },
    ),
    Situation(
        "distress",
        _("She may harm herself"),
        _("Do not end the call first. Press the distress key; the supervisor sees it."),
        {
            "uk": "Я тут і слухаю вас. Ви думаєте про те, щоб зробити собі боляче? Залишайтеся зі мною, ми разом покличемо когось до вас.",
            "ru": "Я здесь и слушаю вас. Вы думаете о том, чтобы причинить себе вред? Оставайтесь со мной, мы вместе позовём кого-то к вам.",
            "en": "I am here and I am listening. Are you thinking of hurting yourself? Stay with me; together we will call somebody to you.",
            "fr": "Je suis là et je vous écoute. Pensez-vous à vous faire du mal ? Restez avec moi, nous allons appeler quelqu'un ensemble.",
        },
    ),
    Situation(
        "threats",
        _("Threats"),
        _("Do not argue, give no name. Note the words. You may end the call after saying so once."),
        {
            "uk": "Я хочу вам допомогти. Якщо ви погрожуватимете, я закінчу розмову.",
            "ru": "Я хочу вам помочь. Если вы будете угрожать, я закончу разговор.",
            "en": "I want to help you. If you threaten, I will end the call.",
            "fr": "Je veux vous aider. Si vous menacez, je mettrai fin à l'appel.",
        },
    ),
    Situation(
        "journalist",
        _("A journalist calls"),
        _("No figures, no cases, not even that somebody called."),
        {
            "uk": "Ця лінія лише для родин. Зверніться, будь ласка, до бюро письмово.",
            "ru": "Эта линия только для семей. Обратитесь, пожалуйста, в бюро письменно.",
            "en": "This line is for families only. Please write to the bureau.",
            "fr": "Cette ligne est réservée aux familles. Écrivez au bureau, s'il vous plaît.",
        },
    ),
    Situation(
        "scammer",
        _("Somebody asks her for money"),
        _("Do not blame her if she has paid. Ask for the text and write it down on the scam page."),
        {
            "uk": "Ми ніколи не просимо грошей. За гроші нікого не вносять до списків. Не платіть і не відповідайте; прочитайте мені, що вам написали.",
            "ru": "Мы никогда не просим денег. За деньги никого не вносят в списки. Не платите и не отвечайте; прочитайте мне, что вам написали.",
            "en": "We never ask for money. Nobody is put on a list for money. Do not pay and do not answer; read to me what they wrote.",
            "fr": "Nous ne demandons jamais d'argent. Personne n'est mis sur une liste pour de l'argent. Ne payez pas, ne répondez pas ; lisez-moi ce qu'ils ont écrit.",
        },
    ),
    Situation(
        "child",
        _("A child calls"),
        _("Ask for no facts. Ask for a grown-up; stay until one is there or the supervisor takes over."),
        {
            "uk": "Добре, що ти подзвонив. Хто з дорослих зараз біля тебе? Дай, будь ласка, слухавку.",
            "ru": "Хорошо, что ты позвонил. Кто из взрослых сейчас рядом с тобой? Дай, пожалуйста, трубку.",
            "en": "It is good that you called. Which grown-up is with you now? Please give them the phone.",
            "fr": "C'est bien que tu aies appelé. Quel adulte est avec toi ? Passe-lui le téléphone, s'il te plaît.",
        },
    ),
)

# How letters are spelt over the telephone.
ALPHABETS: dict[str, str] = {
    "uk": (
        "А Андрій · Б Богдан · В Василь · Г Григорій · Ґ Ґанок · Д Дмитро · Е Емма · Є Євген · Ж Жанна · З Зіновій · И Київ · І Іван · "
        "Ї Їжак · Й Йосип · К Карпо · Л Леонід · М Марія · Н Надія · О Ольга · П Петро · Р Роман · С Степан · Т Тарас · У Уляна · "
        "Ф Федір · Х Христина · Ц Центр · Ч Чайка · Ш Шевченко · Щ Щит · Ю Юрій · Я Яків · Ь м'який знак"
    ),
    "ru": (
        "А Анна · Б Борис · В Василий · Г Григорий · Д Дмитрий · Е Елена · Ё Ёлка · Ж Женя · З Зинаида · И Иван · Й Иван краткий · "
        "К Константин · Л Леонид · М Михаил · Н Николай · О Ольга · П Павел · Р Роман · С Семён · Т Татьяна · У Ульяна · Ф Фёдор · "
        "Х Харитон · Ц Цапля · Ч Человек · Ш Шура · Щ Щука · Ъ твёрдый знак · Ы еры · Ь мягкий знак · Э Эхо · Ю Юрий · Я Яков"
    ),
}
