"""Invented people's names, as people of each country write them, with Latin letters beside any other script."""

import random
from collections.abc import Callable
from itertools import accumulate

Name = tuple[str, str]  # as its owner writes it; in Latin letters, empty where that is the same
_Maker = Callable[[random.Random], Name]


def _plain(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """`script=Latin` pairs."""
    return tuple((own, latin) for own, _, latin in (pair.partition("=") for pair in text.split()))


# Latin letters
INDONESIAN = _plain(
    "Wulandari Suprapto Nurhayati Sutrisno Handayani Purnomo Lestari Kartika Hartono Rahmawati Setiawan"
    " Anggraini Wibowo Pertiwi Nugroho Utami Hidayat Maharani Gunawan Safitri Kurniawan Puspita Saputra"
    " Yulianti Prasetyo Dewi Budiman Ratnasari Firmansyah Melati Susilo Andayani"
)
MALAY_MEN = _plain("Faizal Hafiz Azlan Rizal Syafiq Amirul Haziq Zulkifli Kamarul Iskandar Nizam Farhan Irfan Shahrul")
MALAY_WOMEN = _plain("Aisyah Nurul Siti Farah Amira Hidayah Syazwani Izzati Nadia Suraya Aina Balqis Liyana Rohana")
MALAY_FATHERS = _plain(
    "Abdullah Ismail Ibrahim Rahman Yusof Osman Hassan Mohamad Salleh Hamzah Ahmad Idris Bakar Sulaiman"
)
FILIPINO_FIRST = _plain(
    "Maria Jose Angelica Mark Kristine Paolo Bea Miguel Camille Rafael Grace Joshua Isabel Gabriel Liza"
    " Antonio Carmela Dennis Rowena Emmanuel Jasmine Ramon Teresita Vicente"
)
FILIPINO_SURNAMES = (
    "Santos", "Reyes", "Dela Cruz", "Bautista", "Villanueva", "Mendoza", "Aquino", "Del Rosario", "Pangilinan",
    "Macaraeg", "Salonga", "Dimaculangan", "Navarro", "Ocampo", "Castillo", "Magsaysay", "Tolentino", "Soriano",
)  # fmt: skip
VIETNAMESE_FAMILY = _plain("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý")
VIETNAMESE_MIDDLE = _plain("Thị Văn Minh Thanh Ngọc Quốc Đức Thu Hữu Phương Gia Kim")
VIETNAMESE_GIVEN = _plain(
    "Anh Linh Hương Dũng Trang Tuấn Hà Phúc Thảo Long Yến Khánh Mai Bảo Lan Hiếu Ngân Quân Vy Đạt"
)
PORTUGUESE_FIRST = (
    "Ana Paula", "João", "Mariana", "Lucas", "Beatriz", "Rafael", "Letícia", "Thiago", "Fernanda", "Gustavo", "Larissa",
    "Bruno", "Camila", "André", "Júlia", "Felipe", "Patrícia", "Vinícius", "Renata", "Caio",
)  # fmt: skip
PORTUGUESE_SURNAMES = (
    "da Silva", "de Oliveira", "Souza", "Pereira", "Carvalho", "dos Santos", "Gonçalves", "Araújo", "Ribeiro",
    "Magalhães", "da Costa", "Ferreira", "Assunção", "Moreira",
)  # fmt: skip
SPANISH_FIRST = (
    "María Fernanda", "José Luis", "Lucía", "Diego", "Valeria", "Andrés", "Camila", "Sebastián", "Rocío", "Martín",
    "Ximena", "Óscar", "Gabriela", "Hernán", "Belén", "Íñigo", "Noemí", "Julián", "Paola", "Raúl",
)  # fmt: skip
SPANISH_SURNAMES = _plain(
    "González Quispe Rodríguez Mamani Fernández López Gómez Núñez Ramírez Benítez Flores Rojas Castro Vásquez"
    " Peña Muñoz"
)
NIKKEI_SURNAMES = _plain(
    "Sato Tanaka Yamamoto Higa Nakamura Kobayashi Watanabe Oshiro Kaneshiro Miyagi Shimabukuro Arakaki"
    " Hayashi Inoue Saito Uehara Fukuda Matsumoto Kishimoto Tamashiro"
)
TIMORESE_FIRST = _plain("Domingos Maria Agostinho Filomena Joaquim Lúcia Mateus Natália Abílio Rosa Celestino Olinda")
TIMORESE_SURNAMES = ("Soares", "da Costa", "Ximenes", "dos Reis", "Gusmão", "Belo", "Guterres", "Amaral", "Freitas")
CHINESE_LATIN = _plain("Tan Lim Lee Ng Wong Chong Ong Goh Chua Teo Yap Koh Low Sim")
CHINESE_LATIN_GIVEN = (
    "Wei Ming", "Hui Min", "Jia Hao", "Xin Yi", "Kok Leong", "Mei Ling", "Zhi Wei", "Shu Fen", "Yong Sheng", "Li Ting",
)  # fmt: skip
EAST_AFRICAN_FIRST = _plain(
    "Wanjiru Otieno Achieng Kamau Neema Juma Akinyi Baraka Zawadi Mwangi Grace Emmanuel Amina David"
)
EAST_AFRICAN_LAST = _plain("Kariuki Ochieng Njoroge Mutua Odhiambo Wekesa Mugisha Uwimana Habimana Nakato Mushi Kimaro")
WEST_AFRICAN_FIRST = _plain(
    "Kwame Adaeze Kofi Ngozi Abena Chinedu Fatou Mamadou Yaa Oluwaseun Aïssatou Ibrahima Efua Tunde"
)
WEST_AFRICAN_LAST = _plain(
    "Mensah Okafor Diop Traoré Adeyemi Owusu Koné Ndiaye Boateng Eze Camara Asante Nkemelu Balogun"
)
SOUTHERN_AFRICAN_FIRST = _plain("Thabo Nomsa Tendai Chipo Sipho Lindiwe Mutale Bwalya Kagiso Naledi Chisomo Rutendo")
SOUTHERN_AFRICAN_LAST = _plain("Nkosi Dlamini Moyo Banda Phiri Mokoena Ndlovu Chikwanda Zulu Molefe Mwale Sibanda")
SOUTH_ASIAN_FIRST = _plain("Fatima Bilal Ayesha Imran Nusrat Farid Zahra Tariq Shaista Hamid Aminath Rashed")
SOUTH_ASIAN_LAST = _plain("Rahman Khan Hossain Ahmadi Siddiqui Malik Chowdhury Qureshi Naseem Akhtar Karimi Rasheed")
BHUTANESE = _plain("Tshering Dorji Pema Sonam Karma Wangmo Kinley Deki Ugyen Choden Namgay Lhamo Jigme Yangzom")
SINHALA_FIRST = _plain("Nimal Kumari Chaminda Sanduni Ruwan Dilini Kasun Thilini Asanka Ishara")
SINHALA_LAST = _plain("Perera Fernando Jayasinghe Wickramasinghe Bandara Gunawardena Dissanayake Rathnayake")
ENGLISH_FIRST = _plain("Sarah James Emily Tom Aroha Daniel Mele Jack Sione Hannah")
ENGLISH_LAST = _plain("Wilson Taylor Ngata Brown Tamatea Kelly Fonua Hall Williams Nakamura")

# Other scripts
JAPANESE_FAMILY = _pairs(
    "佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 田中=Tanaka 伊藤=Ito 渡辺=Watanabe 山本=Yamamoto 中村=Nakamura"
    " 小林=Kobayashi 加藤=Kato 吉田=Yoshida 山田=Yamada 佐々木=Sasaki 山口=Yamaguchi 松本=Matsumoto"
    " 井上=Inoue 木村=Kimura 林=Hayashi 清水=Shimizu 比嘉=Higa"
)
JAPANESE_GIVEN = _pairs(
    "美咲=Misaki 翔太=Shota 陽菜=Hina 大輔=Daisuke 結衣=Yui 健太=Kenta 愛=Ai 直樹=Naoki さくら=Sakura"
    " 拓也=Takuya 真由美=Mayumi 悠斗=Yuto 千尋=Chihiro 亮=Ryo 由紀子=Yukiko 蓮=Ren 香織=Kaori 誠=Makoto"
    " 葵=Aoi 和彦=Kazuhiko"
)
THAI_GIVEN = _pairs(
    "สมชาย=Somchai สุดา=Suda กิตติ=Kitti พรทิพย์=Phonthip อนันต์=Anan ศิริพร=Siriphon ณัฐพล=Natthaphon"
    " มาลี=Mali วิชัย=Wichai กัญญา=Kanya ธนากร=Thanakon ปิยะ=Piya รัตนา=Rattana จิราพร=Chiraphon"
)
THAI_FAMILY = _pairs(
    "ใจดี=Chaidi ศรีสุข=Sisuk วงศ์ทอง=Wongthong แสงจันทร์=Saengchan บุญมา=Bunma ทองดี=Thongdi รักไทย=Rakthai"
    " สุขสันต์=Suksan พงษ์พานิช=Phongphanit จันทร์เพ็ญ=Chanphen"
)
KHMER_FAMILY = _pairs("សុខ=Sok ចាន់=Chan គឹម=Kim លី=Ly ហេង=Heng ជា=Chea ម៉ៅ=Mao កែវ=Keo ញឹម=Nhoem ទេព=Tep")
KHMER_GIVEN = _pairs(
    "សុភាព=Sopheap ដារា=Dara ស្រីមុំ=Sreymom វិសាល=Visal ចន្ថា=Chantha រតនា=Ratana បុប្ផា=Bopha សំណាង=Samnang"
    " ពិសី=Pisey វណ្ណា=Vanna មករា=Makara សុជាតា=Socheata"
)
LAO_GIVEN = _pairs(
    "ບຸນມີ=Bounmy ວັນນາ=Vanna ສົມພອນ=Somphone ນາງແກ້ວ=Nangkeo ຄຳໃສ=Khamsay ມະນີວັນ=Manivanh"
    " ພອນສະຫວັນ=Phonsavanh ຈັນທະລາ=Chanthala ສີສະຫວາດ=Sisavath ດາວເຮືອງ=Daoheuang ບົວລິນ=Boualin"
    " ທອງໃບ=Thongbay"
)
LAO_FAMILY = _pairs(
    "ວົງສາ=Vongsa ພົມມະຈັນ=Phommachanh ສີສຸກ=Sisouk ແກ້ວມະນີ=Keomany ໄຊຍະວົງ=Sayavong ອິນທະວົງ=Inthavong"
    " ຈັນທະວົງ=Chanthavong ຫຼວງລາດ=Luanglath ບຸບຜາ=Bouppha ສຸວັນນະ=Souvanna"
)
BURMESE = _pairs(
    "အောင်=Aung ကျော်=Kyaw မိုး=Moe သန္တာ=Thandar ခင်=Khin ဇော်=Zaw ဖြိုး=Phyo နွယ်=Nwe လှ=Hla ထွန်း=Htun"
    " စု=Su မြတ်=Myat ဝင်း=Win အေး=Aye သီတာ=Thida မင်း=Min"
)
ARABIC_GIVEN = _pairs(
    "أحمد=Ahmed فاطمة=Fatima محمود=Mahmoud مريم=Mariam خالد=Khaled سارة=Sara يوسف=Youssef نورا=Noura عمر=Omar"
    " هالة=Hala إبراهيم=Ibrahim ليلى=Layla"
)
ARABIC_FATHERS = _pairs(
    "حسن=Hassan علي=Ali مصطفى=Mostafa سعيد=Said صالح=Saleh عثمان=Osman كمال=Kamal رشيد=Rashid جمال=Gamal فؤاد=Fouad"
)
AMHARIC = _pairs("አበበ=Abebe ሰላም=Selam ሀና=Hana ዳዊት=Dawit አልማዝ=Almaz ትዕግስት=Tigist ዮናስ=Yonas መሠረት=Meseret ሜሮን=Meron")
AMHARIC_FATHERS = _pairs("ከበደ=Kebede ተስፋዬ=Tesfaye ብርሃኔ=Birhane ሙሉጌታ=Mulugeta ገብረ=Gebre ኃይሉ=Hailu አበራ=Abera ደስታ=Desta")
CHINESE_FAMILY = _pairs("王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 赵=Zhao 黄=Huang 周=Zhou 吴=Wu")
CHINESE_GIVEN = _pairs(
    "小明=Xiaoming 丽华=Lihua 伟=Wei 静怡=Jingyi 建国=Jianguo 雪梅=Xuemei 志强=Zhiqiang 欣=Xin 子涵=Zihan"
    " 文博=Wenbo 晓东=Xiaodong 美玲=Meiling"
)
TAIWANESE_FAMILY = _pairs("陳=Chen 林=Lin 黃=Huang 張=Chang 吳=Wu 劉=Liu 蔡=Tsai 楊=Yang 許=Hsu 鄭=Cheng")
TAIWANESE_GIVEN = _pairs(
    "怡君=Yi-chun 志明=Chih-ming 雅婷=Ya-ting 家豪=Chia-hao 淑芬=Shu-fen 冠宇=Kuan-yu 佩珊=Pei-shan 宗翰=Tsung-han"
)
KOREAN_FAMILY = _pairs("김=Kim 이=Lee 박=Park 최=Choi 정=Jung 강=Kang 조=Cho 윤=Yoon 장=Jang 임=Lim")
KOREAN_GIVEN = _pairs(
    "민수=Min-su 지은=Ji-eun 현우=Hyun-woo 서연=Seo-yeon 준호=Jun-ho 하은=Ha-eun 영희=Young-hee"
    " 동현=Dong-hyun 수진=Su-jin 은지=Eun-ji"
)
HINDI_GIVEN = _pairs(
    "अनिता=Anita राहुल=Rahul प्रिया=Priya संजय=Sanjay कविता=Kavita अमित=Amit सुनीता=Sunita विक्रम=Vikram पूजा=Puja अर्जुन=Arjun"
)
HINDI_FAMILY = _pairs(
    "शर्मा=Sharma वर्मा=Verma सिंह=Singh गुप्ता=Gupta पटेल=Patel मिश्रा=Mishra यादव=Yadav जोशी=Joshi मेहता=Mehta"
)
NEPALI_GIVEN = _pairs("सुनिता=Sunita रमेश=Ramesh गीता=Gita प्रकाश=Prakash सरिता=Sarita विष्णु=Bishnu लक्ष्मी=Laxmi दीपक=Dipak")
NEPALI_FAMILY = _pairs("श्रेष्ठ=Shrestha गुरुङ=Gurung तामाङ=Tamang अधिकारी=Adhikari राई=Rai थापा=Thapa खड्का=Khadka")
TAMIL_GIVEN = _pairs(
    "கவிதா=Kavitha முருகன்=Murugan லட்சுமி=Lakshmi குமார்=Kumar மீனாட்சி=Meenakshi செந்தில்=Senthil பிரியா=Priya கார்த்திக்=Karthik"
)
TAMIL_FATHERS = _pairs(
    "சுப்பிரமணியம்=Subramaniam ராமசாமி=Ramasamy கணேசன்=Ganesan நடராஜன்=Natarajan பழனிசாமி=Palanisamy வேலு=Velu"
)


def _join(*parts: tuple[str, str], by: str = " ") -> Name:
    return by.join(own for own, _ in parts), " ".join(latin for _, latin in parts)


def _latin(*pools: tuple[str, ...]) -> _Maker:
    return lambda rng: (" ".join(rng.choice(pool) for pool in pools), "")


def _written(*pools: tuple[tuple[str, str], ...], by: str = " ") -> _Maker:
    return lambda rng: _join(*(rng.choice(pool) for pool in pools), by=by)


def _indonesian(rng: random.Random) -> Name:
    """One name is a whole name; two or three are as good."""
    return " ".join(rng.sample(INDONESIAN, rng.choice((1, 1, 2, 2, 3)))), ""


def _malay(rng: random.Random) -> Name:
    if rng.random() < 0.5:
        return f"{rng.choice(MALAY_MEN)} bin {rng.choice(MALAY_FATHERS)}", ""
    return f"{rng.choice(MALAY_WOMEN)} binti {rng.choice(MALAY_FATHERS)}", ""


def _filipino(rng: random.Random) -> Name:
    return " ".join((rng.choice(FILIPINO_FIRST), *rng.sample(FILIPINO_SURNAMES, 2))), ""


def _burmese(rng: random.Random) -> Name:
    """No family name: two to four words that belong together."""
    return _join(*rng.sample(BURMESE, rng.choice((2, 3, 3, 4))))


def _bhutanese(rng: random.Random) -> Name:
    return " ".join(rng.sample(BHUTANESE, rng.choice((1, 2)))), ""


def _mixed(*makers: tuple[float, _Maker]) -> _Maker:
    weights = list(accumulate(weight for weight, _ in makers))

    def make(rng: random.Random) -> Name:
        drawn = rng.random() * weights[-1]
        return next(maker for weight, (_, maker) in zip(weights, makers, strict=True) if drawn < weight)(rng)

    return make


def _in_latin(maker: _Maker) -> _Maker:
    """The same name, from somebody who always writes it in Latin letters."""

    def make(rng: random.Random) -> Name:
        own, latin = maker(rng)
        return latin or own, ""

    return make


_malaysian_chinese = _latin(CHINESE_LATIN, CHINESE_LATIN_GIVEN)
_chinese = _written(CHINESE_FAMILY, CHINESE_GIVEN, by="")
_tamil = _written(TAMIL_GIVEN, TAMIL_FATHERS)
_hindi = _written(HINDI_GIVEN, HINDI_FAMILY)
_nepali = _written(NEPALI_GIVEN, NEPALI_FAMILY)
_arabic = _written(ARABIC_GIVEN, ARABIC_FATHERS, ARABIC_FATHERS)
_amharic = _written(AMHARIC, AMHARIC_FATHERS)
_east = _latin(EAST_AFRICAN_FIRST, EAST_AFRICAN_LAST)
_west = _latin(WEST_AFRICAN_FIRST, WEST_AFRICAN_LAST)
_south = _latin(SOUTHERN_AFRICAN_FIRST, SOUTHERN_AFRICAN_LAST)
_south_asian = _latin(SOUTH_ASIAN_FIRST, SOUTH_ASIAN_LAST)
_brazilian = _mixed(
    (3, _latin(PORTUGUESE_FIRST, NIKKEI_SURNAMES, PORTUGUESE_SURNAMES)),
    (1, _latin(PORTUGUESE_FIRST, PORTUGUESE_SURNAMES, PORTUGUESE_SURNAMES)),
)
_lusophone = _latin(PORTUGUESE_FIRST, PORTUGUESE_SURNAMES, PORTUGUESE_SURNAMES)
_spanish = _mixed(
    (3, _latin(SPANISH_FIRST, NIKKEI_SURNAMES, SPANISH_SURNAMES)),
    (1, _latin(SPANISH_FIRST, SPANISH_SURNAMES, SPANISH_SURNAMES)),
)
_english = _latin(ENGLISH_FIRST, ENGLISH_LAST)

_MAKERS: dict[str, _Maker] = {
    "BN": _malay,
    "BR": _brazilian,
    "BT": _bhutanese,
    "CN": _chinese,
    "ID": _indonesian,
    "IN": _mixed((3, _hindi), (2, _tamil), (4, _in_latin(_hindi)), (1, _in_latin(_tamil))),
    "JP": _written(JAPANESE_FAMILY, JAPANESE_GIVEN),
    "KH": _written(KHMER_FAMILY, KHMER_GIVEN),
    "KR": _written(KOREAN_FAMILY, KOREAN_GIVEN, by=""),
    "LA": _written(LAO_GIVEN, LAO_FAMILY),
    "LK": _mixed((3, _latin(SINHALA_FIRST, SINHALA_LAST)), (1, _tamil)),
    "MM": _mixed((4, _burmese), (1, _in_latin(_burmese))),
    "MY": _mixed((5, _malay), (3, _malaysian_chinese), (1, _tamil)),
    "NP": _mixed((2, _nepali), (1, _in_latin(_nepali))),
    "PH": _filipino,
    "SG": _mixed((4, _malaysian_chinese), (3, _chinese), (2, _malay), (1, _tamil)),
    "TH": _written(THAI_GIVEN, THAI_FAMILY),
    "TL": _latin(TIMORESE_FIRST, TIMORESE_SURNAMES),
    "TW": _written(TAIWANESE_FAMILY, TAIWANESE_GIVEN, by=""),
    "VN": _latin(VIETNAMESE_FAMILY, VIETNAMESE_MIDDLE, VIETNAMESE_GIVEN),
    **dict.fromkeys(("AF", "BD", "MV", "PK"), _south_asian),
    **dict.fromkeys(("AU", "FJ", "FM", "NZ"), _english),
    **dict.fromkeys(("AR", "BO", "CL", "CO", "DO", "MX", "PE", "PY", "UY", "VE"), _spanish),
    **dict.fromkeys(("DZ", "EG", "MA", "MR", "SD", "TN"), _mixed((4, _arabic), (1, _in_latin(_arabic)))),
    **dict.fromkeys(("ER", "ET"), _mixed((4, _amharic), (1, _in_latin(_amharic)))),
    **dict.fromkeys(("BI", "KE", "RW", "TZ", "UG"), _east),
    **dict.fromkeys(("BJ", "CI", "CM", "GH", "ML", "NG", "SN", "TG"), _west),
    **dict.fromkeys(("BW", "MW", "ZA", "ZM", "ZW"), _south),
    **dict.fromkeys(("AO", "MZ"), _lusophone),
}
COUNTRIES = tuple(sorted(_MAKERS))


def invent_name(rng: random.Random, country: str) -> Name:
    """A name from a country, and its form in Latin letters where it is written otherwise."""
    return _MAKERS.get(country, _english)(rng)
