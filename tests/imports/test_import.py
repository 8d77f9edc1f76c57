"""From the file that an agency has to the entries of a roster."""

import re

import pytest
import sqlalchemy as sa
import xlsxwriter

from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.imports.models import ImportRow
from alumni.rosters.models import EntryMark, EntryState, RosterEntry
from tests.imports.shapes import (
    BATCH_16,
    HEADINGS,
    bring_in,
    commit,
    entries,
    find,
    key_of,
    numbered,
    preview,
    run_jobs,
    send,
)


def problems_of(app, key):
    with app.app_context():
        found = sa.select(ImportRow.line, ImportRow.outcome, ImportRow.problems).order_by(ImportRow.line)
        rows = db.session.execute(found).all()
        db.session.remove()
    return {row.line: (row.outcome, [problem["reason"] for problem in row.problems]) for row in rows}


def test_a_list_becomes_a_roster(app, office, olga, read):
    page = olga.get("/rosters/import").text
    assert "JENESYS2016" in page
    key = key_of(send(olga, BATCH_16))
    page = olga.get(f"/rosters/imports/{key}").text
    assert "What is each column?" in page
    assert "PHOMMASAN" in page
    assert re.search(r'<option selected value="family_name">', page)
    made = find(app, key)
    columns = {f"columns-{at}-column": made.columns[str(at)] for at in range(7)}
    olga.post(f"/rosters/imports/{key}/columns", columns)
    at_work = olga.get(f"/rosters/imports/{key}")
    assert at_work.headers["Refresh"] == "3"
    assert "Look again" in at_work.text
    assert entries(app) == {}
    run_jobs(app)
    preview_page = olga.get(f"/rosters/imports/{key}")
    assert "Refresh" not in preview_page.headers
    assert "What would change" in preview_page.text
    assert entries(app) == {}, "a preview changes nothing"
    rows = olga.get(f"/rosters/imports/{key}/rows?outcome=new").text
    assert "NGUYEN Van An" in rows
    commit(olga, key)
    found = entries(app)
    assert list(found) == ["PHOMMASAN Alice", "VONGSA Bounmy", "NGUYEN Van An"]
    alice = found["PHOMMASAN Alice"]
    assert (alice.country, alice.born_on, alice.email) == ("LA", "1995-03-04", "alice@example.org")
    assert (alice.line, alice.state) == (2, EntryState.UNCLAIMED)
    assert olga.get(f"/rosters/{key}").location == f"/rosters/imports/{key}"
    assert "Added: 3." in olga.get(f"/rosters/imports/{key}").text
    made = find(app, key)
    assert (made.state, made.file, made.counts["added"]) == ("committed", "", 3)
    actions = [line.action for line in read(sa.select(AuditLine.action).order_by(AuditLine.id))]
    assert actions == ["roster.upload", "roster.look", "roster.look", "roster.import"]


def test_the_same_file_twice_changes_nothing(app, olga):
    bring_in(olga, BATCH_16)
    before = entries(app)
    key = preview(olga, BATCH_16)
    assert find(app, key).counts == {"unchanged": 3, "skipped": 0}
    assert "There is nothing to add" in olga.get(f"/rosters/imports/{key}").text
    commit(olga, key)
    assert entries(app) == before


def test_a_later_list_changes_what_it_says_and_empties_nothing(app, olga):
    bring_in(olga, BATCH_16)
    later = BATCH_16.replace("Hanoi University", "Hue University").replace("alice@example.org", "")
    key = preview(olga, later)
    assert find(app, key).counts == {"unchanged": 2, "changed": 1, "skipped": 0}
    page = olga.get(f"/rosters/imports/{key}/rows?outcome=changed").text
    assert "<del><bdi>Hanoi University</bdi></del>" in page
    assert "<ins><bdi>Hue University</bdi></ins>" in page
    commit(olga, key)
    assert entries(app)["NGUYEN Van An"].institution == "Hue University"
    assert entries(app)["PHOMMASAN Alice"].email == "alice@example.org"


def test_who_a_claimed_entry_is_changes_only_when_the_officer_says_so(app, olga):
    bring_in(olga, numbered(BATCH_16, "P"))
    with app.app_context():
        db.session.execute(sa.update(RosterEntry).values(state=EntryState.CLAIMED))
        db.session.commit()
    later = numbered(BATCH_16, "P").replace("1995-03-04", "1995-04-03").replace("1996-11-30", "1996-11-03")
    key = preview(olga, later.replace("Hanoi", "Hue"))
    assert find(app, key).counts == {"asks": 2, "changed": 1, "skipped": 0}
    page = olga.get(f"/rosters/imports/{key}/rows?outcome=asks").text
    answers = re.findall(r"/rosters/imports/\w+/rows/\w+", page)
    olga.post(answers[0], {"accept": "yes"})
    assert "You said: change it." in olga.get(f"/rosters/imports/{key}/rows?outcome=asks").text
    commit(olga, key)
    assert entries(app)["PHOMMASAN Alice"].born_on == "1995-04-03"
    assert entries(app)["VONGSA Bounmy"].born_on == "1996-11-30"
    assert entries(app)["NGUYEN Van An"].institution == "Hue University"
    assert olga.post(answers[0], {"accept": "no"}).status_code == 409


def test_an_entry_that_is_claimed_after_the_preview_is_not_overwritten(app, olga):
    bring_in(olga, BATCH_16)
    key = preview(olga, BATCH_16.replace("1995-03-04", "1995-04-03"))
    assert find(app, key).counts["changed"] == 1
    with app.app_context():
        db.session.execute(sa.update(RosterEntry).values(state=EntryState.CLAIMED))
        db.session.commit()
    commit(olga, key)
    assert entries(app)["PHOMMASAN Alice"].born_on == "1995-03-04"
    assert find(app, key).counts["asks"] == 1


def test_marks_outlive_every_list(app, olga):
    bring_in(olga, BATCH_16)
    with app.app_context():
        db.session.execute(sa.update(RosterEntry).values(mark=EntryMark.DO_NOT_CONTACT))
        db.session.commit()
    bring_in(olga, BATCH_16.replace("University", "College"))
    assert {entry.mark for entry in entries(app).values()} == {EntryMark.DO_NOT_CONTACT}


def test_a_row_that_fails_stops_no_other(app, olga):
    rows = [
        "SOK,Dara,Cambodja-land,16,,,",
        ",,Laos,16,Hue,,",
        "SISAVATH,Khamla,,16,,,",
        "SISAVATH,Khamla,Laos,many,,,",
        "KEO,Mali,Laos,16,,1990-31-31,not an address",
        "KEO,Noi,Laos,16,,,",
        "KEO,Noi,Laos,16,,,",
    ]
    key = preview(olga, "\n".join([HEADINGS, *rows]))
    found = problems_of(app, key)
    assert found == {
        2: ("rejected", ["country-unknown"]),
        3: ("rejected", ["name-missing"]),
        4: ("rejected", ["country-missing"]),
        5: ("rejected", ["batch-unclear"]),
        6: ("new", ["date-wrong", "email-wrong"]),
        7: ("new", []),
        8: ("rejected", ["row-twice"]),
    }
    page = olga.get(f"/rosters/imports/{key}/rows?outcome=rejected").text
    assert "It is the same as line 7." in page
    assert "We do not know this country." in page
    csv = olga.get(f"/rosters/imports/{key}/problems.csv").data.decode("utf-8-sig")
    assert "8,KEO Noi,Rejected,,7,It is the same as line 7." in csv
    commit(olga, key)
    assert list(entries(app)) == ["KEO Mali", "KEO Noi"]
    assert entries(app)["KEO Mali"].extra == {"Date of birth": "1990-31-31", "E-mail": "not an address"}


def test_namesakes_are_told_apart(app, olga):
    two = f"{HEADINGS}\nNGUYEN,Anh,Viet Nam,16,Hue,1994-01-02,\nNGUYEN,Anh,Viet Nam,16,Hanoi,1995-05-05,\n"
    bring_in(olga, two)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(RosterEntry)) == 2
    turned = (
        f"{HEADINGS}\nAnh,NGUYEN,Viet Nam,16,Hanoi,1995-05-05,b@example.org\nNGUYEN,Anh,Viet Nam,16,Hue,1994-01-02,"
    )
    key = preview(olga, turned)
    assert find(app, key).counts == {"changed": 1, "unchanged": 1, "skipped": 0}
    third = two + "NGUYEN,Anh,Viet Nam,16,Da Nang,1990-09-09,\n"
    key = bring_in(olga, third)
    assert find(app, key).counts["added"] == 1


def test_a_number_knows_somebody_under_a_new_name(app, olga):
    bring_in(olga, numbered(BATCH_16, "P"))
    key = bring_in(olga, numbered(BATCH_16, "P").replace("PHOMMASAN,Alice", "SAYAVONG,Alice"))
    assert find(app, key).counts["updated"] == 1
    assert "SAYAVONG Alice" in entries(app)
    assert "PHOMMASAN Alice" not in entries(app)
    key = preview(olga, numbered(BATCH_16, "P").replace("VONGSA,Bounmy", "DUANG,Kham").replace("1996-11-30", ""))
    assert find(app, key).counts["asks"] == 1, "a number under a name that has nothing in common"


def test_what_the_officer_says_of_headings_is_remembered(app, olga):
    text = BATCH_16.replace("University,Date", "Alma mater,Date")
    key = key_of(send(olga, text))
    made = find(app, key)
    assert made.columns["4"] == "extra"
    columns = {f"columns-{at}-column": made.columns[str(at)] for at in range(7)} | {"columns-4-column": "institution"}
    olga.post(f"/rosters/imports/{key}/columns", columns)
    assert find(app, key_of(send(olga, text))).columns["4"] == "institution"


def test_columns_are_checked(app, olga):
    key = key_of(send(olga, BATCH_16))
    made = find(app, key)
    guessed = {f"columns-{at}-column": made.columns[str(at)] for at in range(7)}
    path = f"/rosters/imports/{key}/columns"
    twice = olga.post(path, guessed | {"columns-1-column": "family_name"})
    assert twice.status_code == 422
    assert "Two columns cannot be the same." in twice.text
    nameless = olga.post(path, guessed | {"columns-0-column": "extra", "columns-1-column": "extra"})
    assert "Say which column holds the name." in nameless.text
    assert olga.post(path, {"columns-0-column": "full_name"}).status_code == 422
    assert olga.post(path, guessed | {"columns-0-column": "shoe size"}).status_code == 422
    assert find(app, key).state == "uploaded"


def test_a_heading_that_stands_twice_is_asked_about(app, olga):
    key = key_of(send(olga, "Name,Country,Name\nKEO Noi,Laos,Noi\n"))
    assert "More than one column has the heading “Name”." in olga.get(f"/rosters/imports/{key}").text
    page = olga.get(f"/rosters/imports/{key}").text
    assert page.count('<option selected value="">Say what it is</option>') == 2  # the first one is no better guess
    said = {"columns-0-column": "family_name", "columns-1-column": "country", "columns-2-column": "given_name"}
    for left in ("columns-0-column", "columns-2-column"):
        unsaid = olga.post(f"/rosters/imports/{key}/columns", said | {left: ""})
        assert unsaid.status_code == 422
        assert "Columns with the same heading: say of each what it is." in unsaid.text
        assert '<option selected value="country">' in unsaid.text
    assert find(app, key).state == "uploaded"
    assert olga.post(f"/rosters/imports/{key}/columns", said).status_code == 303
    assert list(find(app, key).columns.values()) == ["family_name", "country", "given_name"]
    again = find(app, key_of(send(olga, "Name,Country\nKEO Noi,Laos\n")))
    assert again.columns["0"] == "full_name"  # of a heading that stood there twice nothing is remembered


def test_headings_twice_that_say_nothing_are_not_asked_about(app, olga):
    key = key_of(send(olga, "Name,Country,Batch,Shoe,Shoe\nKEO Noi,Laos,16,41,42\n"))
    assert "Say what it is" not in olga.get(f"/rosters/imports/{key}").text


def test_dates_are_asked_about_where_nothing_tells(app, olga):
    text = f"{HEADINGS}\nKEO,Noi,Laos,16,,03/04/1990,\n"
    key = key_of(send(olga, text))
    made = find(app, key)
    columns = {f"columns-{at}-column": made.columns[str(at)] for at in range(7)}
    asked = olga.post(f"/rosters/imports/{key}/columns", columns)
    assert asked.status_code == 422
    assert "nothing in the list tells" in asked.text
    olga.post(f"/rosters/imports/{key}/columns", columns | {"order": "month_first"})
    run_jobs(app)
    commit(olga, key)
    assert entries(app)["KEO Noi"].born_on == "1990-03-04"


def test_a_column_that_only_counts_is_no_number(app, olga):
    rows = [f"{at},KEO,Noi {name},Laos,16" for at, name in enumerate("ABC", 1)]
    made = find(app, key_of(send(olga, "\n".join(["No.,Family Name,Given Name,Country,Batch", *rows]))))
    assert made.columns["0"] == "extra"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "windows-1252", "latin-1"])
def test_a_list_in_any_encoding(app, olga, encoding):
    name = "佐藤" if encoding == "cp932" else "Pérez"
    rows = "\r\n".join(f"KEO;{name} {letter};Laos;16" for letter in "ABCDEFGH")
    bring_in(olga, f"Family Name;Given Name;Country;Batch\r\n{rows}\r\n".encode(encoding))
    assert f"KEO {name} A" in entries(app)


def test_an_import_can_be_read_again_and_begun_again_and_thrown_away(app, olga, read):
    key = key_of(send(olga, "Family Name,Given Name,Country\nKEO,Pérez,Laos\n".encode("latin-1")))
    assert olga.post(f"/rosters/imports/{key}/read", {"encoding": "cp932", "sheet": ""}).status_code in (303, 422)
    assert olga.post(f"/rosters/imports/{key}/read", {"encoding": "klingon", "sheet": ""}).status_code == 422
    assert olga.post(f"/rosters/imports/{key}/read", {"encoding": "latin-1", "sheet": ""}).status_code == 303
    assert find(app, key).encoding == "latin-1"
    key = preview(olga, BATCH_16)
    again = key_of(olga.post(f"/rosters/imports/{key}/again"))
    assert olga.get(f"/rosters/imports/{key}").status_code == 404
    assert read(sa.select(AuditLine.facts["instead_of"].as_string()).where(AuditLine.action == "roster.again")) == [
        (key,)
    ]
    made = find(app, again)
    assert (made.state, made.columns["0"]) == ("uploaded", "family_name")
    assert "What is each column?" in olga.get(f"/rosters/imports/{again}").text
    olga.post(f"/rosters/imports/{again}/discard")
    assert olga.get(f"/rosters/imports/{again}").status_code == 404
    run_jobs(app)
    assert entries(app) == {}


BAD = {
    "nothing": (b"", "This file is empty"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"0 obj " * 50, "This is not a list."),
    "no headings": (b"a,b\n1,2\n3,4\n", "No row of this list looks like headings"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_list_is_refused_where_it_was_chosen(app, olga, what):
    content, words = BAD[what]
    answer = send(olga, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="file-error"' in answer.text
    assert "No list yet" in olga.get("/rosters/imports").text


def test_sending_the_same_form_twice_makes_one_import(app, olga):
    once = {"once": "abcdefghjk"}
    assert key_of(send(olga, BATCH_16, **once)) == key_of(send(olga, BATCH_16, **once)) == "abcdefghjk"


def test_only_listed_moves_exist(app, olga):
    key = preview(olga, BATCH_16)
    for step in ("undo",):
        assert olga.post(f"/rosters/imports/{key}/{step}").status_code == 409
    commit(olga, key)
    before = entries(app)
    for step in ("commit", "again", "discard"):
        assert olga.post(f"/rosters/imports/{key}/{step}").status_code == 409
    columns = {f"columns-{at}-column": value for at, value in enumerate(["family_name", "given_name", *["extra"] * 5])}
    assert olga.post(f"/rosters/imports/{key}/columns", columns).status_code == 409
    olga.post(f"/rosters/imports/{key}/undo")
    assert olga.post(f"/rosters/imports/{key}/undo").status_code == 409
    assert entries(app) == before, "the job has not run"
    run_jobs(app)
    assert olga.post(f"/rosters/imports/{key}/commit").status_code == 409


def test_a_preview_that_another_list_has_overtaken_is_compared_again(app, olga):
    first, second = preview(olga, BATCH_16), preview(olga, BATCH_16.replace("Hanoi", "Hue"))
    commit(olga, first)
    answer = olga.post(f"/rosters/imports/{second}/commit")
    assert answer.status_code == 409
    assert "Compare it again" in answer.text
    assert len(entries(app)) == 3


def test_an_officer_of_one_country_imports_its_lists_alone(app, office, olga, browse):
    otto = browse(office.otto)
    text = f"{HEADINGS}\nSOK,Dara,Cambodia,2,,,\nKEO,Noi,Laos,2,,,\nCHEA,Vuthy,,2,,,\n"
    assert send(otto, text).status_code == 422, "he has to name his country"
    assert send(otto, text, country="LA").status_code == 422
    key = preview(otto, text, country="KH")
    assert [outcome for outcome, _ in problems_of(app, key).values()] == ["new", "rejected", "new"]
    commit(otto, key)
    assert list(entries(app)) == ["SOK Dara", "CHEA Vuthy"]
    assert olga.get(f"/rosters/imports/{key}").status_code == 200
    hers = preview(olga, BATCH_16)
    for path in (f"/rosters/imports/{hers}", f"/rosters/imports/{hers}/rows", f"/rosters/imports/{hers}/problems.csv"):
        assert otto.get(path).status_code == 404
    for step in ("commit", "undo", "again", "discard"):
        assert otto.post(f"/rosters/imports/{hers}/{step}").status_code == 404


def test_nobody_else_imports(app, office, olga, browse):
    key = preview(olga, BATCH_16)
    for who in (office.alice, office.bob, office.carol, office.nia, office.mona, office.sue, office.mallory):
        browser = browse(who)
        assert send(browser, BATCH_16).status_code == 403
        for path in ("/rosters/import", "/rosters/imports", f"/rosters/imports/{key}", f"/rosters/imports/{key}/rows"):
            assert browser.get(path).status_code == 403, (who, path)
        for step in ("columns", "dates", "read", "commit", "undo", "again", "discard"):
            assert browser.post(f"/rosters/imports/{key}/{step}").status_code == 403, (who, step)
    guest = browse("")
    assert guest.get("/rosters/import").status_code == 303
    assert find(app, key).state == "previewed"
    assert browse(office.sam).get(f"/rosters/imports/{key}").status_code == 200


def test_a_workbook_comes_in_sheet_by_sheet(app, olga, tmp_path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        first, second = book.add_worksheet("Notes"), book.add_worksheet("List")
        first.write_row(0, 0, ["Name", "Country"])
        first.write_row(1, 0, ["SOK Dara", "Cambodia"])
        for at, line in enumerate(BATCH_16.splitlines()):
            second.write_row(at, 0, line.split(","))
    key = key_of(send(olga, path.read_bytes(), name="list.xlsx"))
    assert "Sheet" in olga.get(f"/rosters/imports/{key}").text
    assert olga.post(f"/rosters/imports/{key}/read", {"encoding": "", "sheet": "Notes"}).status_code == 303
    assert find(app, key).headings == ["Name", "Country"]
    olga.post(f"/rosters/imports/{key}/read", {"encoding": "", "sheet": "List"})
    made = find(app, key)
    columns = {f"columns-{at}-column": made.columns[str(at)] for at in range(len(made.headings))}
    olga.post(f"/rosters/imports/{key}/columns", columns)
    run_jobs(app)
    commit(olga, key)
    assert list(entries(app)) == ["PHOMMASAN Alice", "VONGSA Bounmy", "NGUYEN Van An"]


def test_imports_are_followed_in_json(app, office, olga, browse, read):
    key = preview(olga, numbered(BATCH_16, "P"))
    path = f"/api/v1/rosters/imports/{key}"
    made = olga.get(path).get_json()
    assert (made["state"], made["counts"]["new"], made["is_running"]) == ("previewed", 3, False)
    assert [one["key"] for one in olga.get("/api/v1/rosters/imports").get_json()["items"]] == [key]
    first = olga.get(f"{path}/rows?outcome=new&limit=2").get_json()
    assert [row["name_printed"] for row in first["items"]] == ["PHOMMASAN Alice", "VONGSA Bounmy"]
    assert olga.get(f"{path}/rows?outcome=none").status_code == 422
    looks = read(sa.select(AuditLine.facts).where(AuditLine.action == "roster.look"))
    assert [look.facts["rows"] for look in looks] == [2]
    assert olga.send(f"{path}/commit").status_code == 202
    assert olga.send(f"{path}/commit").status_code == 409
    run_jobs(app)
    with app.app_context():
        db.session.execute(sa.update(RosterEntry).values(state=EntryState.CLAIMED))
        db.session.commit()
    later = preview(olga, numbered(BATCH_16, "P").replace("1995-03-04", "1995-04-03"))
    [row] = olga.get(f"/api/v1/rosters/imports/{later}/rows?outcome=asks").get_json()["items"]
    answer = f"/api/v1/rosters/imports/{later}/rows/{row['key']}"
    assert olga.send(answer, {"accept": "perhaps"}).status_code == 422
    assert olga.send(answer, {"accept": "yes"}).status_code == 200
    assert olga.send(f"/api/v1/rosters/imports/{later}", method="DELETE").status_code == 204
    assert olga.get(f"/api/v1/rosters/imports/{later}").status_code == 404
    for who, status in ((office.otto, 404), (office.bob, 403), (office.mona, 403), (office.sue, 403), ("", 401)):
        browser = browse(who)
        assert browser.get(path).status_code == status
        assert browser.get(f"{path}/rows").status_code == status
        assert browser.send(f"{path}/undo").status_code == status
    assert olga.send(f"{path}/undo").status_code == 202
    run_jobs(app)
    assert len(entries(app)) == 3, "they are claimed"
