"""What can be told in its own units alone: a price, a weight, a time, a number of things, an address on the net.

A passage that holds none of them, nor a word of that kind, tells something else, however alike it is otherwise. Of the
questions that the reader learns from, each asked of its own passage, 902 are so, and 877 of them have no answer there.
"""

from __future__ import annotations

import regex

_DO = r"(?:do|does|did|has|have|had|will|would|can|could|should|must|may|might)"
_BE = r"(?:is|are|was|were)"
_WHAT = rf"\b(?:what|which)(?:['’]s| {_BE})?(?: [\p{{L}}’'-]+){{0,4}}?"
_NUMBERS = (
    r"\p{N}|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|millions?|billions?|dozens?)\b"
)
_AMOUNTS = (
    rf"{_NUMBERS}|\b(?:half|thirds?|quarters?|once|twice|double|triple|no|none|nobody|single|sole|only|both|pair|couple|"
    r"several|few)\b"
)
_TIMES = (
    r"\p{N}|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|spring|summer|autumn|winter|seasons?|Christmas|Easter|days?|daily|"
    r"week\w*|month\w*|year\w*|century|centuries|decade\w*|ago|yesterday|today|tomorrow|tonight|mornings?|afternoons?|"
    r"evenings?|nights?|noon|midnight|dawn|dusk|births?|deaths?|wars?|after|before|once|when|whenever|until|till|since|"
    r"during|while|soon|immediately|now|recently|later|earlier|then|if|under|unless|upon|half|moment)\b"
)
_LENGTHS = (
    r"\p{N}|\b(?:(?:kilo|centi|milli)?met(?:re|er)s?|miles?|feet|foot|inch(?:es)?|yards?|fathoms?|stor(?:ey|ies|eys)|"
    r"knee|waist|ankle)\b"
)
_SPANS = (
    r"\b(?:seconds?|minutes?|mins?|hours?|hrs?|days?|daily|nights?|week\w*|fortnights?|months?|years?|decades?|century|"
    r"centuries|terms?|seasons?|until|till|since|throughout|forever|perman\w+|tempora\w+|lifelong|indefinite\w*|overnight|"
    r"as long as|longer|afternoons?|mornings?|evenings?|summers?|winters?|"
    r"(?:kilo|centi|milli)?met(?:re|er)s?|miles?|feet|foot|inch(?:es)?|yards?)\b|"
    r"\p{N}\s?(?:s|h|min|d|m|km|cm|mm|ft)\b|\b(?:1\p{N}{3}|20\p{N}\p{N})\b"
)
_AGES = rf"{_NUMBERS}|\b(?:age[ds]?|old|born|birth\w*|years?|months?|century|centuries)\b"
_PRICES = (
    r"[\p{Sc}%]|\p{N}[.,]\p{N}\p{N}(?!\p{N})|\b(?:cost\w*|pric\w+|pa(?:y\w*|id)|fees?|charg\w+|free|worth|valued?|"
    r"s[eo]ld|sells?|bought|buys?|spen[dt]s?|budget\w*|expens\w+|cheap\w*|rents?|premiums?|pounds?|dollars?|euros?|"
    r"crowns?|pence|cents?|francs?|yen|yuan|roubles?|rupees?|USD|EUR|GBP|million|billion|trillion)\b"
)
_WEIGHTS = (
    r"\p{N}\s?(?:kg|g|mg|t|lbs?|oz|st)\b|\b(?:kilos?|(?:kilo|milli)?gram(?:me)?s?|tons?|tonnes?|pounds?|ounces?|stones?|"
    r"weigh\w*|mass|masses|heav\w+)\b"
)
_TEMPERATURES = (
    r"°|\p{N}\s?[CF]\b|\b(?:degrees?|celsius|fahrenheit|\w*(?:hot|cold|cool|warm|freez|boil|temperature)\w*)\b"
)
# Of each: how it is asked for, and what a passage that tells it holds one of.
_KINDS = tuple(
    (regex.compile(asked, regex.I), regex.compile(held, regex.I))
    for asked, held in (
        # What a mistake cost him, and the price of finding out, are told in other coin.
        (rf"\b(?:what|how much) {_DO} [^,;?]+ cost\b(?! (?:him|her|them|the)\b)", _PRICES),
        (rf"\b(?:what|how much) {_BE} [^,;?]+ worth\b|\bhow expensive\b", _PRICES),
        (rf"\bwhat {_BE} (?:the |its |their )?(?:price|cost)s?\b(?! (?:of|one|for) \p{{L}}+ing\b)", _PRICES),
        (rf"\b(?:what|how much) {_DO} [^,;?]+ weigh(?=\?|$| (?:when|without|with|in|at|on|if)\b)", _WEIGHTS),
        (rf"\bhow heavy {_BE}\b|{_WHAT} weight(?: of\b|\?|$)", _WEIGHTS),
        (rf"\bhow (?:hot|cold|warm)\b|{_WHAT} temperatures?\b", _TEMPERATURES),
        (rf"\bwhen (?:{_DO}|{_BE})\b|\bsince when\b|{_WHAT} (?:date|month)\b", _TIMES),
        (r"\b(?:what|which) year\b", r"\p{N}\p{N}|\b(?:years?|decades?|century|centuries)\b"),
        (rf"\bhow long {_DO}\b", _SPANS),
        (rf"\bhow long {_BE}\b", rf"{_NUMBERS}|{_SPANS}"),
        (r"\bhow many\b", _AMOUNTS),
        (r"\bhow (?:tall|high|deep|wide|thick)\b", _LENGTHS),
        (r"\bhow old\b|\bwhat age\b", _AGES),
        (rf"{_WHAT} (?:(?:tele)?phone|mobile|fax) number\b", r"\p{N}(?:[\s()./–-]{0,2}\p{N}){3}"),
        (rf"\bwhat number {_DO} [\p{{L}} ]*(?:call|ring)\b", r"\p{N}(?:[\s()./–-]{0,2}\p{N}){1}"),
        (rf"{_WHAT} e-?mail address\b", "@"),
        (
            rf"{_WHAT} (?:web ?site|web address|home ?page|url)\b(?= of\b| address|\?|$)",
            r"www\.|https?:|\p{L}\.(?:com|org|net|info|[a-z]{2})\b|\b(?:web ?site|home ?page|online)s?\b",
        ),
    )
)


def told_in_none(question: str, passage: str) -> bool:
    """Whether ``question``, standing alone, asks for what is told in units of which ``passage`` holds none."""
    return any(asked.search(question) and not held.search(passage) for asked, held in _KINDS)
