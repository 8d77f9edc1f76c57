"""Where invented people live: towns of each country and its time zone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    zone: str
    towns: tuple[str, ...]


def _place(zone: str, towns: str) -> Place:
    return Place(zone, tuple(towns.split(", ")))


PLACES = {
    "AF": _place("Asia/Kabul", "Kabul, Herat"),
    "AO": _place("Africa/Luanda", "Luanda, Huambo"),
    "AR": _place("America/Argentina/Buenos_Aires", "Buenos Aires, Córdoba, Escobar"),
    "AU": _place("Australia/Sydney", "Sydney, Brisbane, Canberra"),
    "BD": _place("Asia/Dhaka", "Dhaka, Chattogram, Sylhet"),
    "BI": _place("Africa/Bujumbura", "Bujumbura, Gitega"),
    "BJ": _place("Africa/Porto-Novo", "Cotonou, Parakou"),
    "BN": _place("Asia/Brunei", "Bandar Seri Begawan, Tutong"),
    "BO": _place("America/La_Paz", "Santa Cruz de la Sierra, La Paz, Colonia Okinawa"),
    "BR": _place("America/Sao_Paulo", "São Paulo, Curitiba, Londrina, Belém, Campo Grande"),
    "BT": _place("Asia/Thimphu", "Thimphu, Paro"),
    "BW": _place("Africa/Gaborone", "Gaborone, Francistown"),
    "CI": _place("Africa/Abidjan", "Abidjan, Yamoussoukro"),
    "CL": _place("America/Santiago", "Santiago, Valparaíso"),
    "CM": _place("Africa/Douala", "Yaoundé, Douala"),
    "CN": _place("Asia/Shanghai", "北京, 上海, 西安"),
    "CO": _place("America/Bogota", "Bogotá, Cali, Medellín"),
    "DO": _place("America/Santo_Domingo", "Santo Domingo, Constanza"),
    "DZ": _place("Africa/Algiers", "Alger, Oran"),
    "EG": _place("Africa/Cairo", "القاهرة, الإسكندرية, أسيوط"),
    "ER": _place("Africa/Asmara", "Asmara, Keren"),
    "ET": _place("Africa/Addis_Ababa", "Addis Ababa, Bahir Dar, Mekelle"),
    "FJ": _place("Pacific/Fiji", "Suva, Nadi"),
    "FM": _place("Pacific/Pohnpei", "Palikir, Kolonia"),
    "GH": _place("Africa/Accra", "Accra, Kumasi, Tamale"),
    "ID": _place("Asia/Jakarta", "Jakarta, Bandung, Yogyakarta, Surabaya, Makassar, Denpasar"),
    "IN": _place("Asia/Kolkata", "New Delhi, Chennai, Pune, Guwahati, Bengaluru"),
    "JP": _place("Asia/Tokyo", "東京, 大阪, 仙台, 福岡, 札幌, 那覇, 浜松"),
    "KE": _place("Africa/Nairobi", "Nairobi, Mombasa, Kisumu, Eldoret"),
    "KH": _place("Asia/Phnom_Penh", "Phnom Penh, Siem Reap, Battambang"),
    "KR": _place("Asia/Seoul", "서울, 부산, 대전"),
    "LA": _place("Asia/Vientiane", "Vientiane, Luang Prabang, Savannakhet, Pakse"),
    "LK": _place("Asia/Colombo", "Colombo, Kandy, Jaffna"),
    "MA": _place("Africa/Casablanca", "Rabat, Casablanca, Fès"),
    "ML": _place("Africa/Bamako", "Bamako, Ségou"),
    "MM": _place("Asia/Yangon", "Yangon, Mandalay, Nay Pyi Taw"),
    "MR": _place("Africa/Nouakchott", "Nouakchott, Nouadhibou"),
    "MV": _place("Indian/Maldives", "Malé, Addu"),
    "MW": _place("Africa/Blantyre", "Lilongwe, Blantyre"),
    "MX": _place("America/Mexico_City", "Ciudad de México, Guadalajara, Mexicali"),
    "MY": _place("Asia/Kuala_Lumpur", "Kuala Lumpur, Penang, Johor Bahru, Kota Kinabalu"),
    "MZ": _place("Africa/Maputo", "Maputo, Beira, Nampula"),
    "NG": _place("Africa/Lagos", "Lagos, Abuja, Ibadan"),
    "NP": _place("Asia/Kathmandu", "Kathmandu, Pokhara"),
    "NZ": _place("Pacific/Auckland", "Auckland, Wellington"),
    "PE": _place("America/Lima", "Lima, Trujillo, Huancayo"),
    "PH": _place("Asia/Manila", "Quezon City, Cebu, Davao, Baguio"),
    "PK": _place("Asia/Karachi", "Islamabad, Lahore, Karachi"),
    "PY": _place("America/Asuncion", "Asunción, Encarnación, Pirapó"),
    "RW": _place("Africa/Kigali", "Kigali, Huye"),
    "SD": _place("Africa/Khartoum", "الخرطوم, بورتسودان"),
    "SG": _place("Asia/Singapore", "Singapore"),
    "SN": _place("Africa/Dakar", "Dakar, Thiès"),
    "TG": _place("Africa/Lome", "Lomé, Kara"),
    "TH": _place("Asia/Bangkok", "กรุงเทพฯ, เชียงใหม่, ขอนแก่น, ภูเก็ต"),
    "TL": _place("Asia/Dili", "Dili, Baucau"),
    "TN": _place("Africa/Tunis", "Tunis, Sfax"),
    "TW": _place("Asia/Taipei", "臺北, 臺中, 高雄"),
    "TZ": _place("Africa/Dar_es_Salaam", "Dar es Salaam, Arusha, Dodoma"),
    "UG": _place("Africa/Kampala", "Kampala, Gulu"),
    "UY": _place("America/Montevideo", "Montevideo"),
    "VE": _place("America/Caracas", "Caracas, Valencia"),
    "VN": _place("Asia/Ho_Chi_Minh", "Hà Nội, Thành phố Hồ Chí Minh, Đà Nẵng, Huế, Cần Thơ"),
    "ZA": _place("Africa/Johannesburg", "Johannesburg, Pretoria, Cape Town"),
    "ZM": _place("Africa/Lusaka", "Lusaka, Ndola"),
    "ZW": _place("Africa/Harare", "Harare, Bulawayo"),
}
ASEAN = ("BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "VN")
SAARC = ("AF", "BD", "BT", "IN", "MV", "NP", "PK", "LK")
AFRICA = tuple(sorted(country for country, place in PLACES.items() if place.zone.startswith("Africa/")))
LATIN_AMERICA = ("AR", "BO", "BR", "CL", "CO", "DO", "MX", "PE", "PY", "UY", "VE")
