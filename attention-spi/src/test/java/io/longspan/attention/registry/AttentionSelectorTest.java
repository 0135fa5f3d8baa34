package io.longspan.attention.registry;

import static io.longspan.attention.registry.AttentionSelector.select;
import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.Availability;
import io.longspan.attention.Support;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AttentionSelectorTest {
    private static final Availability HERE = new Availability.Available("");
    private static final SelectionRow CUDA =
            row("cuda", 300, new Availability.Unavailable("no driver", "install one"), null);
    private static final SelectionRow CHUNKS =
            row("chunks", 100, HERE, new Support.Unsupported(List.of("does not support dilation")));
    private static final SelectionRow LOOP = row("loop", 0, HERE, new Support.Supported());
    private static final List<SelectionRow> ALL = List.of(CUDA, CHUNKS, LOOP);

    @Test
    void autoTakesTheFirstThatIsAvailableAndSupportsTheWork() {
        assertThat(select("auto", Fallback.FAIL, ALL, List.of()).chosen()).isEqualTo("loop");
    }

    @Test
    void aNamedBackendThatFitsIsTakenWhateverItsPriority() {
        SelectionRow able = row("chunks", 100, HERE, new Support.Supported());
        assertThat(select("loop", Fallback.FAIL, List.of(able, LOOP), List.of()).chosen())
                .isEqualTo("loop");
    }

    @Test
    void aNamedBackendThatCannotIsAnErrorWithItsReasonUnderFail() {
        SelectionReport unavailable = select("cuda", Fallback.FAIL, ALL, List.of());
        assertThat(unavailable.chosen()).isNull();
        assertThat(unavailable.error())
                .contains("'cuda' is unavailable: no driver (install one)", "usable here: loop");
        SelectionReport unsupported = select("chunks", Fallback.FAIL, ALL, List.of());
        assertThat(unsupported.error()).contains("'chunks' does not support dilation");
    }

    @Test
    void aNamedBackendThatCannotIsReplacedWithAWarningUnderNext() {
        SelectionReport report = select("cuda", Fallback.NEXT, ALL, List.of());
        assertThat(report.chosen()).isEqualTo("loop");
        assertThat(report.error()).isNull();
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .contains("no driver", "using 'loop' instead");
    }

    @Test
    void aNameThatDoesNotExistIsAnErrorEvenUnderNext() {
        SelectionReport report = select("lop", Fallback.NEXT, ALL, List.of());
        assertThat(report.chosen()).isNull();
        assertThat(report.error()).contains("'lop'", "auto, cuda, chunks, loop");
    }

    @Test
    void whenNothingFitsEveryReasonIsGiven() {
        SelectionReport report = select("auto", Fallback.FAIL, List.of(CUDA, CHUNKS), List.of());
        assertThat(report.error())
                .contains("cuda is unavailable: no driver", "chunks does not support dilation");
    }

    @Test
    void aBrokenJarIsAnErrorUnderFailAndAWarningUnderNext() {
        List<RejectedProvider> broken =
                List.of(new RejectedProvider("x.jar", "class Y is missing"));
        assertThat(select("auto", Fallback.FAIL, ALL, broken).error())
                .contains("x.jar", "class Y is missing");
        SelectionReport next = select("auto", Fallback.NEXT, ALL, broken);
        assertThat(next.chosen()).isEqualTo("loop");
        assertThat(next.warnings()).singleElement().asString().contains("class Y is missing");
    }

    @Test
    void theLogLineNamesTheChosenAndWhyNotTheOthers() {
        assertThat(select("auto", Fallback.FAIL, ALL, List.of()).line())
                .isEqualTo(
                        "attention backend: loop (asked for auto); cuda is unavailable: no driver (install one);"
                                + " chunks does not support dilation");
    }

    private static SelectionRow row(
            String name,
            int priority,
            Availability availability,
            @org.jspecify.annotations.Nullable Support support) {
        return new SelectionRow(name, "1", "", name + ".jar", priority, availability, support);
    }
}
