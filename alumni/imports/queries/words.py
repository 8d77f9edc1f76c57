"""The words of rosters, in English and Japanese and as neighbours write them: headings, roles, footers.

Each list has its surest words first. A word is compared folded, without spaces and punctuation (`core.text.fold`).
"""

from alumni.members.models import ParticipationRole

# What stands over a column, by the name of the column. A bar divides what is sure from what only may be.
HEADINGS = """
family_name: Family name, Surname, Last name, Family name in passport, Surname in passport, 姓, 氏, 苗字, 名字,
    姓（英字）, 姓（ローマ字）, 姓（アルファベット）, ローマ字姓, 英字姓, 姓（漢字）, Nom de famille, Apellido,
    Apellidos, Sobrenome, Nama keluarga, Họ, นามสกุล | Family, Nom
given_name: Given name, Given names, First name, First and middle name, First names, Forename, Given name in passport,
    名, 名（英字）, 名（ローマ字）, 名（アルファベット）, ローマ字名, 英字名, 名（漢字）, 下の名前, Prénom, Prénoms,
    Nombres, Nama depan, Tên | Given, Nombre, ชื่อ
full_name: Full name, Name, Name in full, Name of participant, Names, Participant name, Participant's name,
    Name in passport, Name as in passport, Name in English, English name, Name in Roman letters, Name in alphabet,
    Name in block letters, Romanised name, 氏名, お名前, 名前, 氏名（英字）, 氏名（英語）, 氏名（ローマ字）,
    氏名（アルファベット）, 氏名（英文）, 英字氏名, 英文氏名, 英語氏名, ローマ字氏名, 英語名, ローマ字, パスポート名,
    パスポート氏名, 参加者名, 参加者氏名, 研修員名, 研修員氏名, 受講者氏名, 団員名, 団員氏名, 留学生氏名, 姓名,
    Nom complet, Nom et prénom, Nom et prénoms, Nombre completo, Nombre y apellidos, Apellidos y nombres,
    Nome completo, Nama lengkap, Họ và tên, ชื่อ-นามสกุล | Participant, 参加者, Nama, Nome
native_name: Name in native script, Native name, Name in own script, Name in own language, Name in local language,
    Name in mother tongue, Name in Japanese, Japanese name, Name in kanji, Kanji, Name in Chinese characters,
    Local name, 現地語氏名, 氏名（現地語）, 氏名（漢字）, 漢字氏名, 漢字, 漢字名, 氏名（日本語）, 日本語氏名,
    日本語名, 母語表記, 現地語表記, 氏名（母語）
reading: Reading, Furigana, Kana, Katakana, Name in katakana, Name in kana, フリガナ, ふりがな, カナ, かな, カナ氏名,
    氏名カナ, 氏名かな, 氏名（カナ）, 氏名（フリガナ）, 氏名フリガナ, 氏名（カタカナ）, カタカナ氏名, カタカナ表記,
    カタカナ, 読み, 読み仮名, よみがな, ヨミガナ, 呼び名
programme: Programme, Program, Programme name, Name of programme, Project, Scheme, 事業, 事業名, プログラム,
    プログラム名, 研修名, 研修コース, コース名, 案件名 | Course, コース
edition: Edition, Series, Programme edition, エディション, 版, フェーズ | Phase
year: Fiscal year, FY, JFY, Year, Year of participation, Programme year, 年度, 会計年度, 実施年度, 参加年度,
    招へい年度, 招聘年度, 派遣年度, 来日年度, 研修年度, 参加年, 年, 西暦, Année, Año, Ano, Tahun, Năm
batch: Batch, Batch no., Batch number, Term, Intake, 回, 期, 陣, 次, バッチ, 回数, 第何回, 期生, 期別, 第〇陣, 次隊,
    隊次, 派遣次, 陣次 | Session, Wave, No. of batch
country: Country, Country of origin, Country sent from, Sending country, Home country, Country name, Country/Region,
    Country or region, Nation, Country code, 国, 国名, 派遣国, 出身国, 送り出し国, 参加国, 国・地域, 国／地域, 国地域,
    国・地域名, 国名・地域名, 本国, 国コード, Pays, País, Negara, Quốc gia, Nước, ประเทศ | From country, Nationality,
    Citizenship, 国籍
part: Group, Group name, Group letter, Sub-group, Subgroup, Team, Class, グループ, グループ名, 班, 組, 分団, コース班,
    Groupe, Grupo, Kelompok, Nhóm, กลุ่ม | Section
theme: Theme, Topic, Programme theme, Sub-theme, テーマ, 主題, 分野, 研修テーマ, 交流テーマ, Thème, Tema | Field,
    Subject
role: Role, Role in the group, Participation, Participant/Supervisor, Status in group, Type of participant, Category,
    役割, 役職区分, 参加区分, 参加者区分, 区分, 参加資格, 立場, 団長／団員, 団長/引率, 引率, Rôle, Papel, Peran |
    Type, 役, 種別
from_on: From, Start, Start date, Starting date, Begin, Date of arrival, Arrival date, Arrival, Arrival in Japan,
    Date from, First day, 開始日, 来日日, 来日, 入国日, 到着日, 始期, 開始, 自, 研修開始日, 派遣開始日, 出発日,
    赴任日, Date d'arrivée, Fecha de llegada, Tanggal mulai
to_on: To, Until, End, End date, Ending date, Finish, Date of departure, Departure date, Departure,
    Departure from Japan, Date to, Last day, 終了日, 離日日, 離日, 帰国日, 出国日, 終期, 終了, 至, 研修終了日,
    派遣終了日, 帰任日, Date de départ, Fecha de salida, Tanggal selesai
dates: Dates, Period, Date, Programme period, Duration, Dates of stay, Period of stay, Period of programme, 期間,
    日程, 実施期間, 滞在期間, 招へい期間, 招聘期間, 派遣期間, 研修期間, 参加期間, 訪日期間, Période, Período, Periode
institution: Institution, Organisation, Organization, School, School name, Name of school, University,
    Name of university, University/School, Affiliation, Employer, Company, Workplace, Home institution, Ministry,
    所属, 所属先, 所属機関, 所属団体, 所属名, 学校, 学校名, 大学, 大学名, 在籍校, 在学校, 勤務先, 勤務先名, 職場,
    所属大学, 所属校, 企業名, 会社名, 機関名, École, Université, Universidad, Universidade, Universitas, Sekolah,
    Trường, สถาบัน, มหาวิทยาลัย | College, Office, Institute, 団体名, 配属先
host_town: Prefecture, Host town, Host prefecture, Host city, Host municipality, Prefecture visited, Host,
    Host community, Place of stay, Local visit, Destination, Visited prefecture, 都道府県, 都道府県名, 県名, 県,
    受入先, 受入地, 受入都道府県, 受入県, 受入自治体, 受け入れ先, 訪問先, 訪問地, 訪問県, 滞在先, 滞在地,
    地方プログラム先, 派遣先, ホストタウン, 地方訪問先 | City, Town, 市町村
number: Participant number, Participant no., Participant ID, ID number, Registration number, Certificate number,
    Certificate no., Award number, Entry number, 参加者番号, 登録番号, 受付番号, 修了証番号, 証書番号, 研修員番号,
    管理番号, 学籍番号, 会員番号, 整理番号, 番号 | ID, Number, No., No, Nr, N°, Nº, Code, ナンバー, №
born_on: Date of birth, Birth date, Birthdate, DOB, D.O.B., Birthday, Born, Born on, 生年月日, 誕生日, 生年,
    Date de naissance, Fecha de nacimiento, Data de nascimento, Tanggal lahir, Ngày sinh, วันเกิด
email: E-mail, Email, E-mail address, Email address, Mail, Mail address, Contact e-mail, Personal e-mail, メール,
    メールアドレス, Eメール, Eメールアドレス, 電子メール, 電子メールアドレス, 電子メイル, アドレス, E-mailアドレス,
    Adresse électronique, Courriel, Correo electrónico, Correo, Correio eletrônico, Surel, อีเมล
note: Remarks, Remark, Note, Notes, Comment, Comments, 備考, 備考欄, 摘要, 特記事項, 注記, Remarques, Observaciones,
    Catatan
extra: Sex, Gender, M/F, 性別, Age, 年齢, Passport number, Passport no., 旅券番号, S/N, #, Serial number, 通し番号,
    連番, 通番, 項番, Telephone, Phone, Mobile, 電話, 電話番号, 携帯, Address, 住所, Title, 敬称, Flight, 便名, Diet,
    Religion, Allergy
"""

# What tells a column though more stands around it, in this order; the first that is found wins.
PARTS_OF_HEADINGS = """
extra: emergency parent father mother guardian spouse passport 緊急 保護者 父 母 旅券 顔写真 電話
email: email mail メール
born_on: birth 生年月日 誕生日
reading: フリガナ furigana katakana カナ カタカナ よみがな
native_name: nativescript ownscript 現地語 漢字
family_name: familyname surname lastname apellido
given_name: givenname firstname forename prenom
host_town: prefecture hosttown hostcity 都道府県 受入 受け入れ 訪問先 滞在先
institution: university school institution organisation organization affiliation 大学 学校 所属 勤務先
country: country nationality 国名 派遣国 出身国 国籍
year: fiscalyear 年度
batch: batch バッチ
theme: theme テーマ
role: role 役割
dates: period 期間 日程
from_on: arrival startdate 来日 開始
to_on: departure enddate 離日 帰国 終了
programme: programme program プログラム 事業
part: group グループ
full_name: fullname 氏名 name
note: remark 備考
"""

ROLES = {
    ParticipationRole.PARTICIPANT: """participant participants member student delegate youth trainee fellow
        pupil grantee awardee scholar partner 参加者 団員 学生 生徒 高校生 大学生 大学院生 研修員 受講者 留学生
        一般参加者 青年 隊員 参加 participante peserta étudiant estudiante""",
    ParticipationRole.SUPERVISOR: """supervisor supervisors chaperone chaperon teacher accompanyingteacher
        accompanying accompanyingofficial escort 引率 引率者 引率教員 引率教師 引率者教員 随行 随行者 同行者
        教員 教師 先生 superviseur pendamping""",
    ParticipationRole.LEADER: """leader groupleader nationalleader teamleader delegationleader headofdelegation
        head chief captain secondleader subleader deputyleader assistantleader viceleader
        assistantnationalleader youthleader chef líder ketua 団長 副団長 リーダー サブリーダー 副リーダー 班長
        副班長 グループリーダー ナショナルリーダー 代表 隊長""",
    ParticipationRole.FACILITATOR: """facilitator facilitators coordinator discussionfacilitator moderator
        ファシリテーター ファシリテータ コーディネーター コーディネータ 進行役 世話役""",
    ParticipationRole.OBSERVER: """observer observers オブザーバー オブザーバ 見学者 傍聴者 observateur
        observador""",
}

# How the last row begins, where it counts the people above.
TOTALS = "total totals subtotal grandtotal sum 合計 小計 総計 計 以上 合計人数 総数 総人数 jumlah tổngcộng รวม"
