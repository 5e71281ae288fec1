"""Days and times in other languages than English, which alone is read: so much is understood that it can be offered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.digest.schedule import DAYS

_DAYS = (
    "montag montags lundi lundis lunes lunedì lunedi maandag maandags",
    "dienstag dienstags mardi mardis martes martedì martedi dinsdag dinsdags",
    "mittwoch mittwochs mercredi mercredis miércoles miercoles mercoledì mercoledi woensdag woensdags",
    "donnerstag donnerstags jeudi jeudis jueves giovedì giovedi donderdag donderdags",
    "freitag freitags vendredi vendredis viernes venerdì venerdi vrijdag vrijdags",
    "samstag samstags sonnabend sonnabends samedi samedis sábado sabado sábados sabados sabato zaterdag zaterdags",
    "sonntag sonntags dimanche dimanches domingo domingos domenica zondag zondags",
)
"""What the days are called in the languages that Salesforce's admins speak most beside English."""

_RUNS = {
    "every 2 weeks": r"(?:alle|jede|toutes les|cada|ogni|elke|om de) (?:2|zwei|zweite|deux|dos|due|twee)"
    r" (?:wochen?|semaines|semanas|settimane|weken)|jeden zweiten|zweiwöchentlich|vierzehntägig|14-tägig",
    "weekdays": r"werktags|an werktagen|wochentags|en semaine|doordeweeks",
    "daily": r"täglich|jeden tag|tous les jours|todos los días|ogni giorno|elke dag|dagelijks",
    "weekly": r"wöchentlich|jede woche|chaque semaine|cada semana|ogni settimana|wekelijks",
    "noon": "mittags?|midi|mediodía|mezzogiorno",
    "midnight": "mitternachts?|minuit|medianoche|mezzanotte|middernacht",
    "morning": "früh|vormittags?|morgens",
    "evening": "abends?",
    "to": "bis",
    "and": "und|et|y|en",
    "for": "für",
    "": "um|jeden|jede[rs]?|am|immer|von|chaque|tous les|le|les|los|el|cada|todos los|a las|à|alle|ogni|ore|op|om"
    "|elke|iedere|uur|heures?",
}
_WORDS = {re.compile(rf"(?<!\S)(?:{form})(?!\S)", re.IGNORECASE): word for word, form in _RUNS.items()}
_WORDS |= {
    re.compile(rf"(?<!\S)(?:{'|'.join(names.split())})(?!\S)", re.IGNORECASE): day.lower()
    for day, names in zip(DAYS, _DAYS, strict=True)
}


def day_called(word: str) -> int | None:
    """Which day of the week a word of another language is, 0 for Monday."""
    return next((n for n, names in enumerate(_DAYS) if word.casefold() in names.split()), None)


def in_english(words: Sequence[str]) -> list[str]:
    """The words with those of another language in English; the same where none of them is a day or a rhythm."""
    text, is_other = " ".join(words), False
    for form, english in _WORDS.items():
        text, count = form.subn(english, text)
        is_other = is_other or bool(count and english)
    return text.split() if is_other else list(words)
