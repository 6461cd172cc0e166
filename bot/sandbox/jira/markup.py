"""Wiki markup, as far as it does something: whom it notifies and which macros it runs."""

import re

_VERBATIM = re.compile(r"(?<!\\)\{(noformat|code)(?::[^}]*)?\}.*?(?<!\\)\{\1\}", re.DOTALL)
_MENTION = re.compile(r"(?<!\\)\[~(?:accountid:)?([^\]\s]+)\]")
_MACRO = re.compile(r"(?<!\\)\{([a-z][a-z-]*)(?::[^}\n]*)?\}")


def mentioned(text: str) -> list[str]:
    """The accounts that a text would notify, by the name it has for them."""
    return _MENTION.findall(_VERBATIM.sub("", text))


def macros(text: str) -> list[str]:
    """The macros that a text would run; a verbatim part is one, and what it holds is none."""
    verbatim = [match[1] for match in _VERBATIM.finditer(text)]
    return verbatim + _MACRO.findall(_VERBATIM.sub("", text))
