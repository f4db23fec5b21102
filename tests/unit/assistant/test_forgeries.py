"""Quotations of the article with one edit that changes what they say: none may pass. True ones, typed badly, must."""

import re
from collections.abc import Iterator

import pytest

from assistant.quotes.verifying import verify
from index import PassageIndex

SWAPS = """
China: Japan, Taiwan; Russia: Ukraine, Belarus; India: Pakistan, Iran; Iran: Iraq, India; Israel: Iran, Turkey
Kazakhstan: Kyrgyzstan; Tajikistan: Turkmenistan; Uzbekistan: Azerbaijan; Afghanistan: Pakistan; Ukraine: Georgia
Xi: Li; Putin: Lavrov; Jinping: Zhongxun; Claus: Klaus; Soong: Song; Moscow: Minsk; Beijing: Tokyo; Astana: Almaty
Australia: Austria; NATO: OPEC; EU: UN; SCO: CSTO; Western: Eastern; Eastern: Western; Asia: Africa; Europe: America
Nations: States; West: East; US: UK; Israeli: Iranian; Indian: Pakistani; Chinese: Japanese; Russian: Ukrainian
American: European; May: March; June: July; July: June; Global: Local; South: North; United: Divided
refused: agreed; allied: aligned; aligned: allied; divergence: convergence; alignment: divergence; expanded: reduced
strengthen: weaken; legitimize: question; promote: oppose; lacking: having; limitations: strengths; condemning: praising
external: internal; strategic: tactical; unified: divided; evident: absent; against: for; without: with; beyond: within
more: less; both: neither; greater: lesser; collective: individual; individual: collective; common: separate
silent: vocal; high: low; direct: indirect; indirectly: directly; gained: lost; fair: unfair; new: old; full: former
little: much; differing: identical; multipolar: unipolar; anti: pro; non: pan; adherence: opposition; attack: aid
visit: call; ongoing: resolved; major: minor; political: economic; did: could; must: may; share: shares; is: was
are: were; has: had; will: would; can: cannot; in: outside; and: or; all: some; three: four; two: six; quarter: third
""".replace("\n", ";")


def sentences(article: PassageIndex) -> list[str]:
    return [sentence.span.of(passage.document.text) for passage in article.passages for sentence in passage.sentences]


def openings(article: PassageIndex) -> Iterator[str]:
    """Each sentence whole, and cut into runs of at most 15 words, as a person would quote."""
    for sentence in sentences(article):
        yield sentence
        words = sentence.split()
        for start in range(0, len(words), 15):
            run = " ".join(words[start : start + 15])
            if len(run.split()) >= 4 and run in sentence:
                yield run


def swapped(article: PassageIndex) -> Iterator[str]:
    swaps = [entry.split(":") for entry in SWAPS.split(";") if entry.strip()]
    for quote in openings(article):
        for word, others in swaps:
            for other in others.split(","):
                for found in re.finditer(rf"\b{word.strip()}\b", quote):
                    yield quote[: found.start()] + other.strip() + quote[found.end() :]


def renumbered(article: PassageIndex) -> Iterator[str]:
    for quote in openings(article):
        for found in re.finditer(r"\d+", quote):
            number = found.group()
            others = {str(int(number) + 1), str(int(number) - 1), number + "0", number[:-1], number[::-1], number[1:]}
            for at, digit in enumerate(number):
                others |= {number[:at] + other + number[at + 1 :] for other in "0123456789" if other != digit}
            for other in others - {number}:
                yield quote[: found.start()] + other + quote[found.end() :]


def negated(article: PassageIndex) -> Iterator[str]:
    for quote in openings(article):
        for found in re.finditer(r"\b(?:not|no|nor|without|little|refused to|non-|anti-|never|anti)\s?", quote):
            yield quote[: found.start()] + quote[found.end() :]
        for found in re.finditer(r"\b(?:is|are|has|have|must|will|can|did|today|were|was|to) ", quote):
            for negation in ("not ", "never ", "hardly "):
                yield quote[: found.end()] + negation + quote[found.end() :]


def reworded(article: PassageIndex) -> Iterator[str]:
    """Every third word dropped, doubled, changed by a letter, and exchanged with the next."""
    for sentence in sentences(article):
        words = sentence.split(" ")
        for at, word in list(enumerate(words[:-1]))[1::3]:
            bare = re.search(r"\w{2,}", word)
            if bare:
                yield " ".join([*words[:at], *words[at + 1 :]])
                yield " ".join([*words[:at], words[at + 1], word, *words[at + 2 :]])
                yield " ".join([*words[:at], word, word, *words[at + 1 :]])
                middle = bare.start() + 1
                letter = "x" if word[middle] != "x" else "y"
                yield " ".join([*words[:at], word[:middle] + letter + word[middle + 1 :], *words[at + 1 :]])
                yield " ".join([*words[:at], word[:middle] + word[middle + 1 :], *words[at + 1 :]])


def cut_short(article: PassageIndex) -> Iterator[str]:
    """Each run begun or ended inside its first or last word, which makes it another word."""
    for quote in openings(article):
        first, last = quote.split()[0], quote.split()[-1]
        yield from (quote[at:] for at in range(1, len(first)) if first[at - 1 : at + 1].isalnum())
        yield from (quote[: len(quote) - at] for at in range(1, len(last)) if last[-at - 1 :][:2].isalnum())


def plain(text: str) -> str:
    return " ".join(re.findall(r"[\w%]+", text.lower().replace("’", "'")))


FAMILIES = {
    swapped: 200,
    renumbered: 200,
    negated: 200,
    reworded: 1000,
    cut_short: 300,
}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_no_forgery_passes(article: PassageIndex, family: object) -> None:
    assert callable(family)
    text = f" {plain(article.passages[0].document.text)} "
    # What happens to be the article's own words elsewhere is no forgery.
    forged = [quote for quote in dict.fromkeys(family(article)) if f" {plain(quote)} " not in text]
    assert len(forged) >= FAMILIES[family]
    assert [quote for quote in forged if verify(quote, article).found] == []


HAND_MADE = """
India agreed to join the statement on June 14
India did participate in the discussions on the above-mentioned SCO statement.
Pakistan did not participate in the discussions on the above-mentioned SCO statement.
the SCO today includes 9 member states, among them the three major non-Western powers
the SCO today includes ten member states, among them the three major non-Western powers
roughly a quarter of global GDP and 14% of the world’s population
roughly a quarter of global GDP and 40 of the world’s population
roughly a third of global GDP and 40% of the world’s population
0% of the world’s population
along with two observers and 41 dialogue partners from Southeast Asia to the Middle East
along with two observers and 14 dialogue partners from South Asia to the Middle East
it is an alliance organization, nor does it have a common basis of geopolitical interest
it is not an alliance organization, but it does have a common basis of geopolitical interest
China and Russia are allied but not aligned
China and Russia are not aligned but allied
Russia and China are aligned but not allied
China and Russia are aligned, but not allied
China and India are aligned but not allied
there is more alignment among SCO members than divergence
there is less divergence among SCO members than alignment
condemning both Israel on June 23 and the United States on June 14 for their military strikes
condemning neither Israel on June 14 nor the United States on June 23 for their military strikes
praising both Israel on June 14 and the United States on June 23 for their military strikes
the SCO also has concrete leverage to take collective action
the SCO also has no concrete leverage to take individual action
since it was founded in 2011 as a regional forum for security issues
since it was founded in 2001 as a global forum for security issues
as a regional forum for non-security issues
Seen as Russia’s response to American containment in the Indo-Pacific
a new counter-, if not pro-, Western bloc
a new counter-, if anti-, Western bloc
Western multilateral platform led by China
Western narratives and authoritarian view
used to join the statement on June 14
During President Xi Jinping’s visit to Moscow in March
Heads of State stand for the group photo at the Shanghai Cooperation Organization Summit, July 4, 2025, in Astana
Heads of State stand for the group photo at the Shanghai Cooperation Organization Summit, July 14, 2024, in Astana
argues Klaus Soong
argues Claus Song
shaping an unfair multipolar world order,” as Putin has remarked
shaping a fair multipolar world order,” as Xi has remarked
stopping a “new Cold War,” as Putin has stated
Putins Russia faces Western sanctions due to its war on Ukraine
Putin’s Russia faces Western sanctions due to its peace with Ukraine
The Indian Ministry of Internal Affairs clarified
Iran, a former member state of the SCO
Iran, an observer state of the SCO
""".strip().splitlines()


@pytest.mark.parametrize("quote", HAND_MADE)
def test_no_forgery_made_by_hand_passes(article: PassageIndex, quote: str) -> None:
    assert not verify(quote, article).found


ASCII = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "\u00a0": " "})
TYPED = {
    "as it stands": lambda quote: quote,
    "in ASCII": lambda quote: quote.translate(ASCII),
    "in lower case": lambda quote: quote.lower(),
    "in capitals": lambda quote: quote.upper(),
    "with two hyphens for a dash": lambda quote: quote.replace("–", "--").translate(ASCII),
    "with a tight long dash": lambda quote: quote.replace(" – ", "—"),
    "with hard spaces": lambda quote: quote.replace(" ", "\u00a0"),
    "on wrapped lines": lambda quote: quote.replace(" ", "\r\n   "),
    "in quotation marks": lambda quote: f'"{quote.translate(ASCII)}"',
    "with other quotation marks": lambda quote: quote.replace("“", "„").replace("”", "“"),
    "with hyphens that do not break": lambda quote: quote.replace("-", "\u2011"),
}


@pytest.mark.parametrize("how", TYPED)
def test_every_true_quotation_is_found_where_it_stands_however_it_is_typed(article: PassageIndex, how: str) -> None:
    missed = []
    for passage in article.passages:
        for sentence in passage.sentences:
            quote = sentence.span.of(passage.document.text)
            matches = verify(TYPED[how](quote), article).matches
            if (sentence.span.start, quote) not in [(match.start, match.exact) for match in matches]:
                missed.append(quote)
    assert missed == []
