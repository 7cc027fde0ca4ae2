"""What pyproject.toml cannot say: packages are found, models come compiled, and the tests install what is modelled."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from setuptools import find_namespace_packages, setup
from setuptools.command.build_py import build_py

MODELS = Path("jwtlint", "models")
TOOLS = Path("tests", "requirements.txt")

specification = importlib.util.spec_from_file_location("documents", MODELS / "documents.py")
documents = importlib.util.module_from_spec(specification)
specification.loader.exec_module(documents)


class CompileModels(build_py):
    """Copy the package, then compile the models of the copy; an editable install keeps to the YAML files."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            documents.compile_into(Path(self.build_lib, MODELS))


def libraries() -> Iterator[str]:
    """The modelled libraries that can be installed side by side, at the versions that their models are of."""
    for document in documents.parsed(MODELS).values():
        is_script = document["package"].startswith("js:") if "package" in document else False
        if "newest" in document and "isolated" not in document and not is_script:
            yield f"{document['package']}=={document['newest']}"


families = [name for name in find_namespace_packages("rules") if "__pycache__" not in name]
program = [name for name in find_namespace_packages(include=["jwtlint", "jwtlint.*"]) if "__pycache__" not in name]
packages = [*program, "jwtlint.rules", *(f"jwtlint.rules.{name}" for name in families)]
tools = [line for line in TOOLS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
setup(packages=packages, cmdclass={"build_py": CompileModels}, extras_require={"test": [*tools, *libraries()]})
