"""The translation of the small course: brackets, which every text keeps."""

LANGUAGE = "ru"


def marked(english):
    """Translate a text: brackets after its first word; what is short may be a key, and stays."""
    if english.startswith("Task "):
        return english.replace("Task ", "Задание ", 1)
    return (
        english.replace(" ", " ⟦⟧ ", 1)
        if english[0].isalpha() and english.count(" ") > 2
        else english
    )
