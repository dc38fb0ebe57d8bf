"""The house in figures: `make measure` prints the table that stands in docs/architecture.md.

Counted with Python's own `ast` and `tokenize` over the product's folders; migrations, benches
and docs are left aside, tests are only counted by their lines. These are signs, not targets:
a reader's ease decides.
"""

import ast
import statistics
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = (
    "config", "rules", "models", "intake", "notifications", "reports", "flows", "web", "cli",
)  # fmt: skip
LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
WAYS = (
    ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.comprehension,
    ast.Assert,
)  # fmt: skip
GATHERED = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
MANY_WAYS = 10  # more ways than this through a function is too much to hold in mind


@dataclass
class Counted:
    """What some files hold, added up."""

    lines: int = 0
    tokens: int = 0
    comments: int = 0
    ternaries: int = 0
    comprehensions: int = 0
    lengths: list[int] = field(default_factory=list)  # lines of each function
    many_ways: int = 0

    def add(self, path: Path) -> None:
        """Count one file in."""
        text = path.read_text(encoding="utf-8")
        self.lines += text.count("\n")
        self._count_tokens(path)
        for node in ast.walk(ast.parse(text)):
            self._count_node(node)

    def _count_tokens(self, path: Path) -> None:
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                if token.type == tokenize.COMMENT:
                    self.comments += 1
                elif token.type not in LAYOUT:
                    self.tokens += 1

    def _count_node(self, node: ast.AST) -> None:
        if isinstance(node, ast.IfExp):
            self.ternaries += 1
        if isinstance(node, GATHERED):
            self.comprehensions += 1
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.lengths.append((node.end_lineno or node.lineno) - node.lineno + 1)
            if ways_through(node) > MANY_WAYS:
                self.many_ways += 1

    def a_thousand_lines(self, number: int) -> float:
        """So many for each thousand lines."""
        return 1000 * number / max(self.lines, 1)


def ways_through(function: ast.AST) -> int:
    """One, and one more for each branch, loop, handler, condition of a comprehension, and/or."""
    ways = 1
    for node in ast.walk(function):
        if isinstance(node, WAYS):
            ways += 1
        if isinstance(node, ast.BoolOp):
            ways += len(node.values) - 1
    return ways


def counted(folders: tuple[str, ...]) -> Counted:
    """All Python files of some of the house's folders."""
    found = Counted()
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            found.add(path)
    return found


def table() -> Iterator[str]:
    """The table's rows, in Markdown."""
    product = counted(PRODUCT)
    tests = counted(("tests",))
    lengths = sorted(product.lengths)
    ninety = lengths[len(lengths) * 9 // 10]
    ternaries = product.a_thousand_lines(product.ternaries)
    comprehensions = product.a_thousand_lines(product.comprehensions)
    many = 100 * product.many_ways / len(lengths)
    yield "| measured by `make measure`, product code | |"
    yield "| --- | --- |"
    yield f"| lines; tokens; tokens a line | {product.lines:,}; {product.tokens:,}; " + (
        f"{product.tokens / product.lines:.1f} |"
    )
    yield f"| ternaries, comprehensions per 1,000 lines | {ternaries:.1f}, {comprehensions:.1f} |"
    yield f"| functions with more than ten ways through | {many:.1f} % of {len(lengths):,} |"
    yield f"| comments per 1,000 lines | {product.a_thousand_lines(product.comments):.0f} |"
    yield f"| function lines, median / p90 / max | {statistics.median(lengths):.0f} / " + (
        f"{ninety} / {lengths[-1]} |"
    )
    yield f"| test lines to product lines | {tests.lines / product.lines:.2f} |"


if __name__ == "__main__":
    sys.stdout.write("\n".join(table()) + "\n")
