package io.longspan.attention.cuda;

import io.longspan.attention.ElementType;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.TokenRole;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.oracle.AttentionOracle;
import io.longspan.attention.testkit.oracle.AttentionProblem;
import io.longspan.attention.testkit.oracle.OracleForward;
import io.longspan.attention.testkit.oracle.OracleGradients;

/** Compares a run in any element type with the float64 oracle on the same rounded numbers. */
final class TypedChecks {
    private TypedChecks() {}

    /** Runs and compares; what is wrong first, or an empty text. */
    static String fault(KernelBackend backend, AttentionCase asked, ElementType type) {
        return fault(backend, asked, type, 2.5);
    }

    /**
     * Runs and compares; what is wrong first, or an empty text.
     *
     * @param looser how many times the tolerance of the output the gradients have
     */
    static String fault(
            KernelBackend backend, AttentionCase asked, ElementType type, double looser) {
        AttentionTensors in = asked.tensors();
        if (type != ElementType.FP32) {
            Halves.round(type, in.query());
            Halves.round(type, in.key());
            Halves.round(type, in.value());
            Halves.round(type, in.outputGradient());
        }
        TypedRun run = TypedRun.of(backend, asked, type, in);
        AttentionProblem problem = asked.problem(in);
        OracleGradients gradients = AttentionOracle.backward(problem, in.outputGradient());
        double output = outputTolerance(type);
        double gradient = looser * output;
        // Rounded gradients of scores no longer cancel exactly against what all keys have in
        // common.
        double common =
                asked.inputs().exactScores()
                        ? 2 * Math.max(largest(in.query()), largest(in.key()))
                        : 1;
        OracleForward forward = AttentionOracle.forward(problem);
        double[] expected = forward.output();
        return first(
                far("output", run.output(), expected, output),
                zeros(asked, run),
                sums(run.logSumExp(), forward.logSumExp()),
                far("query gradient", run.query(), gradients.query(), gradient * common),
                far("key gradient", run.key(), gradients.key(), gradient * common),
                far("value gradient", run.value(), gradients.value(), gradient),
                far("bias gradient", run.bias(), gradients.bias(), gradient * common));
    }

    /** Error of the whole tensor relative to its size. */
    static double outputTolerance(ElementType type) {
        return switch (type) {
            case FP32 -> 2e-6;
            case FP16 -> 6e-4;
            case BF16 -> 4e-3;
        };
    }

    private static double largest(float[] numbers) {
        double largest = 1;
        for (float number : numbers) {
            largest = Math.max(largest, Math.abs(number));
        }
        return largest;
    }

    private static String far(String name, float[] actual, double[] expected, double tolerance) {
        if (actual.length != expected.length) {
            return name + " has " + actual.length + " numbers, not " + expected.length;
        }
        double error = 0;
        double size = 0;
        for (int i = 0; i < actual.length; i++) {
            double distance = actual[i] - expected[i];
            error += distance * distance;
            size += expected[i] * expected[i];
        }
        // Steep scores leave gradients that are nothing but rounding.
        double allowed = tolerance * Math.max(Math.sqrt(size), 0.1 * Math.sqrt(actual.length));
        double off = Math.sqrt(error);
        return off <= allowed
                ? ""
                : name + " is off by " + off + " where " + allowed + " is allowed";
    }

    /** Scores are float32 whatever the type, so their sums are near in any. */
    private static String sums(float[] actual, double[] expected) {
        for (int i = 0; i < actual.length; i++) {
            double allowed = 1e-4 + 1e-5 * Math.abs(expected[i]);
            boolean near = actual[i] == expected[i] || Math.abs(actual[i] - expected[i]) <= allowed;
            if (!near) {
                return "log-sum-exp "
                        + i
                        + " is "
                        + actual[i]
                        + " where it should be "
                        + expected[i];
            }
        }
        return "";
    }

    /** Rows that are zero because of what their token is are so to the bit. */
    private static String zeros(AttentionCase asked, TypedRun run) {
        int[] rows = asked.rows().indices(asked.layout());
        int width = asked.rowWidth();
        for (int r = 0; r < rows.length; r++) {
            if (asked.layout().role(rows[r]) != TokenRole.LOCAL
                    && (any(run.output(), r, width) || any(run.query(), r, width))) {
                return "row " + r + " of a token that sees nothing is not zero";
            }
        }
        for (int t = 0; t < asked.layout().tokens(); t++) {
            if (asked.layout().role(t) == TokenRole.MASKED
                    && (any(run.key(), t, width) || any(run.value(), t, width))) {
                return "gradient of masked token " + t + " is not zero";
            }
        }
        return "";
    }

    private static boolean any(float[] numbers, int row, int width) {
        for (int i = row * width; i < (row + 1) * width; i++) {
            if (numbers[i] != 0) {
                return true;
            }
        }
        return false;
    }

    private static String first(String... faults) {
        for (String fault : faults) {
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return "";
    }
}
