"""Sentences of a model: what a quote says with words left out is backed; whatever says something else is not."""

import re
from collections.abc import Iterator

import pytest

from assistant.summary.backing import backed
from index import PassageIndex

SHORT = {"SCO": "Shanghai Cooperation Organization"}
BALANCE = "India, which joined in 2017, must balance its engagement with all major powers – China, Russia and the West."
REFUSED = "Nor does the SCO hold a unified position, as India refused to join the statement on June 14."
MEMBERS = (
    "Originally focused on border security among China, Russia, Kazakhstan, Tajikistan, and Uzbekistan, the SCO today "
    "includes 10 member states, among them the three major non-Western powers, along with two observers and 14 "
    "dialogue partners from Southeast Asia to the Middle East."
)
SHARE = "Together, they account for roughly a quarter of global GDP and 40% of the world’s population."
ALIGNED = (
    "China and Russia are aligned but not allied, and they have differing interests in treating Central Asia as their "
    "sphere of influence."
)
TARGETED = (
    "When Iran was targeted, the organization had little capacity for action beyond issuing calls for de-escalation "
    "and condemning both Israel on June 14 and the United States on June 23 for their military strikes."
)
GROWTH = "It was expanded to include India and Pakistan in 2017, Iran in 2023, and Belarus in 2024."
FOUNDED = (
    "The SCO, which has significantly widened its mandate since it was founded in 2001, has become a prototype for "
    "the two powers."
)

TRUE = [
    ("India joined in 2017.", BALANCE),
    ("India must balance its engagement with all major powers.", BALANCE),
    ("India refused to join the statement on June 14.", REFUSED),
    ("India refused to join the statement.", REFUSED),
    ("The SCO today includes ten member states.", MEMBERS),
    ("The Shanghai Cooperation Organization today includes 10 member states.", MEMBERS),
    ("The SCO includes 10 member states.", MEMBERS),
    ("They account for roughly a quarter of global GDP and 40 percent of the world's population.", SHARE),
    ("They account for roughly a quarter of global GDP.", SHARE),
    ("China and Russia are aligned but not allied.", ALIGNED),
    ("China and Russia are aligned.", ALIGNED),
    ("They have differing interests in treating Central Asia as their sphere of influence.", ALIGNED),
    ("The organization had little capacity for action beyond issuing calls for de-escalation.", TARGETED),
    ("It was expanded to include India and Pakistan in 2017.", GROWTH),
    ("It was expanded to include Pakistan in 2017.", GROWTH),
    ("It was expanded to include India in 2017.", GROWTH),
    ("The SCO has become a prototype for the two powers.", FOUNDED),
    ("Putin said that the SCO is strong.", "Putin said that the SCO is strong."),
    ("The tram (restored in 1987) runs again.", "The tram (restored in 1987) runs again."),
    ("The tram runs again.", "The tram (restored in 1987) runs again."),
    ("India left the SCO.", "China stayed, and India left the SCO."),
    ("The president resigned.", "It rained, but the president resigned."),
    ("India joined.", "But India joined."),
    ("The president resigned.", "It rained. But the president resigned."),
    ("Putin won.", "It rained. Putin won."),
    ("India praised Iran.", "China condemned Israel while India praised Iran."),
    ("The SCO grew.", "Founded in 2001 (in Astana), the SCO grew."),
]
FALSE = [
    # Another number, or the number of another.
    ("India joined in 2018.", BALANCE),
    ("The SCO includes 14 member states.", MEMBERS),
    ("The SCO today includes 10 observers.", MEMBERS),
    ("The SCO includes three member states.", MEMBERS),
    ("The SCO includes two observers and 14 dialogue partners.", MEMBERS),
    ("They account for roughly a quarter of the world’s population.", SHARE),
    ("They account for 40% of global GDP.", SHARE),
    ("They account for roughly 40 of the world’s population.", SHARE),
    ("They account for roughly a third of global GDP.", SHARE),
    ("It was expanded to include India in 2023.", GROWTH),
    ("It was expanded to include Iran in 2017.", GROWTH),
    ("India refused to join the statement on June 23.", REFUSED),
    ("India refused to join the statement on July 14.", REFUSED),
    ("The fee is 5 euros.", "The fee is −5 euros."),
    ("The fee is €40.", "The fee is $40."),
    ("Ten joined.", "Ten million joined."),
    ("Members joined in 2017.", "Ten members joined before 2017."),
    ("Ten members joined in 2017.", "Ten members joined before 2017."),
    ("Ten members joined.", "Fewer than ten members joined."),
    # Another name, or the deed of another.
    ("Pakistan joined in 2017.", BALANCE),
    ("India must balance its engagement with China.", BALANCE),
    ("Pakistan refused to join the statement on June 14.", REFUSED),
    ("Iran condemned Israel on June 14.", TARGETED),
    ("Iran was targeted on June 14.", TARGETED),
    ("Israel was targeted.", TARGETED),
    ("Russia and China are aligned.", ALIGNED),
    ("Iran attacked Israel.", "Israel attacked Iran."),
    ("Iran attacked Israel.", "Iran was attacked by Israel."),
    ("Iran attacked.", "Iran was attacked."),
    ("Israel was attacked.", "Israel attacked Iran."),
    ("China praised Iran.", "China condemned Israel while India praised Iran."),
    ("India joined.", "Critics of India joined."),
    ("India joined.", "India’s rival joined."),
    ("Korea joined.", "South Korea joined."),
    ("India joined.", "Australia and the critics of India joined."),
    ("US joined.", "All of us joined."),
    ("India and China joined.", "India and the china joined."),
    ("The Russia includes 10 member states.", MEMBERS),
    ("Russia attacked.", "With help from Russia, China attacked."),
    ("Russia attacked.", "Far from Russia, China and India attacked."),
    ("The organization had little capacity for action.", TARGETED),
    ("Joined the talks.", "China left the talks, and India joined the talks."),
    ("It joined in 2017.", BALANCE),
    ("The rival joined.", "The rival’s friend joined."),
    # The last of a list, whom one excepts, or an apposition, where a clause seems to begin.
    ("India signed the statement.", "All members but India signed the statement."),
    ("India signed the statement.", "All members, but India, signed the statement."),
    ("India signed the statement.", "All members but, crucially, India signed the statement."),
    ("Russia collapsed.", "Trade between China and Russia collapsed."),
    ("Moscow fell by 10 percent.", "Trade between Beijing and Moscow fell by 10 percent."),
    ("Moscow fell.", "Trade between Beijing (the capital) and Moscow fell."),
    ("Moscow fell.", "Trade between Beijing – the capital – and Moscow fell."),
    ("Moscow fell.", "Trade between Beijing and Delhi, and Moscow fell."),
    ("The president was shot.", "The car of the minister and the president was shot."),
    ("The president was shot.", "The car of the “minister” and the president was shot."),
    ("C fell.", "Trade between A, B, and C fell."),
    ("B and C fell.", "Trade between A, B and C fell."),
    ("The plums fell.", "Trade between the apples, the pears, and the plums fell."),
    ("20 joined.", "The critics of 10, 15, and 20 joined."),
    ("The president resigned.", "A friend of Putin, the president, resigned."),
    # Behind a mark that begins nothing.
    ("Putin won.", "Critics of Mr. Putin won."),
    ("Congress fell.", "Allies of the U.S. Congress fell."),
    ("Moscow fell.", "Trade between the U.S. and Moscow fell."),
    ("Moscow fell.", "Trade with the “new” Moscow fell."),
    ("The president was shot.", "The car belonging to (say) the president was shot."),
    # A denial, a doubt or a condition more or less.
    ("India joined the statement on June 14.", REFUSED),
    ("India did not join in 2017.", BALANCE),
    ("India never joined in 2017.", BALANCE),
    ("India balances its engagement with all major powers.", BALANCE),
    ("China and Russia are allied.", ALIGNED),
    ("China and Russia are not aligned.", ALIGNED),
    ("China and Russia are allied but not aligned.", ALIGNED),
    ("The organization had capacity for action.", TARGETED),
    ("They account for a quarter of global GDP.", SHARE),
    ("The SCO is an alliance.", "The SCO isn’t an alliance."),
    ("The SCO is an alliance.", "Critics deny that the SCO is an alliance."),
    ("The SCO is an alliance.", "It is a myth that the SCO is an alliance."),
    ("The SCO is an alliance.", "The SCO is an alliance only in name."),
    ("The SCO is an alliance.", "The SCO is an alliance organization."),
    ("The SCO is an alliance.", "The SCO is hardly an alliance."),
    ("The SCO is the largest.", "The SCO is the largest in Asia."),
    ("India will join.", "If Iran leaves, India will join."),
    ("India joins.", "India may join."),
    ("India join.", "India threatened to join."),
    ("India left the SCO.", "India almost left the SCO."),
    ("India can vote.", "India cannot vote."),
    ("India won the vote.", "India won’t win the vote."),
    ("Both members agreed.", "Some members agreed."),
    ("Members agreed.", "Some members agreed."),
    ("The president resigned.", "The former president resigned."),
    ("India or China joined.", "India and China joined."),
    ("India and China joined.", "India or China joined."),
    # Another word, another time, or somebody's claim as a fact.
    ("India agreed to join the statement on June 14.", REFUSED),
    ("India left in 2017.", BALANCE),
    ("India was a member.", "India is a member."),
    ("India is a member.", "India was a member."),
    ("The SCO is strong.", "Putin said that the SCO is strong."),
    ("The SCO is strong.", "The SCO is strong, argues Claus Soong."),
    ("India won.", "“India won, and China lost,” he joked."),
    ("India joined in 2017.", "India joined in 2017?"),
    ("India joined in 2017.", "Did India join in 2017?"),
    ("Iran attacked for Israel.", "Iran attacked Israel."),
    ("Iran attacked with Israel.", "Iran attacked Israel."),
    ("Iran attacked Israel.", "Iran attacked with Israel."),
    ("India and Pakistan policy failed.", "India’s Pakistan policy failed."),
    ("The group has ten states.", "The group criticised ten states."),
    ("The group is ten states.", "The group criticised ten states."),
    ("2017.", BALANCE),
    ("India.", BALANCE),
    ("", BALANCE),
    ("India joined in 2017.", ""),
]


@pytest.mark.parametrize(("sentence", "quote"), TRUE)
def test_what_a_quote_says_with_words_left_out_is_backed(sentence: str, quote: str) -> None:
    assert backed(sentence, quote, SHORT)


@pytest.mark.parametrize(("sentence", "quote"), FALSE)
def test_what_says_something_else_is_not_backed(sentence: str, quote: str) -> None:
    assert not backed(sentence, quote, SHORT)


def test_every_sentence_of_the_article_is_backed_by_itself(article: PassageIndex) -> None:
    alone = [sentence for sentence in sentences(article) if not backed(sentence, sentence, article.acronyms)]
    assert alone == []


def test_a_thicket_of_repeated_words_is_given_up_on() -> None:
    assert not backed("la " * 190 + "end.", "la " * 200, SHORT)


def sentences(article: PassageIndex) -> list[str]:
    return [sentence.span.of(passage.document.text) for passage in article.passages for sentence in passage.sentences]


def pairs(article: PassageIndex) -> list[tuple[str, str]]:
    """True sentences with the quotes they are from: the article's own, and shorter ones."""
    return [(sentence, sentence) for sentence in sentences(article)] + TRUE


NAMES = (
    "China Russia India Iran Israel Pakistan Putin Xi SCO NATO EU Ukraine Moscow Beijing Kazakhstan Soong UN US".split()
)
AUXILIARIES = r"\b(?:is|are|was|were|has|have|had|must|will|can|did|does|to|today|which|and) "
NEGATIONS = (
    r"\b(?:not|no|nor|never|little|refused to|without|lacking|non-|anti-|must|more|roughly|only|both|three|beyond|"
    r"rather than|if|despite)[ ]?"
)
OPPOSITES = (
    "refused/agreed aligned/opposed joined/left more/less strengthen/weaken widened/narrowed alternative/existing "
    "external/internal unified/divided against/for without/with include/exclude includes/excludes led/followed "
    "gained/lost criticizing/praising condemning/praising silent/vocal major/minor Eastern/Western Southeast/Northeast "
    "shared/seized evident/absent political/military provided/denied expanded/reduced greater/lesser all/no"
).split()


def renamed(sentence: str, quote: str) -> Iterator[str]:
    for found in re.finditer(rf"\b(?:{'|'.join(NAMES)})\b", sentence):
        for other in NAMES:
            if other != found.group():
                yield sentence[: found.start()] + other + sentence[found.end() :]


def renumbered(sentence: str, quote: str) -> Iterator[str]:
    own = re.findall(r"\d+", quote)
    for found in re.finditer(r"\d+", sentence):
        number = found.group()
        for other in {str(int(number) + 1), str(int(number) - 1), number + "0", number[1:], number[::-1], *own}:
            if other not in (number, ""):
                yield sentence[: found.start()] + other + sentence[found.end() :]


def exchanged(sentence: str, quote: str) -> Iterator[str]:
    """Two names, or two numbers, in each other's place."""
    for pattern in (rf"\b(?:{'|'.join(NAMES)})\b", r"\d+%?"):
        found = list(re.finditer(pattern, sentence))
        for at, one in enumerate(found):
            for other in found[at + 1 :]:
                if one.group() != other.group():
                    yield (
                        f"{sentence[: one.start()]}{other.group()}{sentence[one.end() : other.start()]}{one.group()}"
                        f"{sentence[other.end() :]}"
                    )


def denied(sentence: str, quote: str) -> Iterator[str]:
    for found in re.finditer(AUXILIARIES, sentence):
        for word in ("not ", "never ", "hardly ", "only ", "allegedly "):
            yield sentence[: found.end()] + word + sentence[found.end() :]


def affirmed(sentence: str, quote: str) -> Iterator[str]:
    for found in re.finditer(NEGATIONS, sentence):
        yield sentence[: found.start()] + sentence[found.end() :]


def opposed(sentence: str, quote: str) -> Iterator[str]:
    for pair in OPPOSITES:
        word, other = pair.split("/")
        for found in re.finditer(rf"\b{word}\b", sentence):
            yield sentence[: found.start()] + other + sentence[found.end() :]


def added(sentence: str, quote: str) -> Iterator[str]:
    """A true sentence with something that no quote says at its end, or before it."""
    for more in ("in 2019", "with Japan", "and won", "because it lost", "for the first time", "as Trump said"):
        yield f"{sentence.rstrip('.')} {more}."
    yield f"Experts agree that {sentence}"


FAMILIES = {renamed: 800, renumbered: 80, exchanged: 60, denied: 400, affirmed: 30, opposed: 25, added: 300}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_no_forgery_is_backed(article: PassageIndex, family: object) -> None:
    assert callable(family)
    true = pairs(article)
    forged = {(false, quote) for said, quote in true for false in family(said, quote)} - set(true)
    assert len(forged) >= FAMILIES[family]
    assert [one for one in forged if backed(*one, article.acronyms | SHORT)] == []
