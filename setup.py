"""The packages, found: a new family of rules needs no entry anywhere."""

from setuptools import find_namespace_packages, setup

families = [name for name in find_namespace_packages("rules") if "__pycache__" not in name]
program = [name for name in find_namespace_packages(include=["jwtlint", "jwtlint.*"]) if "__pycache__" not in name]
setup(packages=[*program, "jwtlint.rules", *(f"jwtlint.rules.{name}" for name in families)])
