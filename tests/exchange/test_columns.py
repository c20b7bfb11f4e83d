"""Rosters and gradebooks in any language and shape."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from exporter import Exporter, rows, student

from grader.errors import GraderError
from grader.exchange.columns import parse_choices
from grader.exchange.ids import Id, Kind
from grader.exchange.roster import Roster, read_roster

if TYPE_CHECKING:
    from tiny_course import CourseWriter


def roster(folder: Path, text: str, encoding: str = "utf-8", **chosen: str) -> Roster:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path, chosen)


#: Moodle's grading worksheet: headings, the word for a participant, "yes", "no".
WORKSHEETS: Final = {
    "de": ("ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;"
           "Bewertung kann geändert werden", "Teilnehmer/in", "Ja", "Nein"),
    "fr": ("Identifiant;Nom complet;Adresse de courriel;Statut;Note;Note maximale;"
           "La note peut être modifiée", "Participant ", "Oui", "Non"),
    "es": ("Identificador;Nombre completo;Dirección de correo;Estado;Calificación;"
           "Calificación máxima;La calificación puede ser cambiada", "Participante ", "Sí", "No"),
    "it": ("Identificativo;Nome completo;Indirizzo email;Stato;Valutazione;Valutazione massima;"
           "La valutazione può essere modificata", "Partecipante ", "Sì", "No"),
    "pt": ("Identificador;Nome completo;Endereço de e-mail;Estado;Nota;Nota máxima;"
           "Nota pode ser alterada", "Participante ", "Sim", "Não"),
    "nl": ("Identificatie;Volledige naam;E-mailadres;Status;Cijfer;Maximumcijfer;"
           "Cijfer kan gewijzigd worden", "Deelnemer ", "Ja", "Nee"),
    "pl": ("Identyfikator;Imię i nazwisko;Adres e-mail;Status;Ocena;Maksymalna ocena;"
           "Ocena może być zmieniona", "Uczestnik ", "Tak", "Nie"),
    "tr": ("Tanımlayıcı;Tam adı;E-posta adresi;Durum;Not;En yüksek not;Not değiştirilebilir",
           "Katılımcı ", "Evet", "Hayır"),
    "ru": ("Идентификатор;Полное имя;Адрес электронной почты;Состояние;Оценка;"
           "Максимальная оценка;Оценка может быть изменена", "Участник ", "Да", "Нет"),
    "zh": ("标识符;全名;电子邮件地址;状态;成绩;最高成绩;成绩可以更改", "参与者", "是", "否"),
    "ja": ("識別子;フルネーム;メールアドレス;ステータス;評点;最大評点;評点は変更可能です",
           "参加者", "はい", "いいえ"),
    "pt, in Portugal": ("Identificador;Nome completo;Endereço de e-mail;Estado;Nota;Nota máxima;"
                        "A nota pode ser alterada.", "Participante ", "Sim", "Não"),
    "gl": ("Identificador;Nome completo;Enderezo de correo;Estado;Cualificación;"
           "Cualificación máxima;A cualificación pode seren cambiada", "Participante ",
           "Si", "Non"),
    "zh, of today": ("编号;全名;电子邮件地址;状态;成绩;最高成绩;允许更改成绩",
                     "参与者", "是", "否"),
    "zh, in Taiwan": ("識別碼;全名;電子郵件信箱;狀態;成績;最高成績;成績可以更改",
                      "參與者", "是", "否"),
    "ja, with ID": ("ID;フルネーム;メールアドレス;ステータス;評点;最大評点;評点は変更可能です",
                    "参加者", "はい", "いいえ"),
    "ar": ("المُعرَّف;الاسم الكامل;البريد الإلكتروني;الحالة;العلامة;العلامة القصوى;"
           "يمكن تغيير العلامة", "مشارك ", "نعم", "لا"),
    "of no language": ("Zz;Yy;Xx;Ww;Vv;Uu;Tt", "Qq ", "Ja", "Nein"),
}  # fmt: skip


def worksheet(language: str) -> str:
    headings, participant, yes, no = WORKSHEETS[language]
    return (
        f"\ufeff{headings}\r\n"
        f"{participant}2001;Jane Doe;jdoe@x.edu;-;;10,00;{yes}\r\n"
        f"{participant}2002;Joe Roe;jroe@x.edu;-;1,00;10,00;{no}\r\n"
    )


@pytest.mark.parametrize("language", WORKSHEETS)
def test_a_worksheet_of_moodle_is_a_roster_in_any_language(tmp_path: Path, language: str) -> None:
    people = roster(tmp_path, worksheet(language)).people
    assert [(person.folder, person.name) for person in people] == [
        ("jdoe", "Jane Doe"),
        ("jroe", "Joe Roe"),
    ]
    assert Id(Kind.PARTICIPANT, "2001") in people[0].ids
    assert Id(Kind.EMAIL, "jdoe@x.edu") in people[0].ids


@pytest.fixture
def export(tiny_course: CourseWriter) -> Exporter:
    exporter = Exporter(tiny_course(lessons=["double", "threefold"]))
    exporter.results(student("jdoe", 2.5), student("jroe", 3.0))
    return exporter


@pytest.mark.parametrize("language", WORKSHEETS)
def test_a_worksheet_of_moodle_is_filled_in_any_language(export: Exporter, language: str) -> None:
    template = worksheet(language)
    result = export.run("moodle", template=template)
    assert result.exit_code == 0, result.output
    wanted = template.replace("\r\n", "\n").replace("-;;10,00", "-;2,5;10,00")
    assert result.stdout == wanted
    assert "jroe: the grade cannot be changed there" in result.stderr


@pytest.mark.parametrize(
    ("text", "folder", "name"),
    [
        ("identifier,github_username,github_id,name\nJane Doe,jd-hub,99,\n", "jd-hub", "Jane Doe"),
        ("identifier,github_username,github_id,name\njane@x.edu,,,Jane Doe\n", "jane", "Jane Doe"),
        ("LastName,FirstName,ID,SIS Login ID\nDoe,Jane,12,jdoe\n", "jdoe", "Jane Doe"),
        ("Vorname\tNachname\tMatrikelnummer\nJane\tDoe\t123456\n", "123456", "Jane Doe"),
        ("Nom;Prénom;Courriel\nDoe;Jane;jane@x.edu\n", "jane", "Jane Doe"),
        ("Apellido(s),Nombre,Dirección de correo\nDoe,Jane,jane@x.edu\n", "jane", "Jane Doe"),
        ("Person,Kontakt\nJane Doe,jane@x.edu\n", "jane", "Jane Doe"),
        ('"Name, Vorname";"E-Mail"\n"Doe, Jane";jane@x.edu\n', "jane", "Doe, Jane"),
    ],
    ids=["GitHub", "GitHub, email", "Canvas, two names", "tabs", "fr", "es", "by shape", "commas"],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rosters_of_many_shapes_are_read(
    tmp_path: Path, text: str, folder: str, name: str, encoding: str
) -> None:
    (person,) = roster(tmp_path, text, encoding).people
    assert (person.folder, person.name) == (folder, name)


def test_where_nothing_fits_the_columns_are_listed_and_can_be_named(tmp_path: Path) -> None:
    text = "Wer,Wo\njane,12\n"
    with pytest.raises(GraderError, match=r"It has: Wer, Wo\. Say which is which: --columns name="):
        roster(tmp_path, text)
    (person,) = roster(tmp_path, text, login="Wer").people
    assert person.folder == "jane"
    with pytest.raises(GraderError, match=r"no column Wie\. There are: Wer, Wo"):
        roster(tmp_path, text, login="Wie")


@pytest.mark.parametrize(
    ("texts", "chosen"),
    [
        (["name=Naam,email=E-mail"], {"name": "Naam", "email": "E-mail"}),
        (["name=Name, Vorname", "login=L"], {"name": "Name, Vorname", "login": "L"}),
        ([], {}),
    ],
)
def test_columns_are_named_one_by_one_or_together(texts: list[str], chosen: dict[str, str]) -> None:
    assert parse_choices(texts) == chosen
    with pytest.raises(GraderError, match="'nothing' names no column; write name=HEADING"):
        parse_choices(["nothing"])


# Gradebooks of Canvas

SPLIT: Final = (
    "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,Final Project (77)\r\n"
    "    Points Possible,,,,,,10.00\r\nDoe,Jane,12,S12,jdoe,A,\r\nRoe,Joe,13,S13,jroe,A,EX\r\n"
)


def test_a_gradebook_with_two_names_is_filled_excused_stays_and_a_lost_column_is_told(
    export: Exporter,
) -> None:
    result = export.run("canvas", template=SPLIT)
    assert result.exit_code == 0, result.output
    assert [row[6] for row in rows(result.stdout)[2:]] == ["2.5", "EX"]
    assert "jroe: excused there (EX); left as it is" in result.stderr
    assert "Canvas ignores a column that is called Final Project (77)" in result.stderr
    assert "1 mark filled in" in result.stderr


def test_an_ordinary_column_is_not_warned_of(export: Exporter) -> None:
    result = export.run("canvas", template=SPLIT.replace("Final Project", "Finalists"))
    assert "ignores" not in result.stderr


@pytest.mark.parametrize("target", ["canvas", "moodle"])
def test_a_gradebook_in_which_nobody_is_found_is_an_error(export: Exporter, target: str) -> None:
    export.results(student("nobody", 2.5))
    template = SPLIT if target == "canvas" else worksheet("de")
    result = export.run(target, template=template)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "none of the 1 students is in the gradebook, so nothing was written" in result.stderr


def test_the_columns_of_a_gradebook_can_be_named(export: Exporter) -> None:
    template = "Wer,Was,Wieviel\njdoe,x,\njroe,x,\n"
    result = export.run("moodle", template=template)
    assert "it has no columns `Identifier` and `Grade`, but Wer, Was, Wieviel" in result.stderr
    result = export.run("moodle", "--columns", "login=Wer,grade=Wieviel", template=template)
    assert result.exit_code == 0, result.output
    assert [row[2] for row in rows(result.stdout)[1:]] == ["2.5", "3"]
