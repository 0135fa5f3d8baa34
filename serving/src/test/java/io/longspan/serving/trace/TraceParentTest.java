package io.longspan.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The examples and rules of W3C's Trace Context, section 3.2. */
final class TraceParentTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    @Test
    void theTraceIsReadFromTheFirstVersionAndFromLaterOnes() {
        assertThat(trace("00-" + TRACE + "-" + SPAN + "-01")).contains(TRACE);
        assertThat(trace("00-" + TRACE + "-" + SPAN + "-00")).contains(TRACE);
        assertThat(trace("cc-" + TRACE + "-" + SPAN + "-01-what-the-future-holds")).contains(TRACE);
    }

    @Test
    void whatBreaksTheRulesIsNoTrace() {
        for (String broken :
                new String[] {
                    "",
                    "x",
                    "ff-" + TRACE + "-" + SPAN + "-01",
                    "00-" + TRACE.toUpperCase(java.util.Locale.ROOT) + "-" + SPAN + "-01",
                    "00-" + "0".repeat(32) + "-" + SPAN + "-01",
                    "00-" + TRACE + "-" + "0".repeat(16) + "-01",
                    "00-" + TRACE + "-" + SPAN + "-01-more",
                    "00-" + TRACE + "-" + SPAN,
                    "00-" + TRACE + "0-" + SPAN + "-01",
                    "00-" + TRACE + "-" + SPAN + "-0g"
                }) {
            assertThat(trace(broken)).as(broken).isEmpty();
        }
        assertThat(TraceParent.of(new Metadata())).isEmpty();
    }

    @Test
    void theCallersSpanAndWhetherItKeepsTheTraceAreReadToo() {
        Metadata headers = new Metadata();
        headers.put(TraceParent.HEADER, "00-" + TRACE + "-" + SPAN + "-03");
        assertThat(TraceParent.of(headers)).contains(new TraceParent(TRACE, SPAN, true));
        headers = new Metadata();
        headers.put(TraceParent.HEADER, "00-" + TRACE + "-" + SPAN + "-fe");
        assertThat(TraceParent.of(headers)).contains(new TraceParent(TRACE, SPAN, false));
    }

    private static Optional<String> trace(String header) {
        Metadata headers = new Metadata();
        headers.put(TraceParent.HEADER, header);
        return TraceParent.of(headers).map(TraceParent::trace);
    }
}
