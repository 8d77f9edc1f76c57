"""What invented people say of themselves, write to their groups and invite to. By language; English goes everywhere."""

HEADLINES = {
    "en": (
        "Teacher of Japanese at a secondary school", "Civil engineer, roads and bridges", "Nurse, maternal health",
        "Runs a coffee cooperative", "Software developer", "Officer at the Ministry of Education", "Food scientist",
        "Interpreter, Japanese and English", "Lecturer in economics", "Solar energy start-up",
        "Disaster prevention, city government", "Journalist", "Quality manager at a car parts plant",
        "Master's student in public policy", "Architect", "Rice research", "Travel agency for Japanese guests",
        "Waste management and recycling", "Export of dried fruit", "Lawyer, intellectual property",
        "Radio presenter", "Water supply engineer", "Physiotherapist", "Agricultural extension officer",
        "Human resources at a Japanese company", "Doctoral student, marine biology", "Graphic designer",
        "Manages a robotics club for schools", "Customs officer", "Banking, small business loans",
    ),
    "ja": (
        "日本語教師", "メーカー勤務、東南アジア担当", "小学校教員", "大学院生（国際協力）", "看護師",
        "地方公務員、防災担当", "通訳・翻訳", "農業法人を経営",
    ),
    "es": (
        "Ingeniera agrónoma", "Profesor de japonés", "Gestión de una cooperativa de soja", "Médica de familia",
        "Emprendedor, alimentos saludables", "Traductora",
    ),
    "pt": (
        "Professora de japonês", "Engenheiro de produção", "Cooperativa agrícola", "Jornalista",
        "Presidente do grupo de taikô da associação", "Dentista",
    ),
    "vi": ("Giáo viên tiếng Nhật", "Kỹ sư cầu đường", "Biên phiên dịch", "Nghiên cứu sinh ngành môi trường"),
    "id": ("Guru bahasa Jepang", "Peneliti mitigasi bencana", "Wirausaha kopi", "Pegawai negeri, bidang pariwisata"),
    "fr": ("Ingénieure en énergie solaire", "Enseignant-chercheur", "Transformation de mangues", "Fonctionnaire"),
}  # fmt: skip
POSTS = {
    "en": (
        "Does anybody still have the group photograph from the last evening? I would like to print it for my parents.",
        "I will be in Tokyo next month for work. Who is around for dinner?",
        "My host family wrote to me this week, after all these years. They ask about all of you.",
        "Our town is looking for two volunteers for the Japanese speech contest. Training is on Saturdays.",
        "I started a small company last year. If you know somebody who buys dried mango, please tell me.",
        "Here is the recipe for the miso soup we made together:\n\n- dashi\n- tofu\n- wakame\n- miso, at the very end",
        "The scholarship for master's students is open until the end of the month. Ask me if you want to apply.",
        "Thank you to everybody who came on Sunday. It was good to see old faces and new ones.",
        "Has anybody taken the N2 examination lately? Which books helped you?",
        "I teach what I learned about separating waste. The children are stricter than I am.",
        "Good news: our proposal was accepted. More at the next meeting.",
        "Please check that your address in your profile is right. We send the newsletter next week.",
    ),
    "ja": (
        "皆さん、お元気ですか。来月そちらへ出張します。会える人はいますか。",
        "先日の報告会に来てくださった皆さん、ありがとうございました。",
        "ホストファミリーから手紙が届きました。みんなによろしくとのことです。",
    ),
    "es": (
        "¿Alguien tiene las fotos de la última noche en Yokohama?",
        "Este sábado cocinamos en la asociación. Están todos invitados.",
        "Busco compañeros para presentar un proyecto de agricultura familiar.",
    ),
    "pt": (
        "Alguém ainda tem contato com a nossa família anfitriã de Saitama?",
        "A bolsa para pós-graduação está aberta até o fim do mês.",
        "Domingo tem undokai na associação. Levem as crianças.",
    ),
    "vi": ("Cuối tuần này có ai ở Hà Nội không?", "Mình vừa tìm lại được ảnh chụp ở Sendai, sẽ gửi mọi người sau."),
    "id": ("Ada yang sedang di Bandung minggu ini?", "Terima kasih sudah datang ke acara kemarin."),
    "fr": ("Qui sera à la réunion de samedi ?", "Je cherche un partenaire pour un projet d'irrigation."),
    "th": ("คิดถึงทุกคนนะคะ ใครอยู่เชียงใหม่บ้าง",),
    "lo": ("ສະບາຍດີທຸກຄົນ ໃຜຢູ່ວຽງຈັນແດ່?",),
    "km": ("សួស្តីអ្នកទាំងអស់គ្នា តើសប្តាហ៍នេះមានអ្នកណាទំនេរទេ?",),
    "my": ("အားလုံး နေကောင်းကြလား။",),
    "ar": ("من سيحضر اللقاء يوم السبت؟",),
    "am": ("ቅዳሜ ማን ይመጣል?",),
}  # fmt: skip
# What they read beside English.
LANGUAGES = {
    "JP": "ja", "BR": "pt", "AO": "pt", "MZ": "pt", "TL": "pt", "VN": "vi", "ID": "id", "TH": "th", "LA": "lo",
    "KH": "km", "MM": "my", "EG": "ar", "SD": "ar", "MA": "fr", "TN": "fr", "DZ": "fr", "SN": "fr", "CI": "fr",
    "CM": "fr", "ML": "fr", "BJ": "fr", "TG": "fr", "ET": "am", "AR": "es", "BO": "es", "CL": "es", "CO": "es",
    "DO": "es", "MX": "es", "PE": "es", "PY": "es", "UY": "es", "VE": "es",
}  # fmt: skip
# title, kind, what it is, hours; meetings, seminars and trainings may be held online
EVENTS = (
    ("Reunion dinner", "reunion", "Everybody pays for what they eat. Bring a photograph from Japan.", 3),
    ("Picnic with families", "reunion", "Partners and children are welcome. We meet at the main gate.", 4),
    ("Reporting meeting: what we did with what we learned", "reporting", "Four short talks, then tea.", 3),
    ("Seminar: disaster prevention in our towns", "seminar", "With guests from the city government.", 2),
    ("Career evening with Japanese companies", "fair", "Bring your curriculum vitae. Eight firms come.", 4),
    ("Cooking together: okonomiyaki", "culture", "We share the cost of the ingredients.", 3),
    ("Badminton in the sports hall", "sports", "Shoes with clean soles, please.", 2),
    ("How to write a project proposal", "training", "A workshop for those who want to apply this year.", 3),
    ("Yearly general meeting", "meeting", "Report of the board, accounts, election.", 2),
    ("Visit to the recycling plant", "visit", "We go by bus from the station.", 5),
)
VENUES = ("Japan Center", "City Library, room 2", "Riverside Restaurant", "University, hall B", "Central Park")
ONLINE_URL = "https://meet.example/demo"
INTERESTS = (
    ("disaster-prevention", "Disaster prevention", "For those who work on floods, earthquakes and fires."),
    ("teachers-of-japanese", "Teachers of Japanese", "Lesson plans, speech contests, examinations."),
    ("own-businesses", "Own businesses", "For those who run one, and those who think about it."),
)
EVERYBODY = ("all-programmes", "All programmes, all countries", "For everybody, whatever your programme was.")
