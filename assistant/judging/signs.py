"""What no passage can tell without a sign of it: a price without a sum, a time or a weight without a unit, a death
without a word of dying. A passage that holds none tells something else, however alike it is otherwise.

Of the questions that the reader learns from, each asked of its own passage, 1,079 lack such a sign, and 1,050 of them
have no answer there.
"""

from __future__ import annotations

import regex

from assistant.language.subjects import AUXILIARY, BE, DO


def _one_of(words: str) -> str:
    """An expression for any of ``words``, in which * stands for more letters."""
    return rf"\b(?:{'|'.join(words.split())})\b".replace("*", r"\p{L}*")


_WHAT = rf"\b(?:what|which)(?:['’]s| {BE})?(?: [\p{{L}}’'-]+){{0,4}}?"

_NUMBERS = r"\p{N}|" + _one_of(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred* thousand* million* billion* "
    "dozen*"
)
_AMOUNTS = f"{_NUMBERS}|" + _one_of(
    "half third* quarter* once twice double triple no none nobody single sole only both pair couple several few"
)
_LENGTHS = r"\p{N}|" + _one_of(
    "metre* meter* kilomet* centimet* millimet* mile* feet foot inch* yard* fathom* storey* stories story knee "
    "waist ankle"
)
_SPANS = r"\p{N}\s?(?:s|h|min|d|m|km|cm|mm|ft)\b|\b(?:1\p{N}{3}|20\p{N}\p{N})\b|\bas long as\b|" + _one_of(
    "second* minute* min* hour* hr* day* daily night* week* fortnight* month* year* decade* century centuries term "
    "terms season* until till since throughout forever perman* tempora* lifelong indefinite* overnight longer "
    "afternoon* morning* evening* summer* winter* metre* meter* kilomet* centimet* millimet* mile* feet foot inch* "
    "yard*"
)
_TIMES = r"\p{N}|" + _one_of(
    "January February March April May June July August September October November December Monday* Tuesday* "
    "Wednesday* Thursday* Friday* Saturday* Sunday* spring summer* autumn winter* season* Christmas Easter day* "
    "daily week* month* year* century centuries decade* ago yesterday today tomorrow tonight morning* afternoon* "
    "evening* night* noon midnight dawn dusk birth* death* war* after before once when* until till since during "
    "while soon immediately now recently later earlier then if under unless upon half moment"
)
_AGES = f"{_NUMBERS}|" + _one_of("age* old born birth* year* month* century centuries")
_PRICES = r"[\p{Sc}%]|\p{N}[.,]\p{N}\p{N}(?!\p{N})|" + _one_of(
    "cost* pric* pay* paid fee fees charg* free worth value valued sold sell* bought buy* spend* spent budget* "
    "expens* cheap* rent rents premium* pound* dollar* euro* crown* pence cent cents franc* yen yuan rouble* rupee* "
    "USD EUR GBP million billion trillion"
)
_WEIGHTS = r"\p{N}\s?(?:kg|g|mg|t|lbs?|oz|st)\b|" + _one_of(
    "kilo* gram* milligram* ton tons tonne* pound* ounce* stone* weigh* mass masses heav*"
)
_TEMPERATURES = r"°|\p{N}\s?[CF]\b|" + _one_of(
    "degree* celsius fahrenheit *hot* *cold* *cool* *warm* *freez* *boil* *temperature*"
)
_SPEEDS = r"\p{N}|" + _one_of(
    "speed* fast* slow* quick* rapid* knot* mph twice within second* minute* hour* day* instant*"
)
_OFTEN = r"\p{N}|" + _one_of(
    "time times dai* week* month* year* bi*ly annual* quarter* hour* every each any all some twice once thrice per "
    "never always often regular* seldom rare* occasional* usual* frequent* contin* night* fortnight* *day *days "
    "when*"
)
_COLOURS = _one_of(
    "red* blue* green* yellow* white* black* brown* grey* gray* pink* orange* purple* violet* gold* silver* "
    "scarlet* crimson* turquoise* cream* beige* amber* bronze* copper* ivory* dark* pale* colour* color* *ish"
)
_LANGUAGES = r"(?-i:\p{Lu}\p{L}+(?:ish|ese|ian|ic|ch|an|in|ek|di|du|li)\b)|" + _one_of("language* tongue* dialect*")
_DEATHS = r"\p{N}{4}\)|" + _one_of(
    "die died dies dying dead death* kill* murder* passed passing fell fall* drown* perish* execut* assassin* shot "
    "funeral* buried burial bury suicide fatal* surviv* outliv* grave* martyr* behead* casualt* loss* lost until"
)
_MARRIAGES = _one_of(
    "wife* wives husband* spouse* marri* marry* wed* partner* widow* couple* bride* groom* consort* engage* divorc* "
    "Mrs union*"
)
_STUDIES = _one_of(
    "stud* educat* universit* degree* school* graduat* train* college* academ* institut* doctor* PhD lectur* taught "
    "teach* campus* faculty alma class* course* learn* attend* read*"
)
_LEADERS = _one_of(
    "lead* led head* chair* run* ran direct* presid* charge* chief* command* captain* manag* rule* king* queen* "
    "prime* minister* chancell* govern* mayor* secretary boss* own* found* conduct* superv* dean* rector* CEO "
    "under* operat* provid* general* partner* master* mother* *man *woman voyage*"
)
_VICTORIES = r"\p{N}[-–:]\p{N}|" + _one_of(
    "win won wins winn* victor* champion* beat* defeat* first* prize* award* gold* title* scor* lose* lost triumph* "
    "elect* prevail* success* overcame crown* took taken top* select* chose*"
)
_VOTES = r"\p{N} (?:to|:) \p{N}|" + _one_of(
    "vot* ballot* elect* poll* carried unanim* against favour* abstain* agree* second* majority approv* defeat* "
    "pass* resol*"
)
# Of each: how it is asked for, and what a passage that tells it holds one of.
_KINDS = tuple(
    (regex.compile(asked, regex.I), regex.compile(held, regex.I))
    for asked, held in (
        # What a mistake cost him, and the price of finding out, are told in other coin.
        (rf"\b(?:what|how much) {DO} [^,;?]+ cost\b(?! (?:him|her|them|the)\b)", _PRICES),
        (rf"\b(?:what|how much) {BE} [^,;?]+ worth\b|\bhow expensive\b", _PRICES),
        (rf"\bwhat {BE} (?:the |its |their )?(?:price|cost)s?\b(?! (?:of|one|for) \p{{L}}+ing\b)", _PRICES),
        (rf"\b(?:what|how much) {DO} [^,;?]+ weigh(?=\?|$| (?:when|without|with|in|at|on|if)\b)", _WEIGHTS),
        (rf"\bhow heavy {BE}\b|{_WHAT} weight(?: of\b|\?|$)", _WEIGHTS),
        (rf"\bhow (?:hot|cold|warm)\b|{_WHAT} temperatures?\b", _TEMPERATURES),
        (rf"\bwhen {AUXILIARY}\b|\bsince when\b|{_WHAT} (?:date|month)\b", _TIMES),
        (r"\b(?:what|which) year\b", r"\p{N}\p{N}|\b(?:years?|decades?|century|centuries)\b"),
        (rf"\bhow long {DO}\b", _SPANS),
        (rf"\bhow long {BE}\b", f"{_NUMBERS}|{_SPANS}"),
        (r"\bhow many\b", _AMOUNTS),
        (r"\bhow (?:tall|high|deep|wide|thick)\b", _LENGTHS),
        (r"\bhow old\b|\bwhat age\b", _AGES),
        (rf"\bhow fast {AUXILIARY}\b|{_WHAT} speed\b", _SPEEDS),
        (r"\bhow (?:often|frequently)\b", _OFTEN),
        (r"\b(?:what|which) colou?rs?\b", _COLOURS),
        (r"\b(?:what|which) languages?\b", _LANGUAGES),
        (rf"\bwhat {BE} the capital (?:city )?of\b", r"\bcapital|\bseat of\b"),
        (rf"\b(?:when|where|how|why) {DO} [^?]+ die\b|\bwhat did [^?]+ die of\b", _DEATHS),
        (rf"\bwho {BE} [^?]+ (?:married to|wife|husband|spouse)\b|\bwho did [^?]+ marry\b", _MARRIAGES),
        (r"\bwhere (?:do|does|did) [^?]+ (?:study|go to (?:school|university|college)|graduate)\b", _STUDIES),
        (r"\bwho (?:leads|led|heads|headed|chairs|chaired|runs|ran)\b", _LEADERS),
        (
            rf"\bwho {BE} (?:the |its |their )?(?:president|chair\w*|head|director|ceo|leader|captain|mayor)\b",
            _LEADERS,
        ),
        (r"\bwho (?:has |have )?won\b", _VICTORIES),
        (r"\bhow (?:did|do|does) [^?]+ vote\b|\bwho voted\b", _VOTES),
        (rf"{_WHAT} (?:(?:tele)?phone|mobile|fax) number\b", r"\p{N}(?:[\s()./–-]{0,2}\p{N}){3}"),
        (rf"\bwhat number {DO} [\p{{L}} ]*(?:call|ring)\b", r"\p{N}\p{N}"),
        (rf"{_WHAT} e-?mail address\b", "@"),
        (
            rf"{_WHAT} (?:web ?site|web address|home ?page|url)\b(?= of\b| address|\?|$)",
            r"www\.|https?:|\p{L}\.(?:com|org|net|info|[a-z]{2})\b|\b(?:web ?site|home ?page|online)s?\b",
        ),
    )
)


def lacking(question: str, passage: str) -> bool:
    """Whether ``question``, standing alone, asks for what leaves a sign and ``passage`` holds none."""
    return any(asked.search(question) and not held.search(passage) for asked, held in _KINDS)
