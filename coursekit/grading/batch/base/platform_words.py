"""The headings that Moodle and Canvas write into their tables, in the languages of their users.

Moodle's are the strings of its language packs (https://download.moodle.org/langpack/, read in
https://github.com/projectestac/moodle-langpacks): ``recordid``, ``maxgrade``, ``scale`` and
``lastmodifiedsubmission`` of ``mod_assign``, ``pluginname`` of ``assignfeedback_comments``, and the
rest of ``core``, as ``mod/assign/gradingtable.php`` and ``grade/export/txt`` put them into a file.
Canvas writes English headings in every language (``lib/gradebook_exporter.rb``).

In each list the order is: English with its older forms, Russian, German, French, Spanish, Chinese.
"""

WORDS: dict[str, tuple[str, ...]] = {
    "id": ("Identifier", "Идентификатор", "ID", "Identifiant", "Identificador", "标识符"),
    "name": (
        "Full name", "Student", "Name", "Полное имя", "ФИО", "Vollständiger Name", "Nom complet",
        "Nombre completo", "全名",
    ),
    "first name": ("First name", "FirstName", "Имя", "Vorname", "Prénom", "Nombre", "名"),
    "last name": (
        "Last name", "Surname", "LastName", "Фамилия", "Nachname", "Nom de famille", "Nom",
        "Apellido(s)", "Apellidos", "姓",
    ),
    "email": (
        "Email address", "Email", "E-mail", "Адрес электронной почты", "E-Mail-Adresse", "E-Mail",
        "Adresse de courriel", "Dirección de correo", "Correo electrónico", "电子邮件地址",
    ),
    "number": (
        "ID number", "SIS User ID", "Student ID", "OrgDefinedId", "SID", "Индивидуальный номер",
        "ID-Nummer", "Matrikelnummer", "Numéro d’identification", "Numéro d'identification",
        "Número de ID", "学号",
    ),
    "login": (
        "Username", "SIS Login ID", "Login", "Логин", "Anmeldename", "Benutzername",
        "Nom d’utilisateur", "Nom d'utilisateur", "Nombre de usuario", "用户名",
    ),
    "group": (
        "Group", "Groups", "Section", "Группа", "Группы", "Gruppe", "Gruppen", "Groupe", "Groupes",
        "Grupo", "Grupos", "小组",
    ),
    "mark": ("Grade", "Оценка", "Bewertung", "Note", "Calificación", "成绩"),
    "maximum": (
        "Maximum grade", "Максимальная оценка", "Bestwertung", "Note maximale",
        "Calificación máxima", "最高分",
    ),
    "scale": ("Scale", "Шкала", "Skala", "Barème", "Escala", "量表"),
    "comment": (
        "Feedback comments", "Отзыв в виде комментария", "Feedback als Kommentar",
        "Feedback par commentaires", "Comentarios de retroalimentación", "反馈意见",
    ),
    "submitted": (
        "Last modified (submission)", "Последнее изменение (ответ)", "Zuletzt geändert (Abgabe)",
        "Dernière modification (travail remis)", "Última modificación (entrega)",
        "上次修改（作业）",
    ),
    "alias": ("Alias", "Aliases"),  # a teacher's own column: what else a student is called
}  # fmt: skip

# The months in Moodle's dates, as they are declined there; Chinese dates have numbers.
MONTHS: tuple[tuple[str, ...], ...] = (
    ("january", "января", "январь", "januar", "janvier", "enero"),
    ("february", "февраля", "февраль", "februar", "février", "febrero"),
    ("march", "марта", "март", "märz", "mars", "marzo"),
    ("april", "апреля", "апрель", "avril", "abril"),
    ("may", "мая", "май", "mai", "mayo"),
    ("june", "июня", "июнь", "juni", "juin", "junio"),
    ("july", "июля", "июль", "juli", "juillet", "julio"),
    ("august", "августа", "август", "août", "agosto"),
    ("september", "сентября", "сентябрь", "septembre", "septiembre"),
    ("october", "октября", "октябрь", "oktober", "octobre", "octubre"),
    ("november", "ноября", "ноябрь", "novembre", "noviembre"),
    ("december", "декабря", "декабрь", "dezember", "décembre", "diciembre"),
)

# What Moodle calls everybody in the names of files where marking is anonymous.
HIDDEN_NAMES = {
    "Participant", "Участник", "Teilnehmerin", "Teilnehmer_in", "Participante", "参与人",
}  # fmt: skip
MOODLES_PLACE = "_assignsubmission_"  # in the names of Moodle's folders or files
POINTS_POSSIBLE = "points possible"  # the first field of Canvas's row of maxima
NO_MARK = ("", "-")  # what Moodle writes where there is no mark
NO_ID = (*NO_MARK, "–", "—", "n/a", "none", "null")  # what people write where there is no id

_ROLES = {word.casefold(): role for role, words in WORDS.items() for word in words}


def role(heading: str) -> str | None:
    """Return what a column with this heading contains, a key of `WORDS`; None if it is unknown."""
    return _ROLES.get(" ".join(heading.replace("_", " ").split()).casefold())


def columns(headings: list[str]) -> dict[str, int]:
    """Return the first column of each role that the headings have."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if (name := role(heading)) is not None:
            found.setdefault(name, place)
    return found
