"""What is asked leaves signs, and the passage at hand has none."""

from __future__ import annotations

import pytest

from assistant.judging.signs import lacking

SCREEN = "Its screen measures 6.8 inches and shows 300 dots to the inch, but the light can now be made warmer."


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("How much does the Beacon weigh?", SCREEN),
        ("What does its cover weigh without the pen?", SCREEN),
        ("How heavy is it?", SCREEN),
        ("What does the Beacon cost?", SCREEN),
        ("What is the price of the cover?", SCREEN),
        ("What is the house worth?", "She left a bakery, a debt and two wills."),
        ("How hot does the iron get?", "The iron switches itself off after eight minutes."),
        ("Since when has the treaty applied?", "The treaty applies to every member of the union."),
        ("In which year was it signed?", "The treaty was signed in the old town hall."),
        ("How long does the visit last?", "The visit takes in the cellar, the press and the shop."),
        ("How many stairs are there?", "The tower has stairs of oak and a door of iron."),
        ("How tall is the tower?", "The tower has stairs of oak and a door of iron."),
        ("How old is the tower?", "The tower has stairs of oak and a door of iron."),
        ("What is the caretaker's telephone number?", "Write to the caretaker, in room 12."),
        ("What number do I call in an emergency?", "In an emergency, leave the building."),
        ("Which e-mail address are complaints sent to?", "Complaints are sent to the caretaker."),
        ("What is the website of the club?", "The club meets in the tower."),
        ("How fast does the mill turn?", "The mill turns with the wind."),
        ("How often does the committee meet?", "The committee met in the tower, as agreed."),
        ("What colour is the door?", "The door is of oak."),
        ("Which language did she learn?", "She learnt what the sailors spoke."),
        ("What is the capital of Kesh?", "Kesh is a member of the union."),
        ("How did the painter die?", "The painter left for Rome with his brother."),
        ("Who was the painter's wife?", "The painter left for Rome with his brother."),
        ("Where did the author study?", "The author writes about China and Russia."),
        ("Who leads the institute?", "The researchers analyse news from Asia."),
        ("Who won the match?", "The match was played in the rain."),
        ("How did the members vote?", "The members came from five countries."),
    ],
)
def test_what_leaves_a_sign_is_not_told_without_one(question: str, passage: str) -> None:
    assert lacking(question, passage)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("How much does the Beacon weigh?", "At 180 g it is the lightest of the three."),
        ("How heavy is the bigger planet?", "The larger is put at 3.9 Earth masses."),
        ("What does the Beacon cost?", "The new machine costs 149."),
        ("What is the price of a monthly pass?", "Monthly pass: 98.00"),
        ("What does the ride cost?", "Children travel free."),
        ("What did the delay cost the firm?", "The firm lost its best customer."),
        ("What is the price of waiting?", "Whoever waits loses the place in the queue."),
        ("What has made the body weigh more?", SCREEN),
        ("How warm should the milk be?", "Stir in the lukewarm milk."),
        ("When is the gate locked?", "The gate is locked at dusk."),
        ("When may I open the lid?", "Open the lid once the light has gone out."),
        ("In which year was it signed?", "It was signed in 722, and lost soon after."),
        ("How long do they keep it?", "They keep it for as long as is necessary."),
        ("How long is the song?", "Counting Stars – 4:17"),
        ("How many members voted against it?", "Nobody voted against it."),
        ("How deep is the water?", "The water is knee deep."),
        ("How old was she?", "She was fifteen."),
        ("What number do I call in an emergency?", "In an emergency, call 112."),
        ("Which e-mail address are complaints sent to?", "Write to lifts@elmalder.example."),
        ("What is the website of the club?", "See elmalder.org for more."),
        ("How often does the committee meet?", "The committee meets biannually."),
        ("What colour is the door?", "The door is reddish."),
        ("Which language did she learn?", "She learnt Portuguese."),
        ("How did the painter die?", "The painter drowned off Naples."),
        ("Where did the author study?", "The author holds a doctorate from Lund."),
        ("Where will the study begin?", "It starts in Cardiff."),
        ("Who leads the institute?", "The institute has a new chairwoman, Ada Lund."),
        ("Who won the match?", "Rovers went home with the title."),
        ("Who weighs the parcels?", "The clerk does."),
        ("Why does it cost so much?", "Because the market is small."),
    ],
)
def test_one_sign_is_enough_and_other_questions_need_none(question: str, passage: str) -> None:
    assert not lacking(question, passage)
