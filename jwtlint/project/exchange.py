"""What scripts take from each other and from packages, and what they give."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from jwtlint.facts import EXPORTS, WHOLE, Binding, Import, Name
from jwtlint.project import files, objects
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.names import PACKAGE
from jwtlint.project.scripts import Scripts
from jwtlint.project.value import NOTHING, External, ModuleRef, Value

if TYPE_CHECKING:
    from jwtlint.project.names import Module
    from jwtlint.project.values import Evaluator


def taken(evaluator: Evaluator, module: Module, item: Import) -> Iterable[Value]:
    """What an import of a script brings; of a package, its default is the package itself, as `require` has it."""
    path = evaluator.names.find(module.path, item.target, item.level)
    if path is None:
        if Scripts.is_own(item.target):
            return NOTHING
        package = Value(External(JAVASCRIPT.prefix + item.target.removeprefix("node:")))
        return (
            (package,) if item.member in PACKAGE else objects.member(evaluator, package, str(item.member), JAVASCRIPT)
        )
    if not evaluator.read(path):
        return NOTHING
    home = evaluator.modules[path]
    if home.is_document:
        found = files.of_file(evaluator, home)
        if found is None or item.member in PACKAGE:
            return (found,) if found else NOTHING
        return objects.member(evaluator, found, str(item.member), JAVASCRIPT)
    name = WHOLE if item.member in (None, "*") else str(item.member)
    return objects.of_module(evaluator, home, name)


def given(evaluator: Evaluator, module: Module, name: str) -> Iterable[Value]:
    """What a script gives to others under a name; `WHOLE` is what `require` gives."""
    own = module.definitions.get((EXPORTS, name))
    if own:
        return _said(evaluator, module, own[-1])
    whole = module.definitions.get((EXPORTS, WHOLE))
    if name == "default" or name == WHOLE:
        return objects.of_module(evaluator, module, WHOLE) if whole and name != WHOLE else (Value(ModuleRef(module)),)
    holders = [*module.definitions.get((EXPORTS, "*"), ()), *(whole or ())]
    holders += [star for star in module.stars if star.scope == EXPORTS]
    for holder in holders:
        for value in _said(evaluator, module, holder):
            if not (isinstance(value.data, ModuleRef) and value.data.module is module):
                found = tuple(objects.member(evaluator, value, name, JAVASCRIPT))
                if any(one.known for one in found):
                    return found
    return NOTHING


def _said(evaluator: Evaluator, module: Module, item: object) -> Iterable[Value]:
    """What one definition among the exports gives; to export a name is no step of a value's way."""
    if isinstance(item, Import):
        return taken(evaluator, module, item)
    assert isinstance(item, Binding)
    root = evaluator.roots[module]
    return evaluator.values(item.value, root) if isinstance(item.value, Name) else evaluator.bound(item, module, root)
