"""What people say to the bot as to a colleague, and the titles of its own prompts and buttons when they are typed."""

from __future__ import annotations

import re
from enum import StrEnum


class Talk(StrEnum):
    """Small talk, by what is answered."""

    GREETING = "greeting"
    THANKS = "thanks"
    WHO = "who"
    BYE = "bye"


_TITLES = {
    "which orgs need a step": "status all",
    "check all": "status all",
    "check all now": "status all",
    "check all again": "status all",
    "check all orgs": "status all",
    "check all orgs now": "status all",
    "explain a login error": "explain",
    "go through the guide": "guide",
    "choose an org to check": "orgs",
    "all orgs": "orgs",
    "which orgs are not ready": "status not ready",
    "what is not ready": "status not ready",
    "which sandboxes are ready": "status sandboxes",
    "all commands": "help",
    "post it now": "remind now",
    "switch it off": "remind off",
    "switch escalation off": "remind escalate off",
    "switch handover on": "remind handover on",
    "switch handover off": "remind handover off",
    "switch alerts on": "remind alerts on",
    "be quiet here": "settings quiet",
    "listen here": "settings listen",
    "open to guests": "settings guests on",
    "close to guests": "settings guests off",
}
"""The titles of prompts and buttons that say the same wherever they stand. Others need what they stand below."""

_HELP = (
    "help me|help please|please help|please help me|can you help|can you help me|could you help me|i need help"
    "|need help|help pls|help us|commands|what can i type|what can i say|what can i ask|usage|how do i use you"
    "|how does this work|how do you work|menu"
)

_SMALL_TALK = {
    Talk.GREETING: "hello|hello there|hello flosum|hello everyone|hi|hi there|hi flosum|hey|hey there|hey flosum"
    "|good morning|good afternoon|good evening|good day|morning|greetings|howdy|hallo|hola|bonjour|ciao|moin|servus"
    "|are you there|you there|anybody there|anyone there|ping|how are you|how are you doing|test|testing",
    Talk.THANKS: "thanks|thank you|thanks a lot|thank you very much|thank you so much|many thanks|thanks so much"
    "|thanks flosum|thank you flosum|thx|ty|tysm|cheers|danke|merci|gracias|great|great thanks|perfect|perfect thanks"
    "|nice|nice one|cool|cool thanks|awesome|ok|okay|ok thanks|okay thanks|ok thank you|got it|got it thanks|solved"
    "|solved thanks|fixed|fixed thanks|it works|it works now|it works now thanks|that worked|that works|that helped"
    "|that was it|good bot|well done|great job",
    Talk.WHO: "who are you|what are you|what do you do|what can you do|what can you do for me|what is this"
    "|what are you for|are you a bot|are you human|are you a human|introduce yourself",
    Talk.BYE: "bye|bye bye|goodbye|good bye|see you|see you later|good night|have a nice day|have a good day|later",
}

_LINES = {**_TITLES, **dict.fromkeys(_HELP.split("|"), "help")}
_TALK = {phrase: talk for talk, phrases in _SMALL_TALK.items() for phrase in phrases.split("|")}
_LONGEST = max(map(len, (*_LINES, *_TALK)))

_EMOJI = re.compile(r":[\w+-]+:")
_MARKS = re.compile(r"[^\w\s'’/-]|_")
_WAVING = re.compile(r":wave:|\N{WAVING HAND SIGN}")


def line_of(text: str) -> str | None:
    """The command that a title, or a cry for help, is another way to say."""
    return _LINES.get(_plain(text))


def talk_of(text: str) -> Talk | None:
    """The small talk that a text is, and nothing else."""
    plain = _plain(text)
    if plain:
        return _TALK.get(plain)
    if len(text) > _LONGEST or not _is_picture(text):
        return None
    return Talk.GREETING if _WAVING.search(text) else Talk.THANKS


def _is_picture(text: str) -> bool:
    return _EMOJI.search(text) is not None or any(ord(letter) >= 0x2600 for letter in text)


def _plain(text: str) -> str:
    """Words alone, in small letters, without a mark, an emoji or what stands for one."""
    if len(text) > 2 * _LONGEST:
        return ""
    words = _MARKS.sub(" ", _EMOJI.sub(" ", text)).casefold().replace("’", "'").replace("what's", "what is")
    return " ".join(words.strip(" '/-").split())
