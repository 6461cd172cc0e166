"""What tells one kind of ritual from another where people set it up and look after it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of ritual, as people read of it. Its actions begin with its name."""

    kind: str
    one: str  # as people say it: a stand-up
    forgets: str = ""  # what is lost with one that is deleted, as a sentence

    @property
    def title(self) -> str:
        """As the head of a modal about one."""
        return self.one[0].upper() + self.one[1:]

    @property
    def titles(self) -> str:
        """As the head of a modal about several."""
        return f"{self.title}s"

    @property
    def setup(self) -> str:
        return f"{self.kind}.setup"

    @property
    def more(self) -> str:
        return f"{self.setup}.more"

    @property
    def look_again(self) -> str:
        return f"{self.setup}.again"

    @property
    def channel(self) -> str:
        return f"{self.setup}.channel"

    @property
    def zone(self) -> str:
        return f"{self.setup}.zone"

    @property
    def template(self) -> str:
        return f"{self.setup}.template"

    @property
    def settings(self) -> str:
        return f"{self.kind}.settings"

    @property
    def status(self) -> str:
        return f"{self.kind}.status"

    @property
    def mine(self) -> str:
        return f"{self.kind}.mine"

    @property
    def set_up(self) -> str:
        return f"{self.kind}.set_up"

    @property
    def pause(self) -> str:
        return f"{self.kind}.pause"

    @property
    def resume(self) -> str:
        return f"{self.kind}.resume"

    @property
    def delete(self) -> str:
        return f"{self.kind}.delete"

    @property
    def confirm(self) -> str:
        return f"{self.delete}.confirm"
