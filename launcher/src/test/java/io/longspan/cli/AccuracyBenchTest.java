package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What speed costs, measured on a small model. */
final class AccuracyBenchTest {
    @TempDir Path folder;

    private Path model() {
        Path model = folder.resolve("model");
        Cli made =
                Cli.run(
                        "init",
                        "--preset",
                        "tiny",
                        "--to",
                        model,
                        "--tokenizer",
                        Cli.DEMO.resolve("tokenizer"));
        assertThat(made.code()).as(made.err()).isZero();
        return model;
    }

    private static JsonNode measured(Path model, Object... more) {
        Object[] arguments = new Object[10 + more.length];
        Object[] first = {
            "bench",
            "accuracy",
            "--model",
            model,
            "--texts",
            Cli.DEMO.resolve("books"),
            "--tokens",
            1500,
            "--json",
            "--length=512"
        };
        System.arraycopy(first, 0, arguments, 0, 10);
        System.arraycopy(more, 0, arguments, 10, more.length);
        Cli run = Cli.run(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run.json();
    }

    private static double error(JsonNode result, int row) {
        return result.get("rows").get(row).get("relativeError").asDouble();
    }

    @Test
    void precisionsAreOrderedAndOutliersChangeNothingButRounding() {
        Path model = model();
        JsonNode plain = measured(model);
        assertThat(plain.get("tokens").asInt()).isBetween(1000, 1536);
        assertThat(plain.get("hidden").asInt()).isBetween(150, 300);
        assertThat(plain.get("rows").size()).isEqualTo(3);
        assertThat(error(plain, 0)).isLessThan(2e-5);
        for (JsonNode row : plain.get("rows")) {
            assertThat(row.get("agreement").asDouble()).isBetween(0.5, 1.0);
            assertThat(row.get("cosineFirstPercentile").asDouble())
                    .isGreaterThan(0.99)
                    .isLessThanOrEqualTo(row.get("cosineMean").asDouble());
        }
        JsonNode variant = measured(model, "--outliers", "20,3");
        assertThat(variant.get("variantError").asDouble()).isLessThan(1e-4);
        assertThat(variant.get("variantAgreement").asDouble()).isGreaterThan(0.98);
        assertThat(error(variant, 0)).isLessThan(1e-4);
        JsonNode int8 = variant.get("rows").get(2);
        if (int8.get("fallback").isNull()) {
            assertThat(error(plain, 2)).isGreaterThan(error(plain, 0));
            assertThat(error(variant, 2)).isGreaterThan(error(plain, 2));
        }
    }

    @Test
    void outliersAreAFactorAndANumber() {
        Cli run =
                Cli.run(
                        "bench",
                        "accuracy",
                        "--model",
                        model(),
                        "--texts",
                        Cli.DEMO,
                        "--outliers",
                        "20");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("such as 20,4");
    }
}
