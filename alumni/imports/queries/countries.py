"""Which country a list means: codes, and names in the languages in which lists are written."""

import re
from functools import cache, lru_cache

import pycountry
from babel import Locale

from alumni.core.places import COUNTRIES
from alumni.core.text import fold

LONGEST = 100  # characters of the name of a country
LANGUAGES = "en ja fr es pt id vi th ms fil km lo my zh zh_Hant ko de it ru mn ar".split()

# What neither CLDR nor ISO writes, but lists do: other names, old names, the people for the country.
_ALSO = """
BN: Brunei Darussalam, Brunei Darusalam, ブルネイ・ダルサラーム, ブルネイ・ダルサラーム国, Bruneian
KH: Kampuchea, Kingdom of Cambodia, Cambodian, Khmer
ID: Republic of Indonesia, Indonesian
LA: Lao, Laos PDR, Lao PDR, Lao P.D.R., Lao People's Democratic Republic, Laotian, ラオス人民民主共和国
MM: Burma, Myanmar, Birmania, Birmanie, Birmânia, ビルマ, ミヤンマー, ミャンマー連邦, Burmese, Union of Myanmar
MY: Malaysian, マレイシア
PH: The Philippines, Philippine, Filipino, Filipina, フイリピン, 比国
SG: Singaporean, Republic of Singapore, シンガポール共和国
TH: Thai, Kingdom of Thailand, タイ国, Siam
VN: Viet Nam, Vietnam, Vietnamese, ヴィエトナム, ヴェトナム, ベトナム社会主義共和国, S.R. Vietnam, 越南
TL: East Timor, Timor Leste, Timor-Leste, Timor Lorosae, 東チモール, 東ティモール, Timorese
IN: Indian, Republic of India
JP: Japanese, Nippon, Nihon, 日本国
CN: P.R. China, PRC, China (Mainland), People's Republic of China, 中華人民共和国, Chinese
KR: Korea, South Korea, Korea (South), R.O. Korea, ROK, Republic of Korea, Korea Republic, 韓国, 大韓民国, 南韓
KP: North Korea, DPRK, 北朝鮮
TW: Chinese Taipei, Taiwan, Taipei, 台湾, 臺灣, チャイニーズ・タイペイ
HK: Hong Kong, Hongkong, 香港
MO: Macau, Macao, マカオ
US: USA, U.S.A., U.S., United States of America, America, アメリカ, アメリカ合衆国, 米国
GB: UK, U.K., Great Britain, England, Scotland, Wales, 英国, イギリス, 連合王国
RU: Russia, Russian Federation, ロシア連邦
CI: Ivory Coast, Cote d'Ivoire, Côte d'Ivoire, コートジボアール, 象牙海岸
CD: DR Congo, DRC, D.R. Congo, Congo DR, RDC, Democratic Republic of the Congo, Congo-Kinshasa, Zaire, コンゴ民主共和国
CG: Republic of Congo, Republic of the Congo, Congo-Brazzaville, コンゴ共和国
CV: Cape Verde, Cabo Verde, カーボヴェルデ
SZ: Swaziland, Eswatini, スワジランド
MK: Macedonia, North Macedonia, マケドニア
CZ: Czech Republic, Czechia, チェコ共和国
TR: Turkey, Türkiye, Turkiye, トルコ
GM: The Gambia, Gambia
TZ: Tanzania, United Republic of Tanzania, タンザニア連合共和国
FM: Micronesia, FSM, Federated States of Micronesia, ミクロネシア, ミクロネシア連邦
PG: PNG, Papua New Guinea, パプアニューギニア, パプア・ニューギニア
AE: UAE, U.A.E., アラブ首長国連邦
VA: Vatican, Holy See
MM: Republic of the Union of Myanmar
PS: Palestine, パレスチナ
SY: Syria, シリア
VE: Venezuela, ベネズエラ, ヴェネズエラ
BO: Bolivia, ボリビア
IR: Iran, イラン
MD: Moldova
BT: Bhutan, ブータン
MV: Maldives, モルディブ
NL: Holland, オランダ
ET: エチオピア
KG: Kyrgyz, Kyrgyz Republic, Kirghizia, キルギス共和国
GE: グルジア
ST: São Tomé
"""
_CONGO = "congo"  # two countries; a list that says no more is asked
_OTHER = re.compile(r"[\W_]+")
_IN_BRACKETS = re.compile(r"\s*[(（\[【](.*?)[)）\]】]")
_COUNT = re.compile(
    r"[\s:：,、(（\[]*[0-9０-９]+\s*(?:people|persons?|participants?|pax|名|人)?\s*[)）\]]*\s*$", re.IGNORECASE
)
_FORM_OF_STATE = re.compile(
    r"^(?:the )?(?:(?:people's |democratic |federal |socialist |islamic |united )*"
    r"(?:republic|kingdom|state|states|sultanate|commonwealth|union)\s+of\s+)?(?:the )?(?P<name>.+)$",
    re.IGNORECASE,
)
_JAPANESE_FORM = re.compile(
    "(?:人民|民主|社会主義|連邦|イスラム|合衆|合同|連合)*(?:共和国|王国|首長国|公国|連邦|国)$|人$"
)


def _key(name: str) -> str:
    return _OTHER.sub("", fold(name).replace("&", "and"))


@cache
def _by_name() -> dict[str, str]:
    """Every name that one country has; a name that two have is nobody's."""
    known: dict[str, str] = {}
    for line in _ALSO.strip().split("\n"):
        code, _, names = line.partition(":")
        known |= {_key(name): code for name in names.split(",")}
    for country in pycountry.countries:
        formal = (getattr(country, kind, "") for kind in ("alpha_2", "alpha_3", "name", "official_name", "common_name"))
        known |= {_key(name): country.alpha_2 for name in formal if name and _key(name) not in known}
    others: dict[str, set[str]] = {}
    for language in LANGUAGES:
        names_of = Locale.parse(language).territories
        for code in COUNTRIES:
            for name in _parts(names_of.get(code, "")):
                others.setdefault(_key(name), set()).add(code)
    known = {name: next(iter(codes)) for name, codes in others.items() if len(codes) == 1} | known
    known.pop("", None)
    known.pop(_CONGO, None)
    return known


def _parts(name: str) -> list[str]:
    """Myanmar (Burma): the whole, what stands outside and what inside."""
    return [name, _IN_BRACKETS.sub("", name), *_IN_BRACKETS.findall(name)]


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """The ISO 3166-1 alpha-2 code of a country, however it is written; empty where it is not known."""
    if len(text) > LONGEST:
        return ""
    known = _by_name()
    for name in (text, *_parts(text)[1:], *re.split(r"[/／|]|\s[-–—]\s", text)):
        if code := known.get(_key(name)):
            return code
    formal = _FORM_OF_STATE.match(text.strip())
    if formal and (code := known.get(_key(formal["name"]))):
        return code
    return known.get(_key(_JAPANESE_FORM.sub("", text.strip())), "")


@lru_cache(maxsize=1024)
def section_country(text: str) -> str:
    """The country that stands alone over the rows of its people: Cambodia (11), ラオス：11名. Empty for other text."""
    return country_code(_COUNT.sub("", text)) if len(text) <= LONGEST else ""
