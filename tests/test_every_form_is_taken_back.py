"""Every form that changes something offers *Ångra*, or stands here with the reason why not."""

from pathlib import Path

from rules.access import TABLE

WEB = Path(__file__).parents[1] / "templates" / "web"
# What offers it, the template that does, and the address that the button posts to.
_ROW = ("_rows.html", "/aktiviteter/{{ saved.id }}/angra")
_ONE = ("activity.html", "/aktiviteter/{{ activity.id }}/angra")
_MANY = ("form_parts.html", "/aktiviteter/angra")
_PLAN = ("plan_edit.html", "/planer/{{ plan_id }}/angra")
_GROUP = ("group.html", "/grupper/{{ group.id }}/angra")
OFFERED = {
    "POST /grupper/ny": _GROUP,
    "POST /grupper/{group_id}/andra": _GROUP,
    "POST /grupper/{group_id}/ateruppta": _GROUP,
    "POST /grupper/{group_id}/pausa": _GROUP,
    "POST /grupper/{group_id}/roller": _GROUP,
    "POST /grupper/{group_id}/roller/avsluta": _GROUP,
    # Of its deeds: names, roles and stand-ins. A last day is taken back by "tillbaka" on the same
    # page; an address that was left, a link that was closed and a home that moved are asked anew.
    "POST /personer/{person_id}/{deed}": ("person.html", "/personer/{{ person.id }}/angra"),
    "POST /aktiviteter/{activity_id}/ersattare": (
        *("activity.html", "/aktiviteter/{{ activity.id }}/ersattare/angra"),
    ),
    "POST /moten/{group_id}/dagar": ("meeting.html", "/moten/{{ group_id }}/dagar"),
    "POST /moten/{group_id}/dag/{day}/flytta": ("meeting_day.html", "{{ address }}/flytta"),
    "POST /statusrundor/moten": ("status_rounds.html", "/statusrundor/moten"),
    "POST /aktiviteter/flera": _MANY,
    "POST /aktiviteter/{activity_id}/rad": _ROW,
    "POST /aktiviteter/{activity_id}/andra": _ONE,
    "POST /aktiviteter/{activity_id}/delar": _ONE,
    "POST /aktiviteter/{activity_id}/flytta": _ONE,
    "POST /aktiviteter/{activity_id}/grupp": _ONE,
    "POST /aktiviteter/{activity_id}/svar": _ONE,
    "POST /planer/las-in": _MANY,
    "POST /planer/{plan_id}/andra": _PLAN,
    "POST /planer/{plan_id}/antagen": _PLAN,
    "POST /planer/{plan_id}/foresla": _ONE,
    "POST /planer/{plan_id}/koppla": ("plan_edit.html", "/aktiviteter/angra"),
    "POST /planer/{plan_id}/mal": _PLAN,
    "POST /planer/{plan_id}/mal/{goal_id}": _PLAN,
    "POST /planer/{plan_id}/pagar": _MANY,
}
_BACK = "is itself how something is taken back, or ended"
_LATER = "is taken back on the same page, or where it is listed"
_AGAIN = "the same form says it anew, and the history keeps both"
_ACCESS = "opens or shuts a way in; what was shut stays shut, and a new way is asked for"
_SENT = "what has left the house cannot be called back"
_FROZEN = "an edition and its approval are never undone; the next edition corrects it"
_DRAFT = "nothing is on file but what she is writing"
_RUN = "starts a round or a question: it decides only what is owed today"
REASONS = {
    _BACK: (
        *("/aktiviteter/angra", "/aktiviteter/{activity_id}/angra", "/planer/{plan_id}/angra"),
        *("/planer/{plan_id}/tillbaka", "/grupper/{group_id}/avveckla/angra"),
        *("/grupper/{group_id}/angra", "/aktiviteter/{activity_id}/ersattare/angra"),
        *("/samverkan/{collaboration_id}/avsluta/angra", "/svar/{token}/ta-tillbaka"),
        "/avvikelser/inlasningar/{import_id}/angra",
        *("/aktiviteter/{activity_id}/kommentar/angra", "/svar/{token}/samtal-angra"),
        "/samverkan/{collaboration_id}/ateruppta",
    ),
    _LATER: (
        *("/planer/ny", "/planer/{plan_id}/avsluta", "/planer/{plan_id}/paminn"),
        "/aktiviteter/{activity_id}/hanskjut",
        *("/moten/{group_id}", "/moten/{group_id}/dag/{day}/punkter"),
        *("/aktiviteter/{activity_id}/kommentar", "/svar/{token}/samtal"),
        *("/svar/{token}", "/svar/{token}/skicka", "/svar/{token}/tyst"),
        *("/svar/{token}/ersattare", "/mina-aktiviteter/svara", "/forslag/{answer_id}"),
        "/grupper/{group_id}/avveckla",
        *("/samverkan/{collaboration_id}/avsluta", "/samverkan/{collaboration_id}/pausa"),
        *("/samverkan/{collaboration_id}/paminnelser", "/avvikelser/las-in/{import_id}"),
    ),
    _AGAIN: (
        *("/aktiviteter/{activity_id}/ratta", "/aktiviteter/{activity_id}/tveksamt"),
        *("/personer/ny", "/personer/las-in", "/samverkan", "/samverkan/{collaboration_id}/andra"),
        *("/moten/{group_id}/dag/{day}/narvaro", "/ord/namn", "/avvikelser/malgrupper"),
        *("/avvikelser/kallor", "/avvikelser/kallor/{mapping_id}/placera"),
        "/avvikelser/inlasningar/{import_id}/ord",
        "/avvikelser/inlasningar/{import_id}/placera",
        *("/rapport/{token}/analys", "/rapporter/{edition_id}/analys"),
        *("/rapporter/{edition_id}/skriv", "/rapporter/{edition_id}/word"),
        *("/mina-uppgifter", "/svar/{token}/uppgifter"),
    ),
    _ACCESS: (
        *("/logga-in", "/logga-in/lank/{token}", "/logga-ut"),
        *("/inloggningar/{session_id}/avsluta", "/adress/{token}", "/adress/{token}/inte-jag"),
        *("/svar/{token}/kalender", "/personer/{person_id}/kalender"),
        "/grupper/{group_id}/kalender",
    ),
    _SENT: (
        *("/aktiviteter/{activity_id}/mejl", "/moten/{group_id}/dag/{day}/skicka"),
        *("/ord", "/svar/{token}/annan", "/svar/{token}/ny-lank", "/utskick/igen"),
        *("/utskick/{letter_id}/igen", "/statusrundor/{round_id}/paminn"),
    ),
    _FROZEN: (
        *("/rapporter", "/rapporter/{edition_id}/igen", "/rapporter/{edition_id}/granska"),
        "/rapporter/{edition_id}/godkann",
    ),
    _DRAFT: ("/moten/{group_id}/utkast", "/svar/{token}/utkast", "/avvikelser/las-in"),
    _RUN: ("/korningar", "/statusrundor"),
}
NOT_OFFERED = {f"POST {path}": why for why, paths in REASONS.items() for path in paths}


def test_every_form_offers_it_or_has_its_reason() -> None:
    forms = {route for route in TABLE if route.startswith("POST ")}
    assert sorted(forms - OFFERED.keys() - NOT_OFFERED.keys()) == []
    assert sorted((OFFERED.keys() | NOT_OFFERED.keys()) - forms) == []
    assert sorted(OFFERED.keys() & NOT_OFFERED.keys()) == []


def test_the_receipts_have_the_button() -> None:
    for template, address in set(OFFERED.values()):
        words = (WEB / template).read_text(encoding="utf-8")
        assert f'action="{address}"' in words, template
        assert ">Ångra</button>" in words, template
