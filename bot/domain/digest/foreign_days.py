"""What the days are called in the languages and scripts that Salesforce's admins speak most beside English."""

from __future__ import annotations

import re

from bot.domain.digest.schedule import DAYS
from bot.domain.patterns import late

_SPACED = (
    (
        "montag montags lundi lundis lunes lunedì lunedi maandag maandags måndag mandag segunda segunda-feira"
        " poniedziałek poniedziałki pondělí pazartesi понедельник понедельника понедельникам понеділок понеділка"
        " δευτέρα सोमवार الاثنين الإثنين"
    ),
    (
        "dienstag dienstags mardi mardis martes martedì martedi dinsdag dinsdags tisdag tirsdag terça terça-feira"
        " wtorek wtorki úterý salı вторник вторника вторникам вівторок вівторка τρίτη मंगलवार الثلاثاء"
    ),
    (
        "mittwoch mittwochs mercredi mercredis miércoles miercoles mercoledì mercoledi woensdag woensdags onsdag quarta"
        " quarta-feira środa środę środy středa středu çarşamba среда среду среды средам середа середу середи τετάρτη"
        " बुधवार الأربعاء الاربعاء"
    ),
    (
        "donnerstag donnerstags jeudi jeudis jueves giovedì giovedi donderdag donderdags torsdag quinta quinta-feira"
        " czwartek czwartki čtvrtek perşembe четверг четверга четвергам четвер πέμπτη गुरुवार الخميس"
    ),
    (
        "freitag freitags vendredi vendredis viernes venerdì venerdi vrijdag vrijdags fredag sexta sexta-feira"
        " piątek piątku piątki pátek cuma пятница пятницу пятницы пятницам п'ятниця п'ятницю παρασκευή शुक्रवार الجمعة"
    ),
    (
        "samstag samstags sonnabend sonnabends samedi samedis sábado sabado sábados sabados sabato zaterdag zaterdags"
        " lördag lørdag sobota sobotę soboty cumartesi суббота субботу субботы субботам субота суботу σάββατο"
        " शनिवार السبت"
    ),
    (
        "sonntag sonntags dimanche dimanches domingo domingos domenica zondag zondags söndag søndag niedziela niedzielę"
        " neděle neděli pazar воскресенье воскресенья воскресеньям неділя неділю κυριακή रविवार الأحد الاحد"
    ),
)
"""Where words stand apart; Monday first."""

_HEBREW = "שני שלישי רביעי חמישי שישי שבת ראשון".split()
"""Behind the word for day; alone they are "second", "third" and so on."""

_JOINED = (
    "月曜日? (?:星期|周|週|礼拜|禮拜)一 월요일",
    "火曜日? (?:星期|周|週|礼拜|禮拜)二 화요일",
    "水曜日? (?:星期|周|週|礼拜|禮拜)三 수요일",
    "木曜日? (?:星期|周|週|礼拜|禮拜)四 목요일",
    "金曜日? (?:星期|周|週|礼拜|禮拜)五 금요일",
    "土曜日? (?:星期|周|週|礼拜|禮拜)六 토요일",
    "日曜日? (?:星期|周|週|礼拜|禮拜)[日天] 일요일",
)
"""Where no space stands between a day and what is said of it."""


def word(form: str) -> re.Pattern[str]:
    """What stands as a word of its own."""
    return late(rf"(?<!\S)(?:{form})(?!\S)", re.IGNORECASE)


IN_ENGLISH: list[tuple[re.Pattern[str], str]] = [
    *((late("|".join(forms.split())), f" {day.lower()} ") for day, forms in zip(DAYS, _JOINED, strict=True)),
    *((word(f"(?:יום|ביום|בימי) {name}|{name}ים"), day.lower()) for day, name in zip(DAYS, _HEBREW, strict=True)),
    *((word("|".join(names.split())), day.lower()) for day, names in zip(DAYS, _SPACED, strict=True)),
]
"""Each day as it is said elsewhere, and in English."""


def day_called(name: str) -> int | None:
    """Which day of the week a word of another language is, 0 for Monday."""
    found = next((day.strip() for form, day in IN_ENGLISH if form.fullmatch(name)), None)
    return None if found is None else [day.lower() for day in DAYS].index(found)
