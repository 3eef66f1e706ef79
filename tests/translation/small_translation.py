"""The translation of the small course: brackets, which every text keeps."""

LANGUAGE = "ru"


def marked(english):
    """Translate a text: a bracket after its first word, where no form is spoilt."""
    if english.startswith("Task "):
        return english.replace("Task ", "Задание ", 1)
    return english.replace(" ", " ⟦⟧ ", 1) if english[0].isalpha() else english
