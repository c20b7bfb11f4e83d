"""Finds out what each column of a table contains, from its heading (any language) or its values."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from grader.errors import GraderError
from grader.exchange.csv_files import Sheet
from grader.text import clean_name

#: The names in `--columns` for what a column can contain.
CHOOSABLE: Final = (
    "name", "first", "last", "email", "login", "id", "student-id", "folder", "grade", "maximum",
)  # fmt: skip

#: What a column holds → its headings, in small letters. Canvas, Gradescope and GitHub Classroom
#: write English ones, Moodle those of the course's language.
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "folder": ("folder", "student_id"),
    "name": (
        "name", "full name", "student name", "vollständiger name", "nom complet", "nombre completo",
        "nome completo", "volledige naam", "pełna nazwa", "imię i nazwisko", "imię / nazwisko",
        "tam adı", "tam ad", "ad soyad", "adı soyadı", "полное имя", "фио", "全名", "姓名",
        "フルネーム", "氏名", "名前", "fullständigt namn", "fulde navn", "celé jméno", "nom",
        "naam",
    ),
    "first": (
        "first name", "given name", "firstname", "vorname", "prénom", "nombre", "nome",
        "voornaam", "imię", "ad", "adı", "имя", "名", "förnamn", "fornavn", "jméno",
    ),
    "last": (
        "last name", "surname", "family name", "lastname", "nachname", "familienname",
        "nom de famille", "apellido", "apellidos", "apellido(s)", "cognome", "sobrenome", "apelido",
        "achternaam", "nazwisko", "soyad", "soyadı", "фамилия", "姓", "efternamn", "efternavn",
        "příjmení",
    ),
    "id": ("id", "identifier", "user id", "userid"),
    "participant": (
        "identifiant", "identificador", "identificativo", "identificatie", "identificatiecode",
        "identyfikator", "tanımlayıcı", "идентификатор", "标识符", "标识", "编号", "識別子",
        "識別碼", "المُعرَّف",
    ),
    "student-id": (
        "sis user id", "sis id", "sid", "student id", "student number", "id number", "id-nummer",
        "matrikelnummer", "matrikelnr.", "matr.-nr.", "numéro d'identification",
        "numéro d’identification", "numéro d'étudiant", "número de id", "número de identificación",
        "matrícula", "codice identificativo", "matricola", "número de identificação",
        "studentnummer",
        "numer id", "numer albumu", "numer indeksu", "kimlik numarası", "öğrenci no", "id numarası",
        "индивидуальный номер", "номер зачетной книжки", "学号", "id号", "idナンバー", "学籍番号",
    ),
    "login": (
        "login", "sis login id", "username", "user name", "github_username", "anmeldename",
        "benutzername", "nom d'utilisateur", "nom d’utilisateur", "nombre de usuario", "usuario",
        "nome utente", "nome de usuário", "nome de utilizador", "gebruikersnaam",
        "nazwa użytkownika", "kullanıcı adı", "логин", "用户名", "ユーザ名", "ユーザー名",
    ),
    "email": (
        "email", "email address", "e-mail", "e-mail address", "mail", "e-mail-adresse",
        "adresse de courriel", "courriel", "adresse e-mail", "adresse électronique",
        "dirección de correo", "dirección de correo electrónico", "dirección email",
        "correo electrónico", "correo", "indirizzo email", "indirizzo e-mail", "endereço de e-mail",
        "endereço de email", "e-mailadres", "adres e-mail", "adres email", "e-posta adresi",
        "e-posta", "адрес электронной почты", "эл. почта", "电子邮件地址", "电子邮件", "email地址",
        "电子邮箱", "邮箱", "メールアドレス", "e-postadress", "e-mailadresse", "e-mailová adresa",
    ),
    "status": (
        "status", "statut", "estado", "stato", "estatuto", "durum", "состояние", "статус", "状态",
        "状態", "ステータス", "stav",
    ),
    "grade": (
        "grade", "bewertung", "note", "calificación", "valutazione", "voto", "nota", "avaliação",
        "cijfer", "ocena", "not", "оценка", "成绩", "评分", "評点", "評定", "betyg", "karakter",
        "známka", "cualificación", "qualificació", "kalifikazioa",
    ),
    "maximum": (
        "maximum grade", "bestwertung", "note maximale", "calificación máxima", "voto massimo",
        "valutazione massima", "nota máxima", "avaliação máxima", "maximumcijfer",
        "maximaal cijfer", "maksymalna ocena", "ocena maksymalna", "en yüksek not",
        "maksimum not", "максимальная оценка", "最高成绩", "最高分", "最大評点", "maximalt betyg",
    ),
    "locked": (
        "grade can be changed", "bewertung kann geändert werden", "bewertung änderbar",
        "la note peut être modifiée", "la calificación puede ser cambiada",
        "la calificación puede cambiarse", "la valutazione può essere modificata",
        "il voto può essere modificato", "a nota pode ser alterada", "nota pode ser alterada",
        "a nota pode ser alterada.", "a cualificación pode seren cambiada", "允许更改成绩",
        "يمكن تغيير العلامة",
        "cijfer kan gewijzigd worden", "ocena może być zmieniona", "ocenę można zmienić",
        "not değiştirilebilir", "оценка может быть изменена", "成绩可以更改", "可更改成绩",
        "評点は変更可能です", "評点変更可能",
    ),
    "changed": (
        "last modified (submission)", "zuletzt geändert (abgabe)",
        "dernière modification (travail remis)", "dernière modification (remise)",
        "última modificación (entrega)", "ultima modifica (consegna)",
        "última modificação (envio)", "última modificação (submissão)",
        "laatst gewijzigd (inzending)", "ostatnio modyfikowane (przesłane zadanie)",
        "son değiştirme (gönderim)", "последнее изменение (ответ)", "最后修改（提交）",
        "最後修改（提交）", "上次修改（作业）", "最終更新日時 (提出)", "fecha de entrega",
    ),
}  # fmt: skip

#: “No” in the languages of Moodle: the grade cannot be changed.
NO: Final = frozenset(
    (
        "no", "nein", "non", "não", "nee", "nie", "hayır", "нет", "否", "いいえ", "nej", "ne", "لا",
        "ez", "nu", "nem", "ei", "όχι", "ні", "не", "לא", "아니오", "아니요", "không", "tidak",
    )
)  # fmt: skip

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
#: What Moodle calls people, in any language: ``Participant 2001``, ``Teilnehmer/in2001``.
_PARTICIPANT: Final = re.compile(r"[^\W\d_][^\d@]{2,40}?(\d{1,20})")
_LONGEST_CELL: Final = 300
_MOST: Final = 0.8  # of the cells that are not empty have the shape


def participant_number(cell: str) -> str | None:
    """Moodle's number in a cell such as ``Participant 2001``; None in any other."""
    match = _PARTICIPANT.fullmatch(cell[:_LONGEST_CELL].strip())
    return match[1] if match else None


def find_columns(sheet: Sheet, chosen: Mapping[str, str]) -> dict[str, int]:
    """The indexes of the columns, by what they hold.

    Args:
        sheet: the table.
        chosen: what a column holds → its heading, as the user has said.

    Raises:
        GraderError: there is no column of a chosen heading.
    """
    at = {key: n for key, names in _HEADINGS.items() if (n := sheet.column(*names)) is not None}
    student = sheet.column("student")
    if student is not None:  # in Canvas the name, in our own grades.csv the folder
        at.setdefault("name" if at.keys() & {"id", "student-id"} else "folder", student)
    _tell_names_apart(at)
    _look_at_values(sheet, at)
    for what, heading in chosen.items():
        column = sheet.column(heading.casefold())
        if column is None:
            raise GraderError(
                f"there is no column {clean_name(heading)}. There are: {list_columns(sheet)}"
            )
        at = {key: n for key, n in at.items() if n != column} | {what: column}
    return at


def list_columns(sheet: Sheet) -> str:
    """All headings, cleaned."""
    return ", ".join(clean_name(name) for name in sheet.columns)


def parse_choices(texts: Iterable[str]) -> dict[str, str]:
    """What `--columns` says: ``name=Naam,email=E-mail``.

    Raises:
        GraderError: it says something else.
    """
    columns: dict[str, str] = {}
    what = ""
    for piece in (piece for text in texts for piece in text.split(",")):
        before, equals, heading = piece.partition("=")
        if equals and before.strip().casefold() in CHOOSABLE:
            what = before.strip().casefold()
            columns[what] = heading.strip()
        elif what:  # a comma in a heading
            columns[what] += f",{piece}"
        else:
            raise GraderError(
                f"{clean_name(piece)!r} names no column; write name=HEADING, with one of "
                f"{', '.join(CHOOSABLE)} in the place of `name`"
            )
    return columns


def _tell_names_apart(at: dict[str, int]) -> None:
    """A column `Nom` beside `Prénom` is the last name; a column `Nombre` alone is the whole one."""
    if "first" in at and "last" not in at and "name" in at:
        at["last"] = at.pop("name")
    if "first" in at and not at.keys() & {"last", "name"}:
        at["name"] = at.pop("first")


def _look_at_values(sheet: Sheet, at: dict[str, int]) -> None:
    """Find by their values the columns whose headings say nothing."""
    columns = [
        [
            row[n].strip()[:_LONGEST_CELL]
            for row in sheet.rows[1:]
            if n < len(row) and row[n].strip()
        ]
        for n in range(len(sheet.columns))
    ]
    for key in ("id", "participant", "student-id"):  # these words mean much: values say what
        if key in at and (shape := _shape(columns[at[key]])) in ("participant", "email", "name"):
            column = at.pop(key)
            if shape == "participant" or shape not in at or not columns[at[shape]]:
                at[shape] = column
    if "participant" in at and not _most(columns[at["participant"]], participant_number):
        at.setdefault("id", at.pop("participant"))
    for n, cells in enumerate(columns):
        shape = _shape(cells)
        if n in at.values() or shape is None or shape in at:
            continue
        if shape == "name" and at.keys() & {"first", "last", "folder"}:
            continue
        if shape == "name" and len({cell.casefold() for cell in cells}) < len(cells) * _MOST:
            continue
        at[shape] = n


def _shape(cells: Sequence[str]) -> str | None:
    """The kind of these values: "email", "participant" or "name"; None for any other."""
    if _most(cells, _EMAIL.fullmatch):
        return "email"
    if _most(cells, participant_number) and len(set(cells)) == len(cells):
        prefixes = {cell.rstrip("0123456789") for cell in cells}
        if len(prefixes) == 1:
            return "participant"
    return "name" if _most(cells, _is_name) else None


def _most(cells: Collection[str], fits: Callable[[str], object]) -> bool:
    return bool(cells) and sum(bool(fits(cell)) for cell in cells) >= _MOST * len(cells)


def _is_name(cell: str) -> bool:
    """Whether a cell is two to six words of letters, with capitals where the script has them."""
    words = [re.sub(r"[-'’.]", "", word) for word in cell.replace(",", " ").split()]
    return 2 <= len(words) <= 6 and all(
        word.isalpha() and (not word[0].islower() or len(word) <= 3) for word in words
    )
