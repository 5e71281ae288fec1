"""What people say to the bot as to a colleague, and the titles of its own prompts and buttons when they are typed."""

from __future__ import annotations

import re
from enum import StrEnum

from bot.domain.patterns import late


class Talk(StrEnum):
    """Small talk, by what is answered."""

    GREETING = "greeting"
    THANKS = "thanks"
    WHO = "who"
    FAILED = "failed"
    SAME = "same"
    EACH = "each"
    SIGNS = "signs"
    BYE = "bye"
    PEOPLE = "people"
    WHICH = "which"  # a title that needs an org
    STEPS = "steps"  # from here on: titles that mean what they stand below
    RATING = "rating"
    SHARING = "sharing"
    KEEPING = "keeping"
    UNDO = "undo"
    STOP = "stop"
    TIME = "time"
    FORM = "form"
    CHOICE = "choice"
    PAGE = "page"


_NEXT = frozenset("what next|what is next|next|next step|next steps|what now|now what|what is left".split("|"))
"""What is asked of all orgs, unless the talk is of some."""

_TITLES = {
    "which orgs need a step": "status all",
    "check all": "status all",
    "check all now": "status all",
    "check all again": "status all",
    "check all orgs": "status all",
    "check all orgs now": "status all",
    "check these now": "status all",
    "put them back": "tag",
    "all tags": "tag",
    **dict.fromkeys(
        "snoozed|snoozed orgs|orgs snoozed|status snoozed|which orgs are snoozed|what is snoozed|who snoozed what"
        "|show snoozed orgs|list snoozed orgs|show me the snoozed orgs|all snoozed orgs".split("|"),
        "snooze",
    ),
    "check these again": "status all",
    "explain a login error": "explain",
    "go through the guide": "guide",
    "show the guide": "guide",
    "guide me": "guide",
    "connect an org": "connect",
    "connect another org": "connect",
    "connect a salesforce org": "connect",
    "log in to salesforce": "connect",
    "name the user": "connect",
    "change": "remind",
    "set it up": "remind",
    **dict.fromkeys(("change it", "choose another channel", "fill in a form", "switch them off there"), "remind"),
    "switch it on": "remind on",
    **dict.fromkeys(
        ("snooze it", "end it", "1 week", "2 weeks", "4 weeks", "not needed here", "with a reason"), "snooze"
    ),
    "change the digest": "remind",
    **dict.fromkeys(
        "what is missing|what is still missing|what is open|what is still open|what is left to do|what is outstanding"
        "|what still needs to be done|what is not done".split("|"),
        "status not ready",
    ),
    **dict.fromkeys(
        "how many are done|how many are ready|how many are left|how far are we|overall status|give me a report|progress"
        "|overview|an overview|the overview|summary of all orgs"
        "|send me a report|show me a report|i need a report|give me an overview|show me an overview".split("|"),
        "status all",
    ),
    **dict.fromkeys(
        "the others|and the others|what about the others|and all others|all others|the rest of them".split("|"),
        "status all",
    ),
    **dict.fromkeys(
        "which is worst|which one is worst|which of them is worst|which is the worst|which is most urgent"
        "|what is most urgent|which one first|which org first|which ones are not ready".split("|"),
        "status not ready",
    ),
    "next page": "orgs 2",
    "previous page": "orgs",
    "take off": "settings",
    **dict.fromkeys(
        ("how to install", "how to install it", "how to install them", "how to install the app"), "guide install"
    ),
    **dict.fromkeys(
        "is it just us|is it only us|is it just me|is it only me|is this just me|is this just us|is it me|just me"
        "|only me|are we the only ones|am i the only one|is everyone affected|is everybody affected|who is affected"
        "|are others affected|are all affected|are all orgs affected|are others having this|are others having this too"
        "|does everybody have this|does everyone have this|do others have this|do others have this too"
        "|do others see this|does everyone see this|is anyone else seeing this|is anybody else seeing this"
        "|anyone else|anybody else|is anyone else having this|is it a known issue|is this a known issue"
        "|is this a known problem|is it a known problem|is this normal|is that normal|is this expected".split("|"),
        "guide why",
    ),
    **dict.fromkeys(("how to unblock", "how to unblock it", "how to unblock the app"), "guide unblock"),
    **dict.fromkeys(
        ("how to refresh the token", "how to update the token", "how to update token"), "guide refresh-token"
    ),
    **dict.fromkeys(
        ("sandboxes", "what about the sandboxes", "what about sandboxes", "and the sandboxes", "and sandboxes"),
        "status sandboxes",
    ),
    "not ready": "status not ready",
    **dict.fromkeys(
        ("orgs list", "orgs all", "orgs show", "which org", "which org is it", "which org is that", "what org"),
        "orgs",
    ),
    **dict.fromkeys(
        "guide all|guide list|guide sections|guide contents|guide index|guide overview|whole guide|full guide".split(
            "|"
        ),
        "guide",
    ),
    **dict.fromkeys(("list orgs", "list all orgs", "list my orgs", "list all my orgs", "list the orgs"), "orgs"),
    **dict.fromkeys(_NEXT, "status all"),
    **dict.fromkeys(
        "all of them|all of these|all of the orgs|every org|each org|every one of them|all my orgs|all our orgs".split(
            "|"
        ),
        "status all",
    ),
    **dict.fromkeys(
        "connect my new org|connect a new org|connect new org|connect org|connect my org|connect the org|add an org"
        "|add org|add a new org|add my org|new org|how do i connect an org|how to connect an org".split("|"),
        "connect",
    ),
    **dict.fromkeys(
        "what version are you|which version|which version are you|what version|version number|your version".split("|"),
        "version",
    ),
    **dict.fromkeys(
        "what do you store|what do you store about me|what do you keep|what do you keep about me|what do you know"
        "|what do you know about me|what data do you keep|what data do you store|what do you save|delete my data"
        "|erase my data|forget me|forget my data|gdpr|data protection|is my data safe|is this safe|are you safe"
        "|do you read my messages|do you read our messages|do you store passwords".split("|"),
        "privacy",
    ),
    **dict.fromkeys(
        "who can change settings|who can change things|who may change things|who may change settings|who is admin"
        "|who are the admins|who is an admin|who is the admin|who is admin here|who is the admin here|what did you do"
        "|what did you just do|what have you done|be quiet|shut up|go away|leave me alone".split("|"),
        "settings",
    ),
    **dict.fromkeys(("choose an org", "choose an org to check"), "orgs"),
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
"""The titles of prompts and buttons that say the same wherever they stand."""

OF_STATUS = "status {org}"

_OF_ORG = {
    OF_STATUS: "is it fixed|is it fixed now|fixed now|is it solved|is it done|is it done now|is it working now"
    "|does it work now|did it work|and now|how about now|what about now|is it ready now|better now|is it ok now"
    "|check|check it|check now|check it now|check again|check it again|check this org|check the org"
    "|check an org|try again|try it again|again|once more|retry|recheck|re-check|recheck it|re-check it|done|all done"
    "|how do you know|how do you know that|is that current|is this current|is it current|is that up to date"
    "|is it up to date|how old is that|how current is that|when was that read|when was it read|are you sure"
    "|did it|did that|i did it|we did it|i did that now|finished|i am done|i'm done|why is it|why is it not ready",
    "status {org} details": "details|show details|more details|who gets in|who has access|who is let in",
    "owner {org}": "who owns it|who looks after it|who is responsible|who is responsible for it|who is in charge"
    "|choose an owner|change the owner|change owner",
    "status {org} steps": "all that it needs",
    "grant {org}": "grant access|give access|grant access to it",
    "access {org} me": "what lets me in|what keeps me out|may i connect|can i connect",
    "connect {org}": "reconnect|reconnect it|connect again|connect it again|reconnect the org",
    "disconnect {org}": "disconnect it|disconnect the org|disconnect this org",
}
"""Titles that stand below what is said of an org, by what they say of it."""

_WHAT_TO_DO = [
    f"{what}{then}"
    for what in (
        *(f"what {may} {who} do" for may in ("can", "should", "must", "shall") for who in ("i", "we")),
        "what do we do",
        "what to do",
    )
    for then in ("", " now", " then", " here", " about it", " about that", " about this")
]
_FIX_IT = [
    f"{how}{fix} {it}"
    for how in ("", "how do i ", "how do we ", "how can i ", "how can we ", "how to ", "can i ", "can we ")
    for fix in ("fix", "solve", "resolve", "repair", "mend")
    for it in ("it", "this", "that")
]
_OF_ABOVE = {
    Talk.STEPS: "|".join((*_WHAT_TO_DO, "what do i do now", "what do i do then", *_FIX_IT))
    + "|solution|the solution|is there a solution|what is the solution|any solution|please explain|explain please"
    "|can you explain|can you explain it|can you explain this|can you explain that|could you explain"
    "|what does this mean|and then|then what|where is that page|where is the page|where do i find that"
    "|where do i find this|where do i find it|how long will it take|how long will this take|how long will that take"
    "|all steps|show the steps|show all steps|show steps|the steps|steps|the rest|more about it|more"
    "|tell me more|who can do this|who can do that|who can do it|who can fix this|who can fix that|who can fix it"
    "|who can help|how long does it take|how long does this take|how long does that take|what does that mean"
    "|what does it mean|what are the steps|give me the steps|give me all the steps|give me all steps"
    "|show me the steps|show me all the steps|show me all steps|first step|the first step|what is the first step"
    "|what was the first step|what was the first step again|how do i do that|how do i do this|how do i do it"
    "|where do i do that|where do i do this|where do i do it|do i need admin rights|do i need to be admin"
    "|do i need to be an admin|do i have to be an admin|do i need an admin|can i do that|can i do this|can i do it"
    "|can i do that myself|can i do this myself|can i do it myself|am i allowed to do that|am i allowed to do this"
    "|i am not an admin|i'm not an admin|i am no admin|can you do it|can you do that|can you do it for me"
    "|can you do that for me|can you fix it|can you fix that|can you fix it for me|can you fix this for me",
    Talk.RATING: "yes|no|yep|yeah|yup|sure|nope|nah|yes please|yes do it|go ahead|do it|please do|proceed|confirm"
    "|confirmed|the first|the first one|first one|the second|the second one|second one|the last one|last one|1|2|3"
    "|helpful|not helpful|not what happened|it was helpful|it was not helpful|this was helpful",
    Talk.SHARING: "share|share it|share this|share in channel|share in the channel|share it in the channel|share here",
    Talk.KEEPING: "keep it|leave it|cancel|never mind|nevermind|forget it|no thanks|no thank you",
    Talk.UNDO: "undo|undo it|undo that|undo this|undo the last change|undo my last change|can i undo that"
    "|can you undo that|how do i undo that|how do i undo this|revert|revert it|revert that|revert this|roll back"
    "|roll it back|rollback|take it back|take that back|bring it back|restore it|that was a mistake"
    "|i made a mistake|that was wrong|oops",
    Talk.STOP: "stop|stop it|stop that|stop this|halt|enough",
    Talk.FORM: "open the form|change what i typed|save|send|submit",
    Talk.CHOICE: "backup|devops|both|this one|assign it to somebody|make flosum connected apps|all permission sets",
    Talk.PAGE: "open|open it|open the page|open setup",
}
"""Titles that mean the answer which they stand below."""

_HELP = (
    "where do i start|where to start|getting started|get started|how do i start|how do i get started|first steps"
    "|what do i do first|what should i do first|what do i do|quick start|quickstart|tutorial|introduction"
    "|help all|help commands|help everything|help list|all help"
    "|help me|help please|please help|please help me|can you help|can you help me|could you help me|i need help"
    "|need help|help pls|help us|commands|what can i type|what can i say|what can i ask|usage|how do i use you"
    "|how does this work|how do you work|menu|h|hilfe|ayuda|aide|aiuto"
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
    "|what are you for|are you a bot|are you human|are you a human|introduce yourself|who made you"
    "|who built you|who wrote you",
    Talk.FAILED: "did not help|didn't help|that did not help|that didn't help|this did not help|this didn't help"
    "|it did not help|it didn't help|does not help|doesn't help|did not work|didn't work|that did not work"
    "|that didn't work|it did not work|it didn't work|this did not work|this didn't work|does not work|doesn't work"
    "|it does not work|it doesn't work|that does not work|that doesn't work|not working|still not working"
    "|still does not work|still doesn't work|it still does not work|it still doesn't work|still the same"
    "|still the same error|same error|same error again|still broken|still failing|still fails|it still fails|no luck"
    "|nothing works|nothing changed|tried that|tried that already|i tried that|already done|i did that|that is wrong"
    "|wrong",
    Talk.SIGNS: "what do the emojis mean|what do the emoji mean|what do the icons mean|what do the signs mean"
    "|what do the symbols mean|what do the colors mean|what do the colours mean|what does mean|legend|emojis|emoji",
    Talk.SAME: "same here|me too|same problem|same problem here|same issue|same issue here|same for me|same for us"
    "|us too|here too|i have the same|i have the same problem|i have the same error|i have this too|same",
    Talk.EACH: "for every org|for all orgs|in every org|in all orgs|for the sandboxes too|for sandboxes too"
    "|in the sandboxes too|in sandboxes too",
    Talk.PEOPLE: "who can help me|who can help us|who could help me|who could help us|who is able to help me"
    "|can anyone help|can anybody help|can someone help|can somebody help|can anyone help me|can anybody help me"
    "|can someone help me|can somebody help me|could someone help me|could somebody help me"
    "|is there anyone who can help|is there anybody who can help|who helps me"
    "|who can i ask|who could i ask|who do i ask|who should i ask|who to ask"
    "|who do i contact|who should i contact|who can i contact|who do i talk to|who can i talk to|whom do i ask"
    "|whom can i ask|can i talk to a human|can i speak to a human|can i talk to a person|can i talk to somebody"
    "|can i talk to someone|talk to a human|i need a human|get me a human|who is in charge here|who runs this bot"
    "|who can help me here|who can help me with this",
    Talk.BYE: "bye|bye bye|goodbye|good bye|see you|see you later|good night|have a nice day|have a good day|later",
}

_LINES = {**_TITLES, **dict.fromkeys(_HELP.split("|"), "help")}
_WHICH = {phrase: line for line, phrases in _OF_ORG.items() for phrase in phrases.split("|")}
_TALK = {
    **{phrase: talk for talk, phrases in (*_OF_ABOVE.items(), *_SMALL_TALK.items()) for phrase in phrases.split("|")},
    **dict.fromkeys(_WHICH, Talk.WHICH),
}
_LONGEST = max(map(len, (*_LINES, *_TALK)))
_PAGES = frozenset(
    "connected apps oauth usage|manage connected apps|permission sets|external client app manager"
    "|permission set groups|profiles|users|login history|api access control|session management"
    "|oauth and openid connect settings|setup|page".split("|")
)
"""Salesforce's names of its pages, to which buttons lead; of another wing, so a test holds them to be all."""

_SECTION = late(r"guide: *(?P<name>\w[\w -]*)", re.IGNORECASE)
"""A button of the guide, with the section that it opens."""

_SLOT = late(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day \d\d:\d\d [\w/+-]+", re.IGNORECASE)
"""A button that asks which of several times was meant."""

_DAY = r"(?:every |each |on )?(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?,?"
_CLOCK = r"(?:at |@ ?)?(?:\d{1,2}(?:[:.h]\d\d)? ?(?:am|pm|o'clock|uhr|hrs)?|noon|midnight)"
_TIMED = late(rf"(?i:{_DAY} {_CLOCK}|{_CLOCK} {_DAY})(?: [A-Z][\w/+-]*){{0,2}}")
"""A day and a time, perhaps with a place, and nothing else."""

_CHOSEN = late(r"grant to \d+ (?:person|people)|assign it to [\w.'-]+(?: [\w.'-]+)?|done: .*", re.IGNORECASE)
"""A button that grants, or ticks a step off, with a name or a number in its title."""

_NUMBERED = late(r"all \d+ steps|next \d+")

_LEAD = r"(?:(?:and|but|hm+|nah|no|nope|now|ok|okay|so|sorry|unfortunately|well) )*"
_TROUBLE = r"(?:error|issue|message|problem|refusal|thing)"
_IT = rf"(?:it|that|this|the (?:very )?same(?: {_TROUBLE})?|(?:the|that|this|my|an?) {_TROUBLE})"
_FAILS = "|".join(
    (
        rf"(?:(?:i|we) )?(?:still|again|keep(?: on)?) (?:get|getting|got|have|having|see|seeing) {_IT}",
        rf"(?:i|we) am getting {_IT}|(?:i am|i'm|we are|we're) still (?:getting|seeing|having) {_IT}",
        rf"(?:i|we) (?:get|got|have|see) {_IT} again",
        rf"{_IT} (?:came|comes|is|has come|keeps coming|(?:is )?still) (?:back|here|there)",
        rf"(?:{_IT} )?(?:is )?still (?:broken|failing|fails|happening|happens|there|the same(?: {_TROUBLE})?)",
        rf"{_IT} (?:happened|happens|fails|failed|broke|is broken)",
        rf"(?:exactly |just )?the same(?: {_TROUBLE})?(?: as before)?|same(?: {_TROUBLE}| result)?(?: as before)?",
        "(?:it |that |this )?(?:did |does |is |still |will )*(?:not|didn't|doesn't|isn't|won't) work(?:ing)?",
        "(?:it |that )?(?:did not|didn't|has not|hasn't) (?:fix|solve)(?:ed)? (?:it|that|anything|the problem)",
        "(?:it is |it's |that is |that's )?(?:not|un)[ -]?(?:solved|fixed|resolved)(?: yet)?",
        "(?:it|that) was not it|(?:it|that) wasn't it",
    )
)
_LED = late(_LEAD)
_FAILED = late(rf"{_LEAD}(?:{_FAILS})(?: again| either| though| here| for me| today| now)*")
"""That what was done has not helped, however it begins."""

_ORG_WORDS = r"(?:orgs?|sandbox(?:es)?|environments?|instances?|production orgs?)"
_EVERY_ORG = (
    r"(?:(?:in|for|on|to|across|with|about) )?(?:"
    r"(?:(?:all|each|every|any|both|another|other|rest|one|of|the|my|our|your|single) )+"
    rf"{_ORG_WORDS}|everywhere|(?:the |my |our |other )*sandboxes)"
)
_EACH = late(
    r"(?:(?:and|but|so|ok|then) )*(?:"
    rf"(?:(?:is|are|would) (?:it|this|that|these|they|those)(?: be)? )?(?:the |just the )?(?:same|identical|different"
    rf"|true|valid|needed|necessary|required|the case)(?: thing| steps| procedure)? {_EVERY_ORG}"
    rf"|(?:is|are|was) (?:this|that|it|these|they) (?:only |just )?(?=for ){_EVERY_ORG}"
    rf"|(?:does|do|will) (?:it|this|that|these|they|the same|all (?:this|that)) (?:also )?(?:apply|hold|go|count|work)"
    rf"(?: the same)? {_EVERY_ORG}"
    rf"|(?:(?:do|must|should|need|have|does) )+(?:i|we|one|you|somebody)(?: (?:really|need|have|also|still))*(?: to)?"
    rf" (?:do|repeat|redo|follow) (?:it|this|that|them|these|all (?:of )?(?:it|this|that)|the same|(?:these|the) steps)"
    rf"(?: again)? {_EVERY_ORG}"
    r")(?: too| as well| again| separately| one by one| or (?:just|only|not|once)(?: \w+){0,5})?"
)
"""Whether what was said holds in each of the orgs."""

_WHO = r"(?:(?:i|we|they|you|somebody|someone|(?:my|our|the) admins?)(?:'ve)? )?"
_DONE = late(
    rf"{_LEAD}{_WHO}(?:also |already |even |had |has |have |just )*(?:added|approved|assigned|changed|checked"
    r"|connected|did|done|enabled|followed|granted|installed|reconnected|refreshed|reinstalled|set|tried|unblocked"
    r"|updated)\b.*|(?:even )?(?:after )?(?:adding|approving|connecting|doing|enabling|following|granting|installing"
    r"|reconnecting|refreshing|reinstalling|setting|unblocking|updating)\b.*|it"
    r"|(?:the )?(?:installation|install|refresh|update)"
)
"""What somebody says was done."""

_CLAUSES = late(
    r"\s*[,.;:!?\u2013\u2014]+(?:\s+|$)|\s+-+\s+"
    r"|\s+(?:even\s+)?(?:after|although|and|but|though|yet)\s+"
)

_FOR_THIS = late(r" (?:for|to (?:do|fix|solve)) (?:it|that|this)$")
_LOOKS = late(
    r"(?:(?:and|done|now|ok|okay|so) )*(?:(?:can|could|will|would) you )?(?:check|recheck|re-check|look|read|test|try)"
    r"(?: at)?(?: it| that| this)?(?: again| now| once more| please)+|(?:(?:i|we) )?(?:have )?(?:done|did)(?: it| that"
    r"| this)?(?: and)?(?: now| what now| what next| next)"
    r"|(?:ok|okay|yes|now|so|alright)(?: i| we)?(?: have)? (?:done|did)(?: it| that| this| all of (?:it|that|them))?"
)
"""That somebody did what was to be done, or wants it looked at once more."""

_POLITE = frozenset("please pls plz kindly".split())
_CONNECTS = late(
    r"(?:(?:how (?:do|can|should) (?:i|we)|how to|i want to|i would like to|can i|can we|can you|please|let us) )?"
    r"(?:connect|add) (?:(?:a|an|another|the|our|my|new|first|production|salesforce|second) )+(?:org|sandbox|instance)"
)
"""That an org is to be connected, and nothing of its name."""

_HELLO = (
    "hi|hello|hey|hallo|moin|servus|hola|bonjour|bonsoir|salut|ciao|buongiorno|olá|ola|oi|hej|hei|yo|hiya|howdy|namaste"
    "|greetings|good (?:morning|afternoon|evening|day)|guten (?:morgen|tag|abend)|grüß gott|buenos días|buenos dias"
    "|buenas(?: tardes| noches)?|bom dia|boa tarde|boa noite|cześć|привет|здравствуйте|こんにちは|おはようございます"
    "|你好|您好|大家好|안녕하세요"
)
_GREETED = late(rf"(?:(?:{_HELLO}) )+")
_GREETS = late(rf"(?:{_HELLO})(?: |$)")
_GREETING_WORDS = 9
_GREETING = late(rf"\s*(?:(?:{_HELLO})(?:\s+|\s*[,!.;:–—-]+\s*))+", re.IGNORECASE)
_ADDRESSED = frozenset("bot flosum assistant there everyone everybody team all folks".split())
"""Words around what is said that only say to whom."""

_DIGEST = r"(?:the |my |our |this |your )?(?:weekly )?(?:digest|reminders?|report|summary)"
_ABOUT_DIGEST = {
    rf"(?:turn|switch|set) off {_DIGEST}|(?:turn|switch) {_DIGEST} off": "remind off",
    rf"(?:stop|disable|cancel|end|no more|pause|mute|unsubscribe from) (?:sending |posting )?{_DIGEST}": "remind off",
    rf"(?:turn|switch) on {_DIGEST}|(?:turn|switch) {_DIGEST} on": "remind on",
    rf"(?:start|enable|resume|restart) (?:sending |posting )?{_DIGEST}": "remind on",
    rf"(?:post|send|show|give|run|share)(?: me| us)? {_DIGEST}(?: right)? now": "remind now",
    rf"(?:when|where|(?:at )?what time|how often)(?: is| does| do| will)?(?: i| we)? (?:get )?{_DIGEST}.*": "remind",
    rf"(?:when|what time) is (?:the |my |our )?next {_DIGEST}": "remind",
    rf"(?:(?:is there|show|show me|change|move|set up|configure) )?{_DIGEST}": "remind",
}
_OF_DIGEST = tuple((late(pattern), line) for pattern, line in _ABOUT_DIGEST.items())
_SETS_DIGEST = late(
    rf"(?:set|move|change|put|make|schedule|send|post) {_DIGEST} (?:to|at|on|for|every|each) ", re.IGNORECASE
)

_PLEASED = frozenset(
    "thanks thank thx dank danke merci gracias cheers great perfect awesome nice cool lol haha wow".split()
)
_AROUND_PLEASED = _PLEASED | frozenset(
    """
    a all again alright and answer at bot day explaining fast for good great guide guys heaps help helped helpful
    helping i it job lot made million much my nice of ok okay once one quick reply really saved so support sehr
    schön beaucoup muchas super team that the this time ton tons vielen very was works worked you your explanation
    done fixed now resolved running solved sorted up working
    """.split()
)
"""Words of thanks, and what stands around them; any other word, as in *thanks, but it says*, makes it a message."""

_EMOJI = late(r":[\w+-]+:")
_CRIES = frozenset({"\N{SQUARED SOS}", "\N{BLACK QUESTION MARK ORNAMENT}", "\N{WHITE QUESTION MARK ORNAMENT}"}) | {
    ":sos:",
    ":question:",
    ":grey_question:",
}
_MARKS = late(r"[^\w\s'’/-]|_")
_WAVING = late(r":wave:|\N{WAVING HAND SIGN}")


def line_of(text: str) -> str | None:
    """The command that a title, or a cry for help, is another way to say."""
    if text.strip() in _CRIES:
        return "help"
    if text.strip() and not text.strip(" ?!.¿"):
        return "help" if set(text.strip()) <= set("?.!¿ ") and len(text) <= _LONGEST else None
    if len(text) <= 2 * _LONGEST and (found := _SETS_DIGEST.match(text.strip())):
        return f"remind {text.strip()[found.end() :]}"
    if section := _SECTION.fullmatch(text.strip()):
        return f"guide {section['name'].strip().replace(' ', '-')}"
    if _SLOT.fullmatch(text.strip()):
        return f"remind {text.strip()}"
    plain = _plain(text)
    if _NUMBERED.fullmatch(plain):
        return "orgs 2" if plain.startswith("next") else None
    if _CONNECTS.fullmatch(plain):
        return "connect"
    return _LINES.get(plain) or _of_digest(plain) or _LINES.get(_unaddressed(plain))


def _of_digest(plain: str) -> str | None:
    return next((line for pattern, line in _OF_DIGEST if pattern.fullmatch(plain)), None)


def _unaddressed(plain: str) -> str:
    """What is said, without a greeting and to whom; as it stands where nothing else is said."""
    if (greeted := _GREETED.match(plain)) and set(plain[greeted.end() :].split()) - _ADDRESSED:
        plain = plain[greeted.end() :]
    words = [word for word in plain.split() if word not in _POLITE]
    while len(words) > 1 and words[0] in _ADDRESSED:
        words.pop(0)
    while len(words) > 1 and words[-1] in _ADDRESSED:
        words.pop()
    return " ".join(words)


def of_org(text: str) -> str | None:
    """What a title that needs an org says of it: a command with ``{org}`` in the place of its name."""
    plain = _plain(text)
    if plain.endswith(" all"):  # "recheck all" is no talk of one org
        return _WHICH.get(plain)
    said = next(filter(None, map(_WHICH.get, (plain, _unaddressed(plain)))), None)
    return said or (OF_STATUS if _LOOKS.fullmatch(plain) else None)


def asks_what_next(text: str) -> bool:
    """Whether a question is what comes next: of the error above, where one was explained and no org was talked of."""
    return _plain(text) in _NEXT


def is_of_talk(text: str) -> bool:
    """Whether a question is about the org that was talked of last, where one was: what is next, is it ready."""
    return _plain(text) in {*_NEXT, "is it ready"}


_IT_IS = late(r"\b(?:it|(?:that|the|this) org)\b(?!['\u2019])", re.IGNORECASE)


def with_name_for_it(text: str, name: str) -> str:
    """A text with an org's name where it says "it"; as it stands where it does not."""
    return _IT_IS.sub(lambda _: name, text)


def without_greeting(text: str) -> str:
    """What is said behind a greeting; the text as it stands where nothing more is said."""
    return text[found.end() :] if (found := _GREETING.match(text)) and text[found.end() :].strip(" !.") else text


def greets(text: str) -> bool:
    """Whether a text begins with a greeting and is hardly longer than one: *hello there old friend of mine*."""
    plain = _plain(text)
    return _GREETS.match(plain) is not None and len(plain.split()) <= _GREETING_WORDS


def says_verdict(text: str) -> bool:
    """Whether a rating says of itself what it is; a bare "no" may answer anything."""
    return not {"helpful", "happened"}.isdisjoint(_plain(text).split())


def talk_of(text: str) -> Talk | None:
    """The small talk that a text is, and nothing else."""
    plain = _plain(text)
    if len(text) <= _LONGEST and _TIMED.fullmatch(text.strip(" .!`")):
        return Talk.TIME
    if len(text) <= _LONGEST and _CHOSEN.fullmatch(text.strip(" .!`")):
        return Talk.CHOICE
    if plain:
        is_page = plain.startswith("open ") and plain.removeprefix("open ").removeprefix("the ") in _PAGES
        if _NUMBERED.fullmatch(plain) or is_page:
            return Talk.PAGE if is_page else Talk.STEPS
        found = _TALK.get(plain) or _TALK.get(_unaddressed(plain)) or _of_an_answer(plain) or _thanks(plain)
        found = found or (Talk.EACH if _EACH.fullmatch(_unaddressed(plain)) else None)
        return None if found is Talk.WHICH and of_org(text) is None else found
    if len(text) > _LONGEST or not _is_picture(text):
        return None
    return Talk.GREETING if _WAVING.search(text) else Talk.THANKS


def _of_an_answer(plain: str) -> Talk | None:
    """What is said once an answer was followed: it did not help, or it is to be looked at anew."""
    if _FAILED.fullmatch(plain) or _TALK.get(_LED.sub("", plain)) is Talk.FAILED:
        return Talk.FAILED
    if _LOOKS.fullmatch(plain):
        return Talk.WHICH
    return Talk.STEPS if _TALK.get(_FOR_THIS.sub("", plain)) is Talk.STEPS else None


def followed_in_vain(text: str) -> bool:
    """Whether a text says that something still fails, perhaps after what was done, and nothing else.

    ``talk_of`` knows the former alone; with what was done it may be the only hint at an error that there is.
    """
    clauses = [plain for clause in _CLAUSES.split(text[: 2 * _LONGEST]) if (plain := _plain(clause))]
    in_vain = [_of_an_answer(plain) is Talk.FAILED or _TALK.get(plain) is Talk.FAILED for plain in clauses]
    return any(in_vain) and all(
        failed or _DONE.fullmatch(plain) for failed, plain in zip(in_vain, clauses, strict=True)
    )


def _thanks(plain: str) -> Talk | None:
    words = plain.split()
    return Talk.THANKS if not _PLEASED.isdisjoint(words) and _AROUND_PLEASED.issuperset(words) else None


def _is_picture(text: str) -> bool:
    return _EMOJI.search(text) is not None or any(ord(letter) >= 0x2600 for letter in text)


def _plain(text: str) -> str:
    """Words alone, in small letters, without a mark, an emoji or what stands for one."""
    if len(text) > 2 * _LONGEST:
        return ""
    words = _MARKS.sub(" ", _EMOJI.sub(" ", text)).casefold().replace("’", "'").replace("what's", "what is")
    return " ".join(words.strip(" '/-").split())
