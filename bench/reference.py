"""The yardstick: a plain page of 25 rows by bare Flask and Jinja, without database, session, language or rule.

It does what any page does (a layout with header, navigation and footer, rows of six columns, everything escaped)
and nothing to look expensive: no `url_for`, no context processor, no macro.
"""

from flask import Flask, render_template
from jinja2 import DictLoader

LAYOUT = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>{% block title %}{% endblock %} – Reference</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="/static/main.css">
  <script src="/static/main.js" defer></script>
</head>
<body>
<a href="#main">Skip to the content</a>
<header>
  <a href="/">Reference</a>
  <form role="search" action="/people" method="get">
    <label for="q">Find people</label> <input id="q" name="q" type="search"> <button type="submit">Search</button>
  </form>
  <nav aria-label="Main">
    <ul>
      {% for url, label in places %}
      <li><a href="{{ url }}"{% if url == here %} aria-current="page"{% endif %}>{{ label }}</a></li>
      {% endfor %}
    </ul>
  </nav>
</header>
<main id="main">
{% block main %}{% endblock %}
</main>
<footer>
  <p>A page to compare with.</p>
  <ul><li><a href="/privacy">Privacy</a></li><li><a href="/terms">Terms</a></li></ul>
</footer>
</body>
</html>
"""
PAGE = """{% extends "layout.html" %}
{% block title %}People{% endblock %}
{% block main %}
<h1>People</h1>
<table>
  <thead><tr><th>Name</th><th>Also written</th><th>Programme</th><th>Year</th><th>Country</th><th>Work</th></tr></thead>
  <tbody>
  {% for person in people %}
  <tr>
    <td><a href="/people/{{ person.handle }}">{{ person.name }}</a></td>
    <td>{{ person.also }}</td>
    <td>{{ person.programme }}</td>
    <td>{{ person.year }}</td>
    <td>{{ person.country }}</td>
    <td>{{ person.work }}</td>
  </tr>
  {% endfor %}
  </tbody>
</table>
<p><a href="/people?after=25">More</a></p>
{% endblock %}
"""
PLACES = (("/cohorts", "Cohorts"), ("/people", "People"), ("/events", "Events"), ("/groups", "Groups"))
NAMES = (("ບຸນມີ ວົງສາ", "Bounmy Vongsa"), ("Nguyễn Thị Lan", "Nguyen Thi Lan"), ("สมชาย ใจดี", "Somchai Jaidee"))
PEOPLE = [
    {
        "handle": f"person-{n}",
        "name": NAMES[n % 3][0],
        "also": NAMES[n % 3][1],
        "programme": "Friendship & Exchange",
        "year": 2000 + n,
        "country": "Lao People's Democratic Republic",
        "work": "Teaches mathematics in a lower secondary school",
    }
    for n in range(25)
]

app = Flask(__name__, static_folder=None)
app.jinja_loader = DictLoader({"layout.html": LAYOUT, "page.html": PAGE})


@app.get("/people")
def people() -> str:
    return render_template("page.html", people=PEOPLE, places=PLACES, here="/people")
