"""One name, several spellings: the table and the few rules by which Mohd finds Muhammad and Satoh finds Sato.

A spelling found here is one more term beside the word itself and is compared whole, so a rule may be rough
as long as two *different* names in use do not end in the same letters. `tests/data/names.yaml` holds both sides.
"""

import re
from collections.abc import Callable

# The first of a line stands for the rest. Only spellings of one name; Wong is both 王 and 黃, so it stands alone.
_SAME_NAME = """
muhammad mohammad mohammed muhammed mohamed mohamad mohamud muhamad muhamed mohd muhd md mohammod mohamod
ahmad ahmed achmad akhmad ahmmed
abdullah abdallah abdulla abdalla abdollah abdoullah
yusuf yusof yousuf yousef youssef yousif yusoff yusup
ibrahim ebrahim ibraheem brahim
nur noor nour nor
siti sitti
husain hussain hussein hussin husein hossain hossein houssein
hasan hassan
usman osman othman uthman ousmane
umar omar
khalid khaled
rahman rehman rahmaan
sayyid syed sayed seyed sayyed
fatima fatimah fatema fathima fatemeh fatma
aisha aishah ayesha aisyah aicha aysha
zainab zaynab zeinab zaineb
khadija khadijah hadija khadeja
layla leila laila leyla
karim kareem
rashid rasheed rachid
mustafa mostafa mustapha moustafa
mahmud mahmoud mahmood mehmood
tariq tarek tareq tarik
jamal gamal djamel
nasir naser nasser
said saeed saeid
ali aly
lee li yi rhee rhie
park pak bak
choi choe choy
jung jeong chung
yu yoo you
ryu ryoo
seo suh
an ahn
kwon gwon
kang gang
kim gim
cho jo
noh roh
lim im yim
hwang whang
baek paik baik paek
shin sin
young yeong
hyun hyeon
sung seong
zhang chang
zhou chou chow
zhao chao
xu hsu
xie hsieh
cai tsai
liu liou
guo kuo
gao kao
jiang chiang
xiao hsiao
zhu chu
zeng tseng
xiong hsiung
inoue inouye
"""
_FIRST = {word: line.split()[0] for line in _SAME_NAME.split("\n") for word in line.split()}

# Written differently by age or country, one character for a reader: the first of a word stands for the rest.
_ONE_CHARACTER = """
辺邊邉边 斎斉齋齊齐 高髙 崎﨑嵜 沢澤泽 桜櫻樱 広廣广 浜濱濵滨 国國 竜龍龙 島嶋嶌岛 富冨 吉𠮷 恵惠
真眞 徳德 黒黑 瀬瀨 関關关 滝瀧 万萬 与與 寿壽 栄榮荣 円圓 学學 実實实 宝寶 弥彌 当當 応應应
桧檜 条條 来來 渓溪 為爲为 礼禮 芸藝艺 蔵藏 豊豐 鉄鐵铁 塩鹽盐 鶴鹤 静靜 頼賴赖 亜亞亚 伝傳
児兒儿 団團 岳嶽 峰峯 槙槇 遥遙 曽曾 祢禰 聡聰聪 郷鄉乡 陳陈 張张 劉刘 楊杨 黄黃 呉吳吴 趙赵
孫孙 馬马 鄭郑 謝谢 許许 鄧邓 馮冯 蕭萧 葉叶 閻阎 鍾钟 譚谭 盧卢 賈贾 鄒邹 陸陆 顧顾 龔龚
銭錢钱 厳嚴严 湯汤 蘇苏 呂吕 蒋蔣 韓韩 羅罗 麗丽 華华 偉伟 強强 傑杰 軍军 東东 鳳凤 紅红 蘭兰
鵬鹏 飛飞 潔洁 頴穎颖 暁曉晓 嬌娇 慶庆 義义 興兴 達达 発發发 財财 貴贵 愛爱 寧宁 夢梦 瑩莹
涛濤 輝辉 進进 遠远 鋒锋 鋼钢 銘铭 錦锦 長长 陽阳 順顺 風风 鷹鹰 齢齡龄 魯鲁 衛卫 維维 賢贤
"""
# Amharic has several letters for one sound, each with seven vowels: ሐ and ኀ as ሀ, ሠ as ሰ, ዐ as አ, ፀ as ጸ.
_ONE_SOUND = ((0x1210, 0x1200), (0x1280, 0x1200), (0x1220, 0x1230), (0x12D0, 0x12A0), (0x1340, 0x1338))
ONE_LETTER = str.maketrans(
    {other: word[0] for word in _ONE_CHARACTER.split() for other in word[1:]}
    | {chr(other + vowel): chr(one + vowel) for other, one in _ONE_SOUND for vowel in range(7)}
    | dict.fromkeys("\u093c\u09bc\u0a3c", "")  # the dot of Indic scripts, written or left out
    | {"ँ": "ं", "ঁ": "ং", "ሃ": "ሀ", "ሓ": "ሀ", "ኃ": "ሀ", "ኣ": "አ", "ዓ": "አ"}
)

_ABDUL = re.compile(r"abd(?:[aeou]|ou)(?:l|(?=([drstnz])\1))(?=[a-z]{3})")
_DOUBLED_AFTER_ABDUL = re.compile(r"^(abdul)([drstnz])\2")

# A word that Japanese could write: syllables, the long vowels and double consonants of every romanisation.
_JAPANESE = re.compile(
    r"(?:(?:ss|kk|tt|pp|t(?=ch))?(?:sh|ch|ts|dz|[kgnhbpmr]y|[sztjd]y|[kgsztdnhbpmyrwjf])?[aiueo](?:h(?![aiueoy]))?"
    r"|n(?![aiueo])|m(?=[bpm]))+"
)
_Rules = list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]]
_LONG: _Rules = [
    (re.compile("oo(?=n$)"), "u"),  # Yoon, Joon: Korean, and the same as Yun, Jun
    (re.compile("o[ou](?!n$)|oh(?![aiueoy])"), "o"),
    (re.compile("uu|uh(?![aiueoy])"), "u"),
    (re.compile("m(?=[bpm])"), "n"),
    (re.compile("nn(?=ichi|y)"), "n"),
]
_KUNREI: _Rules = [
    (re.compile("(?<![sct])[sz]y(?=[auo])"), lambda found: "sh" if found[0][0] == "s" else "j"),
    (re.compile("ty(?=[auo])"), "ch"),
    (re.compile("[jd]y(?=[auo])"), "j"),
    (re.compile("si"), "shi"),
    (re.compile("t(?=i)"), "ch"),
    (re.compile("tu"), "tsu"),
    (re.compile("[zd]i"), "ji"),
    (re.compile("hu"), "fu"),
]

# Thai, Lao and Khmer in Latin letters: aspiration, final letters and vowels are written or not, as a clerk liked it.
_SOFT: _Rules = [
    (re.compile("ee"), "i"),
    (re.compile("oo|ou"), "u"),
    (re.compile(r"([a-z])\1"), r"\1"),
    (re.compile("([tpk])h"), r"\1"),
    (re.compile("porn"), "pon"),
    (re.compile("w"), "v"),
    (re.compile("ay$|ai$|aye$"), "ai"),
    (re.compile("[cs]y(?=[bcdfgklmnprstvz])"), lambda found: found[0][0] + "i"),
    (re.compile("nh$|ne$"), "n"),
    (re.compile("(?<=[a-z]{3}[aeiou])h$"), ""),
]
_TWO_SYLLABLES = re.compile("[aeiouy][^aeiouy]+[aeiouy]")


def other_spellings(word: str) -> list[str]:
    """The spelling that stands for all spellings of a folded word of Latin letters, unless it is the word itself."""
    if not (1 < len(word) <= 24 and word.isascii() and word.isalpha()):
        return []
    if word in _FIRST:
        first = _FIRST[word]
    elif _JAPANESE.fullmatch(word):
        first = _in_hepburn(word)
    else:
        first = _softened(word)
    return [] if first == word else [first]


def _in_hepburn(word: str) -> str:
    """Satō, Satou and Satoh as Sato; Sinpei and Shimpei as Shinpei; short words stay (Hu and Fu, Tina and China)."""
    for pattern, letters in _LONG if len(word) < 5 else (*_LONG, *_KUNREI):
        word = pattern.sub(letters, word)
    return word


def _softened(word: str) -> str:
    """Phommachanh and Pommachan alike; of short words nothing, they are too many and too close (Thu and Tu)."""
    abdul = _ABDUL.sub("abdul", word)
    if abdul.startswith("abdul"):
        return _DOUBLED_AFTER_ABDUL.sub(r"\1\2", abdul)
    soft = word
    for pattern, letters in _SOFT:
        soft = pattern.sub(letters, soft)
    return soft if len(soft) >= 5 and _TWO_SYLLABLES.search(soft) else word
