"""The solutions against implementations that nobody here wrote.

Every check compares with the solutions, so a mistake in one of them would become the truth of the
course. SciPy brings a softmax, finite differences and turning matrices, ONNX's reference evaluator
the operators ``Attention`` (opset 23), ``LayerNormalization``, ``Gemm`` and ``Relu``.
"""

from __future__ import annotations

from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from imported_later import ImportedLater
from numpy.testing import assert_allclose

from grader.course import Course, find_course
from grader.grading.grading_process import load_references

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from onnx.reference import ReferenceEvaluator

    Array = NDArray[np.float64]

onnx, checker = ImportedLater("onnx"), ImportedLater("onnx.checker")
reference = ImportedLater("onnx.reference")
distance, special = ImportedLater("scipy.spatial.distance"), ImportedLater("scipy.special")
optimize, linalg = ImportedLater("scipy.optimize"), ImportedLater("scipy.linalg")
stats = ImportedLater("scipy.stats")

#: Both sides add up in float64 in different orders, and exp makes rounding errors larger.
agree: Final = partial(assert_allclose, rtol=1e-10, atol=1e-10)
WEIGHTS_AFTER_SOFTMAX: Final = 3  # `qk_matmul_output_mode` of the operator

SIZES: Final = st.integers(1, 12)
SEEDS: Final = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def solutions(request: pytest.FixtureRequest) -> dict[str, ModuleType]:
    here: Path = request.path
    return load_references(Course.load(find_course(here.parent)))


@pytest.fixture(scope="module")
def onnx_attention() -> ReferenceEvaluator:
    """The operator of Q, K and V."""
    return operator("QKV")


@pytest.fixture(scope="module")
def onnx_masked_attention() -> ReferenceEvaluator:
    """The operator of Q, K, V and a mask M, which is True where a query may look."""
    return operator("QKVM")


@pytest.fixture(scope="module")
def onnx_causal_attention() -> ReferenceEvaluator:
    """The operator of Q, K and V, whose queries see no later keys."""
    return operator("QKV", is_causal=1)


def operators(
    steps: Sequence[tuple[str, list[str], str, dict[str, float]]],
) -> ReferenceEvaluator:
    """Operators one after the other, each with its inputs, its output and its attributes."""
    nodes = [
        onnx.helper.make_node(kind, inputs, [output], **attributes)
        for kind, inputs, output, attributes in steps
    ]
    made = {output for _, _, output, _ in steps}
    given_names = dict.fromkeys(it for _, inputs, _, _ in steps for it in inputs if it not in made)
    double = onnx.TensorProto.DOUBLE
    ends = [onnx.helper.make_tensor_value_info(it, double, None) for it in (*given_names, "Y")]
    graph = onnx.helper.make_graph(nodes, "steps", ends[:-1], ends[-1:])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 23)])
    evaluator: ReferenceEvaluator = reference.ReferenceEvaluator(model)
    return evaluator


def operator(inputs: str, axes: int = 4, **attributes: int) -> ReferenceEvaluator:
    """The operator in a graph of its own: the output and the weights come out.

    Its arrays have four axes, (batch, heads, tokens, numbers); with three, it makes the heads.
    """
    node = onnx.helper.make_node(
        "Attention",
        [*inputs],
        ["Y", "", "", "W"],
        qk_matmul_output_mode=WEIGHTS_AFTER_SOFTMAX,
        **attributes,
    )
    kinds = dict.fromkeys("QKVYW", onnx.TensorProto.DOUBLE) | {"M": onnx.TensorProto.BOOL}
    ends = {
        name: onnx.helper.make_tensor_value_info(name, kind, [None] * (4 if name == "W" else axes))
        for name, kind in kinds.items()
    }
    graph = onnx.helper.make_graph(
        [node], "attention", [ends[name] for name in inputs], [ends[name] for name in "YW"]
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 23)])
    checker.check_model(model)
    evaluator: ReferenceEvaluator = reference.ReferenceEvaluator(model)
    return evaluator


def by_onnx(evaluator: ReferenceEvaluator, Q: Array, K: Array, V: Array) -> tuple[Array, Array]:
    heads = {"Q": Q[None, None], "K": K[None, None], "V": V[None, None]}
    output, weights = map(np.asarray, evaluator.run(None, heads))
    return output[0, 0], weights[0, 0]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_softmax_is_scipys_along_any_axis_of_any_array(
    solutions: dict[str, ModuleType], data: st.DataObject
) -> None:
    scores = data.draw(
        arrays(np.float64, array_shapes(max_dims=4, max_side=5), elements=st.floats(-1e4, 1e4))
    )
    axis = data.draw(st.integers(-scores.ndim, scores.ndim - 1))
    softmax = solutions["softmax"].softmax
    agree(softmax(scores, axis=axis), special.softmax(scores, axis=axis))
    agree(softmax(scores), special.softmax(scores, axis=-1))


def test_a_score_of_minus_infinity_is_no_share_for_scipy_either(
    solutions: dict[str, ModuleType],
) -> None:
    scores = np.array([[1.0, -np.inf, 2.0], [-np.inf, 0.0, -np.inf]])
    agree(solutions["softmax"].softmax(scores), special.softmax(scores, axis=-1))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(n_q=SIZES, n_k=SIZES, d_k=SIZES, d_v=SIZES, scale=st.sampled_from([0.1, 1, 30]), seed=SEEDS)
def test_attention_is_the_onnx_operator_for_queries_of_another_sequence(
    *,
    solutions: dict[str, ModuleType],
    onnx_attention: ReferenceEvaluator,
    n_q: int,
    n_k: int,
    d_k: int,
    d_v: int,
    scale: float,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    Q, K, V = (scale * rng.normal(size=size) for size in [(n_q, d_k), (n_k, d_k), (n_k, d_v)])
    attention = solutions["self_attention"].scaled_dot_product_attention
    output, weights = attention(Q, K, V)
    onnx_output, onnx_weights = by_onnx(onnx_attention, Q, K, V)
    agree(weights, onnx_weights)
    agree(output, onnx_output)


@settings(max_examples=100, deadline=None)
@given(n=SIZES, d_model=SIZES, d_k=SIZES, d_v=SIZES, seed=SEEDS)
def test_self_attention_is_the_onnx_operator_on_projected_tokens(
    *,
    solutions: dict[str, ModuleType],
    onnx_attention: ReferenceEvaluator,
    n: int,
    d_model: int,
    d_k: int,
    d_v: int,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d_model))
    W_q, W_k, W_v = (rng.normal(size=(d_model, columns)) for columns in (d_k, d_k, d_v))
    output, weights = solutions["self_attention"].self_attention(X, W_q, W_k, W_v)
    onnx_output, onnx_weights = by_onnx(onnx_attention, X @ W_q, X @ W_k, X @ W_v)
    agree(weights, onnx_weights)
    agree(output, onnx_output)


@settings(max_examples=100, deadline=None)
@given(n=SIZES, m=SIZES, d=SIZES, d_k=SIZES, seed=SEEDS)
def test_cross_attention_is_the_onnx_operator_on_two_sentences(
    *,
    solutions: dict[str, ModuleType],
    onnx_attention: ReferenceEvaluator,
    n: int,
    m: int,
    d: int,
    d_k: int,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(n, d)), rng.normal(size=(m, d))
    W_q, W_k, W_v = (rng.normal(size=(d, columns)) for columns in (d_k, d_k, 3))
    output, weights = solutions["cross_attention"].cross_attention(X, Y, W_q, W_k, W_v)
    onnx_output, onnx_weights = by_onnx(onnx_attention, X @ W_q, Y @ W_k, Y @ W_v)
    agree(weights, onnx_weights)
    agree(output, onnx_output)


@settings(max_examples=50, deadline=None)
@given(n=SIZES, d=SIZES, d_k=SIZES, seed=SEEDS)
def test_the_loss_is_scipys_log_softmax_and_its_gradients_are_finite_differences(
    solutions: dict[str, ModuleType], n: int, d: int, d_k: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    lesson = solutions["learning"]
    X, matrices = rng.normal(size=(n, d)), rng.normal(size=(2, d, d_k)) / d
    i, j = map(int, rng.integers(n, size=2))

    def loss(numbers: Array) -> float:
        W_q, W_k = numbers.reshape(matrices.shape)
        scores = (X @ W_q) @ (X @ W_k).T / np.sqrt(d_k)
        return float(-special.log_softmax(scores, axis=-1)[i, j])

    agree(lesson.attention_loss(X, *matrices, i, j), loss(matrices))
    hairs = optimize.approx_fprime(matrices.ravel(), loss, 1e-7)
    grads = np.array(lesson.loss_grads(X, *matrices, i, j))
    assert_allclose(grads.ravel(), hairs, atol=1e-6)
    weights = special.softmax(rng.normal(size=n))
    by_scores = optimize.approx_fprime(
        np.log(weights), lambda scores: -special.log_softmax(scores)[j], 1e-7
    )
    assert_allclose(lesson.softmax_grad(weights, j), by_scores, atol=1e-6)


def test_a_step_of_training_lowers_the_loss(solutions: dict[str, ModuleType]) -> None:
    rng = np.random.default_rng(10)
    start = rng.normal(size=(2, 6, 3))
    sentence = rng.normal(size=(5, 6)), 1, 3
    *_, losses = solutions["learning"].train([sentence], *start, 20, 0.01)
    assert (np.diff(losses) < 0).all()


@settings(max_examples=100, deadline=None)
@given(n=SIZES, d=SIZES, seed=SEEDS)
def test_the_attention_matrix_is_the_onnx_operator_asking_the_embeddings_themselves(
    solutions: dict[str, ModuleType], onnx_attention: ReferenceEvaluator, n: int, d: int, seed: int
) -> None:
    X = np.random.default_rng(seed).normal(size=(n, d))
    lesson = solutions["attention_matrix"]
    weights = lesson.attention_matrix(X)
    onnx_output, onnx_weights = by_onnx(onnx_attention, X, X, X)
    agree(weights, onnx_weights)
    agree(lesson.blend(weights, X), onnx_output)


@settings(max_examples=100, deadline=None)
@given(d=SIZES, n=SIZES, seed=SEEDS)
def test_likeness_is_scipys(solutions: dict[str, ModuleType], d: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    u, keys = rng.normal(size=d), rng.normal(size=(n, d))
    lesson = solutions["dot_product"]
    agree(lesson.similarity_scores(u, keys), np.inner(u, keys))
    for v in keys:
        agree(lesson.dot_product(u, v), np.vdot(u, v))
        cosine = 1 - distance.cosine(u, v)
        agree(lesson.cosine_similarity(u, v), cosine)


@settings(max_examples=100, deadline=None)
@given(n_q=SIZES, n_k=SIZES, d_k=SIZES, d_v=SIZES, seed=SEEDS)
def test_masked_attention_is_the_onnx_operator_with_a_mask(
    *,
    solutions: dict[str, ModuleType],
    onnx_masked_attention: ReferenceEvaluator,
    n_q: int,
    n_k: int,
    d_k: int,
    d_v: int,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    Q, K, V = (rng.normal(size=(2, 3, *size)) for size in [(n_q, d_k), (n_k, d_k), (n_k, d_v)])
    mask = rng.random(size=(2, 1, n_q, n_k)) < 0.5  # one for each sentence of the batch
    mask[..., rng.integers(n_k)] = True
    output, weights = solutions["masking"].masked_attention(Q, K, V, mask)
    inputs = {"Q": Q, "K": K, "V": V, "M": mask}
    onnx_output, onnx_weights = onnx_masked_attention.run(None, inputs)
    agree(weights, onnx_weights)
    agree(output, onnx_output)


@settings(max_examples=50, deadline=None)
@given(n=SIZES, d=SIZES, seed=SEEDS)
def test_a_causal_mask_is_what_onnx_calls_causal(
    solutions: dict[str, ModuleType],
    onnx_causal_attention: ReferenceEvaluator,
    n: int,
    d: int,
    seed: int,
) -> None:
    X = np.random.default_rng(seed).normal(size=(n, d))
    masking = solutions["masking"]
    output, weights = masking.masked_attention(X, X, X, masking.causal_mask(n))
    onnx_output, onnx_weights = by_onnx(onnx_causal_attention, X, X, X)
    agree(weights, onnx_weights)
    agree(output, onnx_output)


@settings(max_examples=50, deadline=None)
@given(n=SIZES, h=st.integers(1, 4), width=st.integers(1, 4), seed=SEEDS)
def test_several_heads_are_the_onnx_operators(
    *,
    solutions: dict[str, ModuleType],
    onnx_attention: ReferenceEvaluator,
    n: int,
    h: int,
    width: int,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    d = h * width
    X, (W_q, W_k, W_v, W_o) = rng.normal(size=(n, d)), rng.normal(size=(4, d, d))
    output, weights = solutions["multi_head"].multi_head_attention(X, W_q, W_k, W_v, W_o, h)
    columns = [slice(k * width, (k + 1) * width) for k in range(h)]
    pairs = [
        by_onnx(onnx_attention, X @ W_q[:, own], X @ W_k[:, own], X @ W_v[:, own])
        for own in columns
    ]
    agree(weights, [looks for _, looks in pairs])
    agree(output, np.hstack([found for found, _ in pairs]) @ W_o)


@settings(max_examples=20, deadline=None)
@given(n=SIZES, h=st.integers(1, 4), width=st.integers(1, 4), seed=SEEDS)
def test_onnx_cuts_tokens_into_the_same_heads(
    *, solutions: dict[str, ModuleType], n: int, h: int, width: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    d = h * width
    X, (W_q, W_k, W_v, W_o) = rng.normal(size=(n, d)), rng.normal(size=(4, d, d))
    own, _ = solutions["multi_head"].multi_head_attention(
        X, W_q, W_k, W_v, W_o, h, solutions["masking"].causal_mask(n)
    )
    whole = operator("QKV", axes=3, is_causal=1, q_num_heads=h, kv_num_heads=h)
    output, _ = map(
        np.asarray,
        whole.run(None, {"Q": (X @ W_q)[None], "K": (X @ W_k)[None], "V": (X @ W_v)[None]}),
    )
    agree(own, output[0] @ W_o)


@settings(max_examples=20, deadline=None)
@given(n_q=SIZES, n_k=SIZES, seed=SEEDS)
def test_masked_weights_are_scipys_softmax_over_the_keys_that_are_left(
    solutions: dict[str, ModuleType], n_q: int, n_k: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    Q, K, V = rng.normal(size=(n_q, 5)), rng.normal(size=(n_k, 5)), rng.normal(size=(n_k, 2))
    masking, kept = solutions["masking"], int(rng.integers(1, n_k + 1))
    mask = masking.padding_mask([kept], n_k)
    _, weights = masking.masked_attention(Q, K, V, mask)
    agree(weights[:, :kept], special.softmax((Q @ K.T / np.sqrt(5))[:, :kept], axis=-1))
    agree(weights[:, kept:], 0)
    row, column = np.ones(n_k), np.eye(1, n_k)[0]
    assert (masking.causal_mask(n_k) == linalg.toeplitz(row, column)).all()


@settings(max_examples=20, deadline=None)
@given(n=SIZES, pairs=st.integers(1, 8))
def test_from_place_to_place_scipys_matrices_turn_the_positions(
    solutions: dict[str, ModuleType], n: int, pairs: int
) -> None:
    speeds = [10_000 ** (-i / pairs) for i in range(pairs)]
    turn = linalg.expm(linalg.block_diag(*[[[0, speed], [-speed, 0]] for speed in speeds]))
    row = np.tile([0.0, 1.0], pairs)
    for own in solutions["positions"].sinusoidal_positions(n, 2 * pairs):
        agree(own, row)
        row = turn @ row


@settings(max_examples=20, deadline=None)
@given(n=SIZES, d=SIZES, seed=SEEDS)
def test_layers_are_the_onnx_operator_added_to_what_it_reads(
    solutions: dict[str, ModuleType], onnx_attention: ReferenceEvaluator, n: int, d: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    X, layers = rng.normal(size=(n, d)), rng.normal(size=(2, 3, d, d)) / d
    own, own_weights = solutions["positions"].stack(X, list(layers))
    for layer, weights in zip(layers, own_weights, strict=True):
        found, onnx_weights = by_onnx(onnx_attention, *(X @ W for W in layer))
        agree(weights, onnx_weights)
        X = X + found
    agree(own, X)


@settings(max_examples=20, deadline=None)
@given(n=SIZES, d=SIZES, scale=st.sampled_from([1e-3, 1, 1e3]), seed=SEEDS)
def test_norms_and_the_mlp_are_onnx_operators(
    *, solutions: dict[str, ModuleType], n: int, d: int, scale: float, seed: int
) -> None:
    rng, lesson = np.random.default_rng(seed), solutions["tiny_gpt"]
    X, gain, bias = scale * rng.normal(size=(n, d)), rng.normal(size=d), rng.normal(size=d)
    norm = operators([("LayerNormalization", ["X", "S", "B"], "Y", {"epsilon": 1e-5})])
    (normed,) = map(np.asarray, norm.run(None, {"X": X, "S": gain, "B": bias}))
    # ONNX has its epsilon in 32 bits.
    assert_allclose(lesson.layer_norm(X, gain, bias), normed, rtol=1e-6, atol=1e-6)
    W_1, b_1, W_2, b_2 = (rng.normal(size=size) for size in [(d, 7), (7,), (7, d), (d,)])
    network = operators(
        [
            ("Gemm", ["X", "W1", "b1"], "H", {}),
            ("Relu", ["H"], "R", {}),
            ("Gemm", ["R", "W2", "b2"], "Y", {}),
        ]
    )
    inputs = {"X": X, "W1": W_1, "b1": b_1, "W2": W_2, "b2": b_2}
    (found,) = map(np.asarray, network.run(None, inputs))
    assert_allclose(lesson.mlp(X, W_1, b_1, W_2, b_2), found, rtol=1e-8, atol=1e-8)


def test_draws_fit_scipys_shares(solutions: dict[str, ModuleType]) -> None:
    next_token, rng = solutions["tiny_gpt"].next_token, np.random.default_rng(12)
    logits = np.array([0.0, 1.0, -0.5, 2.0])
    for temperature in (0.5, 1.0, 3.0):
        drawn = [next_token(logits, temperature, rng) for _ in range(500)]
        expected = 500 * special.softmax(logits / temperature)
        assert stats.chisquare(np.bincount(drawn, minlength=4), expected).pvalue > 0.01
