import pytest

from assistant.understanding.rewriting import candidates, points, standalone


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["When did India join?"], "And Iran?", "When did Iran join?"),
        (["When did India join?"], "What about Iran?", "When did Iran join?"),
        (["When did India join the SCO?"], "And Iran, when did it come in?", "When did Iran come in?"),
        (
            ["What share of global GDP do they account for?"],
            "And of the population?",
            "What share of the population do they account for?",
        ),
        (
            ["Who leads the Quadrilateral Security Dialogue?"],
            "Which other countries belong to it?",
            "Which other countries belong to the Quadrilateral Security Dialogue?",
        ),
        (
            ["Did India back the statement of June 14?"],
            "What did its ministry say?",
            "What did India’s ministry say?",
        ),
        (
            ["What must the Central Asian members balance?", "Do they also engage with the EU?"],
            "Why do they?",
            "Why do the Central Asian members?",
        ),
        (
            ["How many dialogue partners are there?"],
            "Where do they come from?",
            "Where do the dialogue partners come from?",
        ),
        (["When did Iran become a member?"], "Who attacked it?", "Who attacked Iran?"),
        (["Who attacked Iran?"], "When?", "When did they attack Iran?"),
        (["Which country refused to sign?"], "And why?", "Why did the country refuse to sign?"),
        (["Who wrote this?"], "In what year?", "In what year did they write this?"),
        (["Is India part of the SCO?"], "Since what year?", "Since what year is India part of the SCO?"),
        (["Who leads it?"], "Since when?", "Who leads it? Since when?"),
        (["Which small ship sank?"], "Where?", "Where did the small ship sink?"),
        (["What is needed?"], "Why?", "What is needed? Why?"),
        (["When was the SCO founded?"], "And as what?", "When was the SCO founded? As what?"),
        (["When was the SCO founded?"], "Why?", "Why was the SCO founded?"),
        (["Is India a member of the SCO?"], "Since when?", "Since when is India a member of the SCO?"),
        (["Where did the leaders meet?"], "And when exactly?", "When did the leaders meet?"),
        (["Did India sign the statement?"], "Why not?", "Why didn’t India sign the statement?"),
        (
            ["How many members does the SCO have?"],
            "Since when?",
            "How many members does the SCO have? Since when?",
        ),
    ],
)
def test_a_follow_up_is_understood_from_what_was_asked_before(history: list[str], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Which countries border Mongolia?",
        "Why did India say it did not take part?",
        "What is the order that China wants?",
        "Are there any observers in the SCO?",
        "Is it true that Iran is a member of the SCO?",
    ],
)
def test_a_question_that_stands_alone_is_not_dragged_back(question: str) -> None:
    assert standalone(question, ["When did Pakistan join?"]) == question


@pytest.mark.parametrize(
    "question", ["What about", "How about", "And what about", "what about ...?", "And what about?!"]
)
def test_a_follow_up_that_names_nothing_is_left_as_it_is(question: str) -> None:
    assert standalone(question, ["When did India join?", "Who leads the SCO?"]) == question
    assert candidates(question, ["When did India join?"], "Iran") == [question]


@pytest.mark.parametrize(
    ("earlier", "question", "alone"),
    [
        ("When did India join?", "What is multipolarity?", "What is multipolarity?"),
        ("When did India join?", "And how many members does the SCO have?", "How many members does the SCO have?"),
        ("When did India join?", "Who are the observers?", "Who are the observers?"),
        ("When did India join?", "And why didn't Iran sign?", "Why didn't Iran sign?"),
        ("When did India join?", "And in which year was the SCO founded?", "In which year was the SCO founded?"),
        ("When did India join?", "Ok, and who leads the SCO?", "Who leads the SCO?"),
        ("When did India join?", "Great, when did Iran sign?", "When did Iran sign?"),
        ("How many members does the SCO have?", "Ok, when did India join?", "When did India join?"),
        ("When does the canteen close?", "What is the allowance?", "What is the allowance?"),
        ("When does the canteen close?", "Ok. What is the daily allowance?", "What is the daily allowance?"),
    ],
)
def test_a_whole_question_is_asked_alone_whatever_it_begins_with(earlier: str, question: str, alone: str) -> None:
    assert standalone(question, [earlier]) == alone
    assert candidates(question, [earlier], "Iran") == [alone]


@pytest.mark.parametrize(
    "question",
    [
        "Who was attacked?",
        "What is required?",
        "Who is eligible?",
        "What was the main reason?",
        "Who signed that statement?",
        "Which other countries did Iran invite?",
        "How many are observers today?",
        "Who besides India?",
        "Who of Russia's allies?",
        "Did Iran?",
    ],
)
def test_a_question_that_leaves_something_out_is_asked_with_the_one_before(question: str) -> None:
    assert standalone(f"And {question}", ["When did India join?"]) == f"When did India join? {question}"


def test_a_word_with_a_hyphen_leads_nothing() -> None:
    assert standalone("So-called observers of Asia?", ["When did India join?"]) == "So-called observers of Asia?"


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("How many bikes did Berlin sell in 2023?", "And 2022?", "How many bikes did Berlin sell in 2022?"),
        ("How many bikes did Berlin sell in 2023?", "What about in 2022?", "How many bikes did Berlin sell in 2022?"),
        ("How many bikes did Berlin sell in 2023?", "And after 2022?", "How many bikes did Berlin sell after 2022?"),
        ("How many bikes did Berlin sell in 2023?", "And Hamburg?", "How many bikes did Hamburg sell in 2023?"),
        ("What did India say in June?", "What about in May?", "What did India say in May?"),
        ("In June, what did India say?", "And May?", "In May, what did India say?"),
        ("What did India say on June 14, 2023?", "And 2022?", "What did India say on June 14, 2022?"),
        ("What did India say on June 14, 2023?", "And on July 1, 2022?", "What did India say on July 1, 2022?"),
        ("What can 5 people carry?", "And 10?", "What can 10 people carry?"),
        ("Who joined between 2020 and 2022?", "And 2023?", "Who joined between 2020 and 2022? 2023?"),
        ("When did India join?", "And 2017?", "When did India join? 2017?"),
        ("When did India join?", "What about in 2017?", "When did India join? In 2017?"),
        ("What is the goal for China?", "What about for Russia?", "What is the goal for Russia?"),
        ("What share of GDP do they hold?", "Of the population?", "What share of the population do they hold?"),
        ("How many members does the SCO have?", "Name them", "Name the members"),
        ("How many members does the SCO have?", "What about them?", "The members?"),
    ],
)
def test_new_words_stand_in_for_words_of_their_kind(earlier: str, question: str, expected: str) -> None:
    assert standalone(question, [earlier]) == expected


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("What is India's role?", "When did it join?", "When did India join?"),
        ("What is China's goal?", "What about Russia?", "What is Russia's goal?"),
        ("What is China's goal?", "And Russia's?", "What is Russia's goal?"),
        ("What is the Americans’ goal?", "And Russia?", "What is Russia’s goal?"),
        ("What is China’s goal?", "And the Germans?", "What is the Germans’ goal?"),
    ],
)
def test_an_owner_is_meant_without_its_ending(earlier: str, question: str, expected: str) -> None:
    assert standalone(question, [earlier]) == expected


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        (
            "When did India and Pakistan join?",
            "Who is its secretary-general?",
            "When did India and Pakistan join? Who is its secretary-general?",
        ),
        ("When did India and Pakistan join?", "Why did they?", "Why did India and Pakistan?"),
        (
            "When was the Ministry of Trade and Industry founded?",
            "Who leads it?",
            "Who leads the Ministry of Trade and Industry?",
        ),
    ],
)
def test_one_thing_is_not_two_that_were_named(earlier: str, question: str, expected: str) -> None:
    assert standalone(question, [earlier]) == expected


def test_a_greeting_before_the_earlier_question_is_no_name() -> None:
    assert standalone("And Iran?", ["Hi, when did India join?"]) == "When did Iran join?"


def test_without_history_a_follow_up_is_left_as_it_is() -> None:
    assert standalone("And when did it join?", []) == "And when did it join?"


def test_an_empty_earlier_question_is_passed_over() -> None:
    assert standalone("What about Iran?", ["When did India join?", "  "]) == "When did Iran join?"


def test_a_pronoun_may_mean_the_name_that_answered() -> None:
    assert candidates("When did it join?", ["Which country did Israel attack?"], "Iran") == [
        "When did Israel join?",
        "When did Iran join?",
    ]


def test_where_the_question_names_nobody_the_answer_does() -> None:
    assert candidates("Where does he work?", ["Who wrote this article?"], "Claus Soong")[0] == (
        "Where does Claus Soong work?"
    )


def test_a_question_that_stands_alone_has_one_reading() -> None:
    assert candidates("When did India join?", ["Who wrote this article?"], "Claus Soong") == ["When did India join?"]


@pytest.mark.parametrize(
    ("question", "pointing"),
    [
        ("When did it join?", True),
        ("And what about its ministers?", True),
        ("And Iran?", False),
        ("Since when?", False),
    ],
)
def test_only_a_pronoun_points_at_an_answer(question: str, pointing: bool) -> None:
    assert points(question) is pointing
    assert (len(candidates(question, ["Which country did Israel attack?"], "Iran")) == 2) is pointing


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("Where did Dr. Holloway grow up?", "When does she retire?", "When does Dr. Holloway retire?"),
        ("Who is Mrs. Lee?", "What is her phone number?", "What is Mrs. Lee’s phone number?"),
        ("When was J. R. R. Tolkien born?", "Where did he live?", "Where did J. R. R. Tolkien live?"),
        ("Where is St. Gallen?", "And Bern?", "Where is Bern?"),
    ],
)
def test_a_full_stop_within_a_name_does_not_end_it(earlier: str, question: str, expected: str) -> None:
    assert standalone(question, [earlier]) == expected


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("What is the monthly rent?", "When is it due?", "When is the monthly rent due?"),
        ("What is the monthly rent?", "And the deposit?", "What is the deposit?"),
        ("How old is the bridge over the river?", "What about the tower?", "How old is the tower over the river?"),
        ("When was the second wall demolished?", "How long was it?", "How long was the second wall?"),
        ("When does the night ferry leave the harbour?", "What does it cost?", "What does the night ferry cost?"),
        ("What do axolotls eat?", "Are they endangered?", "Are axolotls endangered?"),
        ("What is the name of the boat?", "How long is it?", "How long is the boat?"),
        ("What is the capital of France?", "And the population?", "What is the population of France?"),
        ("Where is the old town?", "When was it built?", "When was the old town built?"),
        ("When is the next meeting?", "Where is it?", "Where is the next meeting?"),
        ("Where is the tool shed?", "Is it locked?", "Is the tool shed locked?"),
        ("What is the house made of?", "How old is it?", "How old is the house?"),
        ("What is the flat like?", "Does it have a garden?", "Does the flat have a garden?"),
        ("How does this work?", "What does it cost?", "How does this work? What does it cost?"),
        ("When was the bridge built?", "By whom?", "By whom was the bridge built?"),
        (
            "What did the repair cost?",
            "How much did they pay of it?",
            "What did the repair cost? How much did they pay of it?",
        ),
        # Of a person a thing cannot be meant, nor does the weekend close.
        ("What is the rent?", "How old is he?", "What is the rent? How old is he?"),
        ("When does the canteen close?", "And the weekend?", "When does the canteen close? The weekend?"),
    ],
)
def test_a_follow_up_of_a_thing_without_a_name_is_asked_of_that_thing(
    earlier: str, question: str, expected: str
) -> None:
    assert standalone(question, [earlier]) == expected


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("When does it open?", "And on Sunday?", "When does it open on Sunday?"),
        ("When does it open?", "And Sunday?", "When does it open on Sunday?"),
        ("When does it open?", "And June?", "When does it open in June?"),
        ("When does it open?", "And 14 June?", "When does it open on 14 June?"),
        ("When does the museum open?", "On Sundays?", "When does the museum open on Sundays?"),
        ("Who chaired the board?", "And in 2022?", "Who chaired the board in 2022?"),
        ("How much is the fee?", "What about for children?", "How much is the fee for children?"),
        ("What is the fee?", "And to whom?", "What is the fee? To whom?"),
        ("When did India join?", "And in 2017?", "When did India join? In 2017?"),
    ],
)
def test_a_phrase_that_replaces_nothing_is_said_of_the_question_before(
    earlier: str, question: str, expected: str
) -> None:
    assert standalone(question, [earlier]) == expected


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("Is the U.S. a member?", "And Iran?", "Is Iran a member?"),
        ("Is the US a member?", "And Iran?", "Is Iran a member?"),
        ("Is the U.K. a member?", "And Iran?", "Is Iran a member?"),
        ("What is the U.S.’s role?", "And Iran?", "What is Iran’s role?"),
        ("Is Iran a member?", "And the U.S.?", "Is the U.S. a member?"),
        ("When did the U.S. Army come?", "When did it leave?", "When did the U.S. Army leave?"),
    ],
)
def test_initials_are_a_name_though_they_spell_a_function_word(earlier: str, question: str, expected: str) -> None:
    assert standalone(question, [earlier]) == expected


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (
            ["What else did she say?"],
            "And the strike fund?",
            "What else did she say? The strike fund?",
        ),
        (
            ["The light flashes red. What should I do?"],
            "And if it does not turn on?",
            "The light flashes red. What should I do? If it does not turn on?",
        ),
        (
            ["How much is it? Since the war?"],
            "Who raised it?",
            "How much is it? Since the war? Who raised it?",
        ),
    ],
)
def test_a_word_that_asks_is_nothing_a_follow_up_means(history: list[str], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize("date", ["Monday", "March 2023", "May"])
def test_a_date_that_answered_is_nobody_a_pronoun_means(date: str) -> None:
    history = ["Since when are the dockworkers on strike?"]
    assert candidates("Who leads them?", history, date) == [standalone("Who leads them?", history)]


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["When did India join?"], "No, I meant Iran", "When did Iran join?"),
        (["When did India join?"], "sorry, i mean Iran", "When did Iran join?"),
        (["When did India join?"], "no, Iran", "When did Iran join?"),
        (["What does the union want?"], "No, I meant the government", "What does the government want?"),
        (["How long is the strike?"], "I meant how many weeks the fund lasts", "How many weeks the fund lasts"),
        (["How long is the strike?"], "No. I meant: who leads the union?", "Who leads the union?"),
        (["Which offers are there?"], "No, I meant the second one", "Which offers are there? The second one"),
        (
            ["What are the demands of the union?"],
            "the second one?",
            "What are the demands of the union? The second one?",
        ),
    ],
)
def test_a_correction_asks_the_same_of_what_was_meant(history: list[str], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


def test_what_is_quoted_is_asked_about_as_it_stands() -> None:
    assert standalone("What is “they waited” about?", ["When did India join?"]) == "What is “they waited” about?"
    assert standalone("And “Deep”?", ["What is “Soundings”?"]) == "What is “Deep”?"


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["How many ships are waiting?"], "Where?", "Where are the ships waiting?"),
        (["How many crane jobs will be replaced?"], "by when?", "By when will the crane jobs be replaced?"),
        (["Which voyages have been made?"], "Why?", "Why have the voyages been made?"),
        (["How many actions are there?"], "Since when?", "How many actions are there? Since when?"),
        (["What year was the wall built?"], "Why?", "Why was the wall built?"),
        (["How much is the surcharge?", "Since when?"], "Why?", "How much is the surcharge? Why?"),
        (
            ["Did they intervene? Who criticised that?"],
            "Why?",
            "Did they intervene? Who criticised that? Why?",
        ),
        (
            ["How much is the surcharge?", "Since when?"],
            "Who pays?",
            "How much is the surcharge? Who pays?",
        ),
    ],
)
def test_another_circumstance_is_asked_of_what_was_asked_last(history: list[str], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["Which port is the rival?"], "What happened there?", "Which port is the rival? What happened there?"),
        (["When did Xi visit Moscow?"], "Who else was there?", "When did Xi visit Moscow? Who else was there?"),
        (["When did she die?"], "Where is she buried?", "Where is she buried?"),
        (["Was he ever arrested?"], "Who was his brother?", "Who was his brother?"),
        (["Was he ever arrested?"], "Where did she go?", "Was he ever arrested? Where did she go?"),
        (["Who is the mediator?"], "When did he take office?", "When did the mediator take office?"),
        (["What awards did she receive?"], "Which did she decline?", "Which awards did she decline?"),
        (
            ["What awards did she receive?"],
            "Was she proud?",
            "Was she proud?",
        ),
        (["Why did he resign?"], "And before him?", "Why did he resign? Before him?"),
        (["Was she arrested?"], "Where did she go then?", "Was she arrested? Where did she go then?"),
        (
            ["Who was the treasurer before?", "Why did she leave?"],
            "What did she get?",
            "Who was the treasurer before? Why did she leave? What did she get?",
        ),
        (["Who was the treasurer before?"], "Why did he leave?", "Who was the treasurer before? Why did he leave?"),
        (["What did Putin say?"], "And what did Xi say?", "What did Xi say?"),
        (["When did India join?"], "And when did Iran?", "When did India join? When did Iran?"),
        (["What was decided about bees?"], "What about rents?", "What was decided about rents?"),
        (["How many observers are there?"], "Which ones are they?", "Which ones are the observers?"),
        (["Which awards are named?"], "Was she proud?", "Which awards are named? Was she proud?"),
        (
            ["How many ships are waiting?"],
            "Which one carries medical supplies?",
            "Which of the ships carries medical supplies?",
        ),
        (["How many ships are waiting?"], "Which ones?", "How many ships are waiting? Which ones?"),
        (["What are the demands of the union?"], "Are they met?", "Are the demands of the union met?"),
        (["What is the name of the boat?"], "How long is it?", "How long is the boat?"),
        (
            ["How do I start the keep-warm function?"],
            "How long does it last?",
            "How long does the keep-warm function last?",
        ),
        (["Where can I buy a filter?"], "How much is it?", "How much is a filter?"),
        (["color revolutions?"], "What are they?", "What are color revolutions?"),
        (["union leader"], "What did he say?", "Union leader? What did he say?"),
    ],
)
def test_a_pronoun_means_what_was_asked_about(history: list[str], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


def test_there_may_mean_the_place_that_answered() -> None:
    history = ["Which port is the rival?"]
    assert candidates("What happened there?", history, "Skarnes")[0] == "What happened in Skarnes?"


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["How long does green tea steep?"], "And black tea?", "How long does black tea steep?"),
        (["what temp for green tea"], "and black tea?", "What temp for black tea"),
        (["How much is a full plot?"], "and a half plot?", "How much is a half plot?"),
        (["How many members does the SCO have?"], "And observers?", "How many observers does the SCO have?"),
        (
            ["How many members does the SCO have?", "And observers?"],
            "And dialogue partners?",
            "How many dialogue partners does the SCO have?",
        ),
        (["What about tea?"], "And black tea?", "What about tea? Black tea?"),
        (["When did India join?"], "And Iran?", "When did Iran join?"),
    ],
)
def test_another_kind_of_thing_is_asked_of_in_its_place(history: list[str], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (
            ["What goal do China and Russia pursue?"],
            "What did they promise about it?",
            "What did China and Russia promise about it?",
        ),
        (["Which goals do China and Russia pursue?"], "Are they met?", "Are the goals met?"),
        (
            ["Which grouping with Washington does India belong to?"],
            "Does it have a treaty with China?",
            "Does India have a treaty with China?",
        ),
        (["I'm writing on the SCO. What is it?"], "When was it founded?", "When was the SCO founded?"),
    ],
)
def test_a_pronoun_means_who_does_what_was_asked_about(history: list[str], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (
            ["What group is India in?"],
            "Who else is in that group?",
            "What group is India in? Who else is in that group?",
        ),
        (["Who joined last?"], "Is India one of them?", "Who joined last? Is India one of them?"),
        (["Does the EU play a role?"], "What is that initiative called?", None),
        (["How big is the SCO?"], "in terms of population", "How big is the SCO in terms of population?"),
        (["How much is the fee?"], "In Norway?", "How much is the fee in Norway?"),
        (["Is Iran a member?"], "Is Israel?", "Is Israel a member?"),
        (["Did India sign?"], "Did China?", "Did China sign?"),
        (["Since when is China in the SCO?"], "I meant when did it leave", "When did China leave"),
    ],
)
def test_what_points_back_or_leaves_something_out_leans_on_the_question_before(
    history: list[str], question: str, expected: str | None
) -> None:
    assert standalone(question, history) == (expected or f"{history[0]} {question}")


@pytest.mark.parametrize(
    "question",
    [
        "Is it true that India left?",
        "What is said of those who joined in 2017?",
        "In which year did India join?",
        "What does that article say about India?",
        "Is India a member of these days' Quad?",
    ],
)
def test_a_question_of_its_own_points_to_nothing_before(question: str) -> None:
    assert standalone(question, ["When was the SCO founded?"]) == question


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (
            ["How much is a full plot?", "And what was the main reason?", "Who else?"],
            "How much is a full plot? Who else? Which ones?",
        ),
        (
            ["How much is it?", "And who signed that statement?", "Who else is in that group of India?"],
            "Who else is in that group of India? Which ones?",
        ),
    ],
)
def test_of_a_long_chain_the_last_question_and_the_last_name_are_kept(history: list[str], expected: str) -> None:
    assert standalone("Which ones?", history) == expected


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["What do China and Russia want?"], "Does that mean they are allies?", None),
        (["Is Iran a member?"], "Who wrote this?", "Who wrote this?"),
        (["Is Iran a member?"], "Ok thanks. And hm, who wrote this?", "Who wrote this?"),
        (["When did India join?"], "Hmm. And Iran?", "When did Iran join?"),
        (["When did India join?"], "interesting, what about Iran?", "When did Iran join?"),
        (
            ["In what way did the bloc help? Who else is in it?"],
            "in the EU?",
            "In what way did the bloc help? Who else is in the EU?",
        ),
    ],
)
def test_of_what_is_said_by_the_way_nothing_is_meant(history: list[str], question: str, expected: str | None) -> None:
    assert standalone(question, history) == (expected or "Does that mean China and Russia are allies?")
