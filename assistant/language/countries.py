"""Countries by their several names: of the land, its people, its capital, and what stands for its government."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from assistant.language.phrases import capital
from index import PassageIndex
from index.tokens import FUNCTION_WORDS, words

# A country a line: as it is named, with an article where it has one, its commonest name first; other names of it and
# its people; its capital and government. What begins as a name of its line does, "Iranian" as "Iran", is not listed.
_LINES = """
Afghanistan | Taliban | Kabul
Albania | | Tirana
Algeria | | Algiers
Angola | | Luanda
Argentina | Argentine | Buenos Aires
Armenia | | Yerevan
Australia | Aussie | Canberra
Austria | Viennese | Vienna
Azerbaijan | Azeri | Baku
the Bahamas | | Nassau
Bahrain | | Manama
Bangladesh | Bengali | Dhaka
Barbados | | Bridgetown
Belarus | | Minsk
Belgium | Belgian | Brussels
Belize | | Belmopan
Benin | | Porto-Novo
Bhutan | | Thimphu
Bolivia | | La Paz
Bosnia | Herzegovina | Sarajevo
Botswana | | Gaborone
Brazil | | Brasilia
the United Kingdom/the UK/Britain/Great Britain/England | British Briton English | London Whitehall Westminster
Bulgaria | | Sofia
Burkina Faso | | Ouagadougou
Burundi | | Gitega
Cambodia | Khmer | Phnom Penh
Cameroon | | Yaoundé
Canada | Canadian | Ottawa
Chad | Chadian | N'Djamena
Chile | | Santiago
China | Chinese PRC Sino | Beijing Peking
Colombia | | Bogotá Bogota
Congo | DRC Zaire | Kinshasa Brazzaville
Costa Rica | | San José
Croatia | Croat | Zagreb
Cuba | | Havana
Cyprus | Cypriot | Nicosia
Czechia/the Czech Republic | Czech | Prague
Denmark | Danish Dane Danes | Copenhagen
Ecuador | | Quito
Egypt | | Cairo
El Salvador | Salvadoran | San Salvador
Eritrea | | Asmara
Estonia | | Tallinn
Eswatini | Swaziland Swazi | Mbabane
Ethiopia | | Addis Ababa
the EU/the European Union/Europe | Schengen | Brussels Strasbourg
Fiji | | Suva
Finland | Finnish Finn Finns | Helsinki
France | French | Paris
Gabon | | Libreville
the Gambia | | Banjul
Georgia | | Tbilisi
Germany | German FRG GDR | Berlin Bonn Bundestag
Ghana | | Accra
Greece | Greek Hellenic | Athens
Guinea | Guinean | Conakry
Guyana | | Georgetown
Haiti | | Port-au-Prince
Honduras | | Tegucigalpa
Hungary | Hungarian Magyar | Budapest
Iceland | | Reykjavik Reykjavík
India | Hindustan | Delhi
Indonesia | | Jakarta
Iran | Persia | Tehran Teheran
Iraq | | Baghdad
Ireland | Irish Eire | Dublin
Israel | | Jerusalem Knesset
Italy | Italian | Rome
Ivory Coast | Ivoire Ivorian | Yamoussoukro Abidjan
Jamaica | | Kingston
Japan | Nippon | Tokyo
Jordan | | Amman
Kazakhstan | Kazakh | Astana Nur-Sultan
Kenya | | Nairobi
Kosovo | | Pristina
Kuwait | |
Kyrgyzstan | Kyrgyz Kirghiz | Bishkek
Laos | Lao Laotian | Vientiane
Latvia | | Riga
Lebanon | Lebanese | Beirut
Lesotho | | Maseru
Liberia | | Monrovia
Libya | | Tripoli
Liechtenstein | | Vaduz
Lithuania | | Vilnius
North Macedonia/Macedonia | | Skopje
Madagascar | Malagasy | Antananarivo
Malawi | | Lilongwe
Malaysia | Malay | Kuala Lumpur
the Maldives | | Malé
Mali | | Bamako
Malta | Maltese | Valletta
Mauritania | | Nouakchott
Moldova | | Chisinau Chișinău
Mongolia | Mongol | Ulaanbaatar
Montenegro | | Podgorica
Morocco | | Rabat
Mozambique | | Maputo
Myanmar/Burma | Burmese | Naypyidaw Yangon Rangoon
Namibia | | Windhoek
Nepal | | Kathmandu
the Netherlands/Holland | Dutch | Hague Amsterdam
New Zealand | Kiwi | Wellington
Nicaragua | | Managua
Niger | | Niamey
Nigeria | | Abuja
North Korea | DPRK | Pyongyang
Norway | Norwegian Norse | Oslo
Oman | | Muscat
Pakistan | | Islamabad
Palestine | Gaza | Ramallah
Papua New Guinea | | Moresby
Paraguay | | Asunción Asuncion
Peru | | Lima
the Philippines | Filipino | Manila
Poland | Polish Pole Poles | Warsaw
Portugal | Portuguese | Lisbon
Qatar | | Doha
Romania | | Bucharest
Russia | Muscovite Soviet USSR | Moscow Kremlin
Rwanda | | Kigali
Samoa | | Apia
Saudi Arabia | KSA | Riyadh
Scotland | Scottish Scots | Edinburgh Holyrood
Senegal | | Dakar
Serbia | Serb | Belgrade
Sierra Leone | | Freetown
Slovakia | Slovak | Bratislava
Slovenia | Slovene | Ljubljana
Somalia | | Mogadishu
South Africa | | Pretoria
South Korea/Korea | ROK | Seoul
the Soviet Union | USSR Soviet Russia Kazakhstan Uzbekistan Tajikistan Kyrgyzstan Belarus Ukraine |
Spain | Spanish Spaniard | Madrid
Sri Lanka | Ceylon Sinhala | Colombo
Sudan | | Khartoum
Suriname | | Paramaribo
Sweden | Swedish Swede | Stockholm
Switzerland | Swiss | Bern Berne
Syria | | Damascus
Taiwan | Formosa ROC | Taipei
Tajikistan | Tajik | Dushanbe
Tanzania | | Dodoma
Thailand | Thai Siam | Bangkok
Togo | | Lomé
Trinidad | Tobago |
Tunisia | | Tunis
Turkey/Türkiye | Turkish Turk Turkiye | Ankara
Turkmenistan | Turkmen | Ashgabat
Uganda | | Kampala
Ukraine | | Kyiv Kiev
the United Arab Emirates/the UAE/the Emirates | Emirati | Abu Dhabi
the United States/the USA/America | American Pentagon US | Washington
Uruguay | | Montevideo
Uzbekistan | Uzbek | Tashkent
Venezuela | | Caracas
Vietnam | Viet | Hanoi
Wales | Welsh | Cardiff
Yemen | | Sanaa
Yugoslavia | Yugoslav |
Zambia | | Lusaka
Zimbabwe | Rhodesia | Harare
"""
# "Persians", of "Persia".
_LEAST, _ENDING = 4, 4
# Not within "Washington-led" or the name of something else: "George Washington", "the Treaty of Rome", "Paris
# Agreement". In a place, "the summit in Tehran", the place may be what is asked about.
_SEAT = regex.compile(
    r"(?<!\p{Lu}[\p{L}\p{M}’']*(?: of)? )(?<!\b(?:in|at|near|outside|around|through|via|from|to) (?:the )?)"
    r"(?<![\p{L}\p{M}\p{N}-])(?:[Tt]he )?(?<!-)(?:New )?(?P<seat>\p{Lu}[\p{L}\p{M}]+)(?![\p{L}\p{M}\p{N}-]| \p{Lu})"
)

# Of names of many words, these name nothing by themselves.
_COMMON = FUNCTION_WORDS | frozenset("north south new united states kingdom great union arab republic coast".split())

# In small letters, more often the bird.
_ORDINARY = frozenset(("turkey",))


@dataclass(frozen=True, slots=True)
class _Country:
    called: tuple[str, ...]
    seats: frozenset[str]
    every: frozenset[str]


@cache
def _countries() -> tuple[_Country, ...]:
    found = []
    for line in _LINES.strip().splitlines():
        called, people, seats = (part.strip() for part in line.split("|"))
        every = {word for word in words(f"{called} {people} {seats}") if word not in _COMMON}
        found.append(_Country(tuple(called.split("/")), frozenset(words(seats)), frozenset(every)))
    return tuple(found)


@cache
def _by_word() -> dict[str, list[_Country]]:
    found: dict[str, list[_Country]] = {}
    for country in _countries():
        for word in country.every:
            found.setdefault(word, []).append(country)
    return found


def country(word: str) -> str | None:
    """How the country is written that ``word``, folded, is a name of by itself: "India" of "india"; or None."""
    if word in _ORDINARY:
        return None
    called = (name.removeprefix("the ") for each in _by_word().get(word, ()) for name in each.called)
    return next((name for name in called if name.lower() == word and len(word) >= _LEAST), None)


def named_otherwise(word: str, index: PassageIndex) -> bool:
    """Whether ``word``, folded, names or stands for a country that the documents name by another of its names."""
    begins = (word[:end] for end in range(len(word), max(_LEAST, len(word) - _ENDING) - 1, -1))
    countries = next((_by_word()[begin] for begin in begins if begin in _by_word()), [])
    return any(_as_named(each, index) or any(map(index.lexical.times, each.every)) for each in countries)


def with_countries(question: str, index: PassageIndex) -> str:
    """``question`` with the country in place of a capital or a government that no document names, as they name it.

    "New Delhi" is India and "the Kremlin" Russia. Of two countries with one seat, Belgium and the EU, it is the one
    that alone is named.
    """

    def country(match: regex.Match[str]) -> str:
        seat = "".join(words(match["seat"]))
        if index.lexical.times(seat):
            return match.group()
        seated = [each for each in _by_word().get(seat, ()) if seat in each.seats]
        named = list(filter(None, (_as_named(each, index) for each in seated)))
        if len(named) != 1:
            return match.group()
        return capital(named[0]) if match.start() == 0 and match.group()[0].isupper() else named[0]

    return _SEAT.sub(country, question)


def _as_named(country: _Country, index: PassageIndex) -> str | None:
    """The first of the names of ``country`` that the documents hold, or None."""

    def held(name: str) -> bool:
        return all(index.lexical.times(word) for word in words(name) if word not in FUNCTION_WORDS)

    return next(filter(held, country.called), None)
