import pytest

from index.acronyms import acronyms, expanded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Shanghai Cooperation Organization (SCO) was founded.", {"SCO": "Shanghai Cooperation Organization"}),
        ("the Centre for Eastern Studies (CES) and others", {"CES": "Centre for Eastern Studies"}),
        ("It rained (HEAVILY) that day.", {}),
        ("Some words (see below) and more.", {}),
        ("(SCO) at the very start", {}),
    ],
)
def test_an_acronym_is_what_its_initials_say(text: str, found: dict[str, str]) -> None:
    assert acronyms([text]) == found


def test_the_first_definition_holds() -> None:
    assert acronyms(["Alpha Beta Club (ABC)", "Another Big Company (ABC)"]) == {"ABC": "Alpha Beta Club"}


def test_a_query_gets_the_words_of_its_acronym_and_the_other_way_round() -> None:
    known = {"SCO": "Shanghai Cooperation Organization"}
    assert expanded("who leads the sco", known) == "who leads the sco Shanghai Cooperation Organization"
    assert expanded("Shanghai Cooperation Organization founding", known).endswith(" SCO")
    assert expanded("scooter", known) == "scooter"


def test_an_acronym_that_is_also_a_word_is_told_by_its_capitals() -> None:
    known = {"US": "United States"}
    assert (expanded("tell us more", known), expanded("the US fleet", known)) == (
        "tell us more",
        "the US fleet United States",
    )


def test_thousands_of_acronyms_add_what_each_of_them_alone_would_in_their_order() -> None:
    known = {
        f"A{chr(65 + i)}{chr(65 + j)}": f"Alpha {chr(65 + i)}eta {chr(65 + j)}elta"
        for i in range(26)
        for j in range(26)
    }
    for query in ("the aab and AZZ", "what is an alpha beta celta?", "alpha beta cel", "xalpha Beta Celtas of ABC"):
        alone = [expanded(query, {short: full})[len(query) + 1 :] for short, full in known.items()]
        assert expanded(query, known) == " ".join([query, *filter(None, alone)])
