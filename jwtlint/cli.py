"""The command line. Whatever is heavy is imported by the command that needs it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jwtlint import __version__
from jwtlint.options import FORMATS, THRESHOLDS, Misuse, Options, configured, overridden

if TYPE_CHECKING:
    from jwtlint.engine import Report
    from jwtlint.facts import Facts
    from jwtlint.files import Source
    from jwtlint.rule import Rule


@click.group()
@click.version_option(__version__, prog_name="jwtlint")
def cli() -> None:
    """Find what is wrong with an application's JSON Web Tokens."""


def _split(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item.strip() for value in values for item in value.split(",") if item.strip())


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--select", multiple=True, callback=_split, help="Rules or families to keep, comma-separated.")
@click.option("--ignore", multiple=True, callback=_split, help="Rules or families to leave out, comma-separated.")
@click.option("--output-format", type=click.Choice(FORMATS), help="Format on the screen.")
@click.option("--output-file", multiple=True, metavar="FMT:PATH", help="A further output; may be repeated.")
@click.option("--fail-on", type=click.Choice(THRESHOLDS), help="Lowest level that gives exit code 1 (default: error).")
@click.option("--exit-zero", is_flag=True, help="Findings do not change the exit code.")
@click.option("--allow-unparsable", is_flag=True, help="Unreadable files do not change the exit code.")
@click.option("--include-tests", is_flag=True, help="Report findings in tests and docs as well.")
@click.option("--profile", help="Policy: owasp, browser, nist-aal1/2/3, lenient.")
@click.option("--config", type=click.Path(path_type=Path), help="Configuration file to take.")
@click.option("--isolated", is_flag=True, help="Take no configuration file.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def check(paths: tuple[Path, ...], config: Path | None, isolated: bool, color: str, **flags: Any) -> None:
    """Check files and folders (default: the current one); the project around them is read as context."""
    from jwtlint.engine import check as run
    from jwtlint.files import MissingPath, workspace

    paths = paths or (Path(),)
    options = overridden(configured(paths, config, isolated=isolated), flags)
    outputs = [_output(item) for item in options.output_file]
    rules = _rules(options)
    try:
        found = workspace(paths, include_tests=options.include_tests)
    except MissingPath as error:
        raise Misuse(str(error)) from error
    report = run(found, rules, options.use)
    _write(report, options, outputs, color)
    sys.exit(_exit_code(report, options))


def _rules(options: Options) -> tuple[Rule, ...]:
    from jwtlint.policy import overrides
    from jwtlint.rule import RuleError, load

    try:
        return load(options.select, options.ignore, options.rules, overrides(options.profile))
    except RuleError as error:
        raise Misuse(f"{options.origin}: {error}" if options.rules else str(error)) from error


def _output(text: str) -> tuple[str, Path]:
    name, colon, path = text.partition(":")
    if not colon or name not in FORMATS or not path:
        raise Misuse(f"--output-file {text!r}: write FORMAT:PATH, where FORMAT is one of {', '.join(FORMATS)}")
    return name, Path(path)


def _write(report: Report, options: Options, outputs: list[tuple[str, Path]], color: str) -> None:
    from jwtlint.report import writer

    for name, path in outputs:
        try:
            with path.open("w", encoding="utf-8") as out:
                writer(name)(report, out, False)
        except OSError as error:
            raise Misuse(f"{path}: cannot be written: {error.strerror}") from error
    writer(options.output_format)(report, sys.stdout, _is_colored(color))
    sys.stdout.flush()


def _is_colored(choice: str) -> bool:
    """Whether to color: as asked, else as NO_COLOR (no-color.org), FORCE_COLOR and the terminal say."""
    if choice != "auto":
        return choice == "always"
    return not os.environ.get("NO_COLOR") and (bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty())


def _exit_code(report: Report, options: Options) -> int:
    """3 unread, 1 findings, 4 no file, else 0; the first that holds, the same in every format."""
    from jwtlint.finding import LEVELS

    if any(problem.fatal for problem in report.problems) and not options.allow_unparsable:
        return 3
    if options.fail_on != "never" and not options.exit_zero:
        lowest = LEVELS.index(options.fail_on)
        if any(LEVELS.index(finding.level) >= lowest for finding in report.findings):
            return 1
    return 4 if report.workspace.is_empty else 0


@cli.command("map")
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option("--output-format", type=click.Choice(["text", "mermaid", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def draw(path: Path, output_format: str, color: str) -> None:
    """Draw the life of an application's tokens: who issues, verifies, renews and revokes them, and what is missing."""
    from jwtlint.engine import programs, understand
    from jwtlint.files import MissingPath, workspace
    from jwtlint.problems import unreadable
    from jwtlint.project.picture import picture
    from jwtlint.report.maps import write

    options = configured((path,))
    try:
        found = workspace((path,), include_tests=options.include_tests)
    except MissingPath as error:
        raise Misuse(str(error)) from error
    facts: dict[Source, Facts] = {}
    parts = programs(found, facts, options.use)
    drawn = [(part.folder, understand(part, facts, picture, options.use)) for part in parts]
    problems = [problem for problem in unreadable(facts) if problem.fatal]
    write(drawn, problems, output_format, sys.stdout, _is_colored(color))
    sys.exit(3 if problems and not options.allow_unparsable else 0)


@cli.command()
@click.argument("slug", metavar="RULE")
def explain(slug: str) -> None:
    """Print a rule's page."""
    for rule in _rules(Options(select=(slug,))):
        click.echo(rule.page.text)


@cli.command()
def rules() -> None:
    """List the rules."""
    for rule in _rules(Options()):
        click.echo(f"{rule.slug:31} {rule.page.level:8} {rule.family:14} {rule.page.summary}")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
def facts(file: Path) -> None:
    """Print what was read of a file, as JSON."""
    import msgspec

    from jwtlint.paths import kind
    from jwtlint.read.guards import read_all

    found = kind(file.as_posix())
    if found is None:
        raise Misuse(f"{file}: not a kind of file that is read")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Misuse(f"{file}: cannot be read: {error.strerror}") from error
    click.echo(msgspec.json.format(msgspec.json.encode(read_all([(found, data)])[0])).decode())


@cli.command("new-rule")
@click.argument("name", metavar="FAMILY/SLUG")
def new_rule(name: str) -> None:
    """Write a new rule's page and query, in a clone of jwtlint."""
    from jwtlint import scaffold

    for path in scaffold.new_rule(name, Path("rules")):
        click.echo(path)


def main() -> None:
    """The program: misuse is one line and exit code 2; a closed pipe is quiet."""
    try:
        cli(prog_name="jwtlint")
    except Misuse as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
