"""Countries by their several names: of the land, its people, its capital, and what stands for its government."""

from __future__ import annotations

from functools import cache

from index.tokens import words

# A group a line. A name that begins as one of its group does, "Iranian" as "Iran", is not listed.
_GROUPS = """
Abkhazia Sukhumi
Afghanistan Kabul Taliban
Albania Tirana
Algeria Algiers
Andorra
Angola Luanda
Argentina Argentine Buenos Aires
Armenia Yerevan
Australia Aussie Canberra
Austria Vienna Viennese
Azerbaijan Azeri Baku
Bahamas Nassau
Bahrain Manama
Bangladesh Bengali Dhaka Dacca
Barbados Bridgetown
Belarus Minsk
Belgium Belgian Brussels
Belize Belmopan
Benin Porto-Novo Cotonou
Bhutan Thimphu
Bolivia Sucre
Bosnia Herzegovina Sarajevo
Botswana Gaborone
Brazil Brasilia
Britain British Briton UK England English London Westminster Whitehall Kingdom
Brunei
Bulgaria Sofia
Burkina Ouagadougou
Burundi Gitega Bujumbura
Cambodia Khmer Phnom Penh
Cameroon Yaoundé Yaounde
Canada Canadian Ottawa
Chad Chadian
Chile Santiago
China Chinese PRC Beijing Peking Sino
Colombia Bogotá Bogota
Congo DRC Kinshasa Brazzaville Zaire
Croatia Croat Zagreb
Cuba Havana
Cyprus Cypriot Nicosia
Czechia Czech Prague
Denmark Danish Dane Danes Copenhagen
Djibouti
Dominica Roseau
Ecuador Quito
Egypt Cairo
Eritrea Asmara
Estonia Tallinn
Eswatini Swaziland Swazi Mbabane
Ethiopia Addis Ababa
Europe EU Brussels Strasbourg Schengen
Fiji Suva
Finland Finnish Finn Finns Helsinki
France French Paris Élysée Elysee Quai
Gabon Libreville
Gambia Banjul
Georgia Tbilisi
Germany German Berlin Bonn Bundestag FRG GDR
Ghana Accra
Greece Greek Hellenic Athens
Guatemala
Guinea Conakry Bissau
Guyana Georgetown
Haiti Port-au-Prince
Honduras Tegucigalpa
Hungary Hungarian Magyar Budapest
Iceland Reykjavik Reykjavík
India Hindustan Delhi
Indonesia Jakarta Nusantara
Iran Persia Tehran Teheran
Iraq Baghdad
Ireland Irish Eire Dublin
Israel Jerusalem Tel Aviv Knesset
Italy Italian Rome
Ivory Coast Ivoire Ivorian Yamoussoukro Abidjan
Jamaica Kingston
Japan Nippon Tokyo
Jordan Amman
Kazakhstan Kazakh Astana Nur-Sultan
Kenya Nairobi
Korea Seoul Pyongyang DPRK ROK
Kosovo Pristina
Kuwait
Kyrgyzstan Kyrgyz Kirghiz Bishkek
Laos Lao Laotian Vientiane
Latvia Riga
Lebanon Lebanese Beirut
Lesotho Maseru
Liberia Monrovia
Libya Tripoli
Liechtenstein Vaduz
Lithuania Vilnius
Luxembourg
Macedonia Skopje
Madagascar Malagasy Antananarivo
Malawi Lilongwe
Malaysia Malay Kuala Lumpur
Maldives Malé
Mali Bamako
Malta Maltese Valletta
Mauritania Nouakchott
Mauritius
Mexico Mexican
Moldova Chisinau Chișinău
Monaco Monegasque
Mongolia Mongol Ulaanbaatar
Montenegro Podgorica
Morocco Rabat
Mozambique Maputo
Myanmar Burma Burmese Naypyidaw Yangon Rangoon
Namibia Windhoek
Nepal Kathmandu
Netherlands Dutch Holland Hague Amsterdam
Zealand Kiwi Wellington
Nicaragua Managua
Niger Niamey
Nigeria Abuja Lagos
Norway Norwegian Norse Oslo
Oman Muscat
Pakistan Islamabad
Palestine Ramallah Gaza
Panama
Papua Moresby
Paraguay Asunción Asuncion
Peru Lima
Philippines Filipino Manila
Poland Polish Pole Poles Warsaw
Portugal Portuguese Lisbon
Qatar Doha
Romania Bucharest
Russia Moscow Kremlin Soviet USSR Muscovite
Rwanda Kigali
Samoa Apia
Saudi Riyadh KSA
Senegal Dakar
Serbia Serb Belgrade
Sierra Leone Freetown
Singapore
Slovakia Slovak Bratislava
Slovenia Slovene Ljubljana
Somalia Mogadishu
Africa Pretoria
Spain Spanish Spaniard Madrid
Lanka Ceylon Sinhala Colombo
Sudan Khartoum
Suriname Paramaribo
Sweden Swedish Swede Stockholm
Switzerland Swiss Bern Berne
Syria Damascus
Taiwan Formosa Taipei ROC
Tajikistan Tajik Dushanbe
Tanzania Dodoma
Thailand Thai Siam Bangkok
Togo Lomé
Tonga
Trinidad Tobago
Tunisia Tunis
Turkey Turkish Turk Türkiye Turkiye Ankara
Turkmenistan Turkmen Ashgabat
Uganda Kampala
Ukraine Kyiv Kiev
Emirates Emirati UAE Dhabi
US USA America Washington Pentagon Capitol White States
Uruguay Montevideo
Uzbekistan Uzbek Tashkent
Vanuatu
Vatican Holy
Venezuela Caracas
Vietnam Viet Hanoi
Wales Welsh Cardiff
Scotland Scottish Scots Edinburgh Holyrood
Yemen Sanaa
Yugoslavia Yugoslav
Zambia Lusaka
Zimbabwe Rhodesia Harare
USSR Soviet Russia Kazakhstan Uzbekistan Tajikistan Kyrgyzstan Belarus Ukraine
"""
# "Persians", of "Persia".
_LEAST, _ENDING = 4, 4


@cache
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _GROUPS.strip().splitlines():
        group = frozenset(words(line))
        for name in group:
            found[name] = found.get(name, frozenset()) | group
    return found


def other_names(word: str) -> frozenset[str]:
    """Folded words that may name the country that ``word``, folded, names or stands for; empty of any other word."""
    begins = (word[:end] for end in range(len(word), max(_LEAST, len(word) - _ENDING) - 1, -1))
    return next((_groups()[begin] for begin in begins if begin in _groups()), frozenset()) - {word}
