package io.longspan.admin.overview;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class BackendReportTest {
    @Test
    void statesFollowFromWhatTheReportSays() {
        BackendReport report =
                read(
                        """
                        {"chosen": "a", "backends": [
                          {"name": "a", "chosen": true, "available": true, "supported": true},
                          {"name": "b", "available": true, "supported": true},
                          {"name": "c", "available": true, "supported": false, "reason": "no dilation"},
                          {"name": "d", "available": false, "supported": false}]}
                        """);
        assertThat(report.rows())
                .extracting(BackendReport.Row::state)
                .containsExactly("CHOSEN", "AVAILABLE", "UNSUPPORTED", "UNAVAILABLE");
        assertThat(report.rows().get(2).reason()).isEqualTo("no dilation");
        assertThat(report.error()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"backends\": null}",
                "{\"backends\": \"none\", \"rejected\": 3}",
                "{\"backends\": [], \"asked\": {\"deep\": 1}, \"error\": null}"
            })
    void whatIsMissingOrOfAnotherShapeIsEmpty(String json) {
        BackendReport report = read(json);
        assertThat(report.rows()).isEmpty();
        assertThat(report.rejected()).isEmpty();
        assertThat(report.asked() + report.error()).isEmpty();
    }

    @Test
    void aRowMayLackEverything() {
        BackendReport.Row row = read("{\"backends\": [{}, 7, null]}").rows().getFirst();
        assertThat(row.name() + row.version() + row.reason() + row.summary()).isEmpty();
        assertThat(row.state()).isEqualTo("UNAVAILABLE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "3", "{"})
    void whatIsNoReportSaysSo(String json) {
        assertThat(read(json).error()).startsWith("the report cannot be read (");
    }

    private static BackendReport read(String json) {
        return BackendReport.read(List.of("serve on host:1"), json, JsonMapper.shared());
    }
}
