"""What a script puts into an object by a statement, as the call that it is."""

from __future__ import annotations

from jwtlint.facts import Arg, Attribute, Binding, Call, Constant, Subscript, Use

ENTERING = "__setitem__"


def entering(binding: Binding) -> Use | None:
    """`localStorage.token = x` and `localStorage["token"] = x` as `localStorage.__setitem__("token", x)`; None of other bindings."""
    match binding.target:
        case Attribute(base=base, name=name):
            key = Constant(name)
        case Subscript(base=base, key=key):
            pass
        case _:
            return None
    args = (Arg(None, key, binding.at), Arg(None, binding.value, binding.at))
    return Use(binding.scope, Call(Attribute(base, ENTERING), args, binding.at), binding.point, binding.when, ())
