"""What pyproject.toml cannot say: packages are found, so that a family of rules needs no entry; models come compiled."""

import importlib.util
from pathlib import Path

from setuptools import find_namespace_packages, setup
from setuptools.command.build_py import build_py

MODELS = Path("jwtlint", "models")


class CompileModels(build_py):
    """Copy the package, then compile the models of the copy; an editable install keeps to the YAML files."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        specification = importlib.util.spec_from_file_location("documents", MODELS / "documents.py")
        documents = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(documents)
        documents.compile_into(Path(self.build_lib, MODELS))


families = [name for name in find_namespace_packages("rules") if "__pycache__" not in name]
program = [name for name in find_namespace_packages(include=["jwtlint", "jwtlint.*"]) if "__pycache__" not in name]
packages = [*program, "jwtlint.rules", *(f"jwtlint.rules.{name}" for name in families)]
setup(packages=packages, cmdclass={"build_py": CompileModels})
