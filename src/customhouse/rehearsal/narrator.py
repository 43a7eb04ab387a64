"""Tells the story while it happens: one sentence a line, who does it in front, a bar below.

On a terminal there is colour and a progress bar; without one plain lines, the same words. It
decides nothing and counts nothing but its own lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

WHO_WIDTH = 9
# A filer speaks in its own colour; everybody else in one of these.
COLOURS = {
    "agency": "bright_blue",
    "officer": "bright_blue",
    "bank": "magenta",
    "operator": "yellow",
    "filers": "cyan",
    "world": "white",
}
FILER_COLOUR = "cyan"
WIDEST = 110


class Narrator:
    """Writes to one console; lines of a terminal are wrapped behind the name of who speaks."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=False)
        if self.console.width > WIDEST:
            self.console.width = WIDEST
        self._progress: Progress | None = None

    @property
    def lively(self) -> bool:
        """Tell whether a person watches on a terminal."""
        return self.console.is_terminal

    @contextmanager
    def progress(self, total: int, words: str) -> Iterator[None]:
        """Keep a bar below the story while it lasts; none without a terminal."""
        if not self.lively:
            yield
            return
        columns = (
            TextColumn("  [bold]{task.description}"),
            BarColumn(bar_width=40, complete_style="green", finished_style="green"),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as progress:
            self._progress = progress
            progress.add_task(words, total=total)
            try:
                yield
            finally:
                self._progress = None

    def step(self, words: str | None = None) -> None:
        """Move the bar on by one; with words, say below what comes next."""
        if self._progress is not None:
            task = self._progress.task_ids[0]
            self._progress.update(task, advance=1, description=words)

    def title(self, heading: str, *lines: str) -> None:
        """Open the story."""
        self.console.print()
        body = Text("\n").join([Text(heading, style="bold"), *map(Text, lines)])
        if self.lively:
            self.console.print(Panel(body, border_style="bright_blue", padding=(0, 2)))
        else:
            self.console.print(body, soft_wrap=True)

    def day(self, on: date, note: str = "") -> None:
        """Begin a day."""
        self._heading(f"{on:%A} {on.day} {on:%B %Y}" + (f" · {note}" if note else ""))

    def say(self, who: str, sentence: str, *, style: str = "") -> None:
        """Tell one thing that happened; ``style`` colours the sentence."""
        colour = COLOURS.get(who, FILER_COLOUR)
        line = Table.grid(padding=(0, 2))
        line.add_column(width=WHO_WIDTH, justify="right")
        line.add_column(ratio=1, overflow="fold")
        line.add_row(Text(who, style=colour), Text(sentence, style=style))
        if self.lively:
            self.console.print(line)
        else:
            self.console.print(f"{who:>{WHO_WIDTH}}  {sentence}", soft_wrap=True)

    def refused(self, who: str, sentence: str) -> None:
        """Tell of a refusal that the story wanted."""
        self.say(who, sentence, style="yellow")

    def wrong(self, sentence: str) -> None:
        """Tell of something that should not be."""
        self.say("WRONG", sentence, style="bold red")

    def figures(self, heading: str, rows: Sequence[tuple[str, str]]) -> None:
        """Show figures, a name and a value each."""
        self._heading(heading)
        widest = max(len(name) for name, _ in rows)
        most = max(len(value) for _, value in rows)
        for name, value in rows:
            line = Text(f"  {name:{widest}}   ")
            line.append(f"{value:>{most}}", style="bold")
            self.console.print(line, soft_wrap=True)

    def checks(self, heading: str, held: Sequence[tuple[str, bool, str]]) -> None:
        """Show what was checked: a sentence, whether it held, and detail."""
        self._heading(heading)
        for sentence, good, detail in held:
            mark = Text("ok" if good else "NO", style="green" if good else "bold red")
            line = Text(sentence)
            if detail:
                line.append(f"  {detail}", style="bright_black" if good else "red")
            if not self.lively:
                self.console.print(Text.assemble("  ", mark, "  ", line), soft_wrap=True)
                continue
            row = Table.grid(padding=(0, 2))
            row.add_column(width=4, justify="right")
            row.add_column(ratio=1, overflow="fold")
            row.add_row(mark, line)
            self.console.print(row)

    def _heading(self, words: str) -> None:
        self.console.print()
        if self.lively:
            self.console.print(Rule(Text(words, style="bold"), align="left", style="bright_black"))
        else:
            self.console.print(words)

    def note(self, *lines: str) -> None:
        """Say something at the end that can be copied from the screen."""
        self.console.print()
        for line in lines:
            self.console.print(Text(line), soft_wrap=True)
