"""Days and times in other languages than English, which alone is read: so much is understood that it can be offered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.domain.digest.foreign_days import IN_ENGLISH, word
from bot.domain.patterns import late

_RUNS = {
    "every 2 weeks": r"(?:alle|jede|toutes les|cada|ogni|elke|om de|каждые) (?:2|zwei|zweite|deux|dos|due|twee|две)"
    r" (?:wochen?|semaines|semanas|settimane|weken|недели)|jeden zweiten|zweiwöchentlich|vierzehntägig|14-tägig|隔週",
    "weekdays": r"werktags|an werktagen|wochentags|en semaine|doordeweeks|dias úteis|по будням|平日|工作日|평일",
    "daily": r"täglich|jeden tag|tous les jours|todos los días|ogni giorno|elke dag|dagelijks|todos os dias"
    "|каждый день|ежедневно|毎日|每天|매일",
    "weekly": r"wöchentlich|jede woche|chaque semaine|cada semana|ogni settimana|wekelijks|toda semana|еженедельно",
    "noon": "mittags?|midi|mediodía|mezzogiorno|meio-dia|полдень|正午",
    "midnight": "mitternachts?|minuit|medianoche|mezzanotte|middernacht|meia-noite|полночь",
    "morning": "früh|vormittags?|morgens|утра|утром",
    "evening": "abends?|вечера|вечером",
    "to": "bis",
    "and": "und|et|y|en|e|и",
    "for": "für",
    "": "um|jeden|jede[rs]?|am|immer|von|chaque|tous les|le|les|los|el|cada|todos los|a las|à|alle|ogni|ore|op|om"
    "|elke|iedere|uur|heures?|toda|às|horas?|по|в|во|каждый|каждую|каждое|часов|कल|को|हर|كل|يوم|في|الساعة|כל|בשעה",
}
_CLOCKS = (
    (late(r"(?:午前|上午|오전)\s*(\d{1,2})\s*[時时点點시]"), r" \1 am "),
    (late(r"(?:午後|下午|오후)\s*(\d{1,2})\s*[時时点點시]"), r" \1 pm "),
    (late(r"(?<!\d)(\d{1,2})\s*[時时点點시](?!\d)"), r" \1:00 "),
    (late("毎週|每周|每週|매주|每(?!天)"), " every "),
    (late("の|に|へ|에"), " "),
)
"""Where nothing stands between words."""

_HEARD = [*_CLOCKS, *((word(form), english) for english, form in _RUNS.items())]


def in_english(words: Sequence[str]) -> list[str]:
    """The words with those of another language in English; the same where none of them is a day or a rhythm."""
    return _in_english(words, (*IN_ENGLISH, *_HEARD))


_TIMES = {
    "until": "bis(?: zum| zu)?|jusqu['’]?(?:à|au|en)|hasta(?: el| la)?|fino al?|tot(?: en met)?|até|до|till och med"
    "|حتى|עד|kadar",
    "from": "ab|à partir (?:de|du|d['’])|a partir (?:de|del|do)|desde|a partire da|vanaf|från|od|начиная с",
    "for": "für|pour|pendant|por|durante|per|voor|на|för",
    "tomorrow": "morgen|demain|mañana|domani|amanhã|завтра|imorgon|jutro|yarın|غدا|מחר|明日|明天|내일",
    "next week": "nächste[rn]? woche|(?:la )?semaine prochaine|(?:la )?próxima semana|(?:la )?semana que viene"
    "|(?:la )?settimana prossima|(?:la )?prossima settimana|volgende week|следующей недели|следующую неделю"
    "|来週|下周|다음 ?주",
    "next month": "nächste[nrs]? monats?|(?:le )?mois prochain|(?:el )?próximo mes|(?:il )?mese prossimo"
    "|volgende maand",
    "working days": "(?:arbeits|werk)tagen?|jours (?:ouvrés|ouvrables)|d[ií]as (?:laborables|hábiles|úteis)"
    "|giorni lavorativi|(?:werk|arbejds|arbets)dage[nr]?|рабочих (?:дня|дней)|dni robocze|dni roboczych|iş günü",
    "days": "tage?|tagen|jours?|journées?|d[ií]as?|giorni|giorno|dagen|dag|dagar|dage|дней|дня|день|дні|днів|dni|dzień"
    "|dny|dní|gün|ημέρες|μέρες|दिन|أيام|يوما|ימים|יום",
    "weeks": "wochen?|semaines?|semanas?|settiman[ae]|weken|veckor|vecka|uger?|uker?|недел[ьию]|тижн[іяів]"
    "|tygodni|tygodnie|tygodniach|tydzień|týdny|týdnů|týden|hafta|εβδομάδες|हफ़्ते|हफ्ते|सप्ताह|أسابيع|أسبوع|أسبوعين|שבועות|שבוע",
    "months": "monate?|monaten|mois|m[eê]s(?:es)?|mes[ei]|maanden|maand|månad(?:er)?|måneder?|месяц(?:а|ев)?|місяц[іья]"
    "|miesiąc|miesiące|miesięcy|měsíce?|měsíců|ay|μήνες|महीने|أشهر|شهر|חודש(?:ים)?",
    "years": "jahre?|jahren|ans|(?<=1 )an|années?|años?|anos?|ann[oi]|jaar|år|год(?:а)?|рок[иу]|lat[ao]?|rok|roky|yıl",
    "never": "nie|niemals|jamais|nunca|nooit|никогда|für immer|pour toujours|para siempre|per sempre|voor altijd",
    "one": "eine?|eine[mnr]|une?|una|uno|een|один|одну",
    "two": "zwei|deux|dos|due|twee|dois|duas|два|две|två",
    "three": "drei|trois|tres|tre|drie|três|три",
    "four": "vier|quatre|cuatro|quattro|quatro|четыре",
    "": "le|la|el|il|lo|al|den|dem|der|die|das|de|op|o|يوم",
}
_JOINED_TIMES = (
    (late(r"(\d+)\s*(?:日間?|天|일)"), r" \1 days "),
    (late(r"(\d+)\s*(?:週間?|周|주)"), r" \1 weeks "),
    (late(r"(\d+)\s*(?:[かヶケカ箇]月間?|个月|個月|개월)"), r" \1 months "),
    (late(r"(\S+?)\s*(?:まで|까지)"), r" until \1 "),
    (late("直到|到|至"), " until "),
)
_SNOOZED = (*IN_ENGLISH, *_JOINED_TIMES, *((word(form), english) for english, form in _TIMES.items()))

_ONE = late(r"\b(1|one) (day|week|month|year)s\b")


def time_in_english(words: Sequence[str]) -> list[str]:
    """For how long, or until when, in English; the same where nothing of another language is said."""
    found = _in_english(words, _SNOOZED)
    return _ONE.sub(r"\1 \2", " ".join(found)).split() if found != list(words) else found


def _in_english(words: Sequence[str], heard: Iterable[tuple[re.Pattern[str], str]]) -> list[str]:
    text, is_other = " ".join(words), False
    for form, english in heard:
        text, count = form.subn(english, text)
        is_other = is_other or bool(count and english.strip())
    return text.split() if is_other else list(words)
