# Wants: dataclasses, typing, enum, protocols, generics, abstract classes.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np

T = TypeVar("T")


class Kind(Enum):
    TWICE = auto()


class Pair(NamedTuple):
    factor: float
    kind: Kind


class Doubles(Protocol):
    def __call__(self, x: np.ndarray) -> np.ndarray: ...


class Base(ABC, Generic[T]):
    @abstractmethod
    def of(self, x: T) -> T: ...


@dataclass(order=True)
class Multiplier(Base[np.ndarray]):
    pair: Pair = Pair(2, Kind.TWICE)
    used: list[int] = field(default_factory=list)

    def of(self, x):
        self.used.append(1)
        return np.multiply(x, self.pair.factor)


def double(x: np.ndarray) -> np.ndarray:
    return Multiplier().of(x)


def total(x):
    return float(np.sum(x))
