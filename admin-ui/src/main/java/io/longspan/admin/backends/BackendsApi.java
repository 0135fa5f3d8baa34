package io.longspan.admin.backends;

import io.longspan.admin.overview.BackendReport;
import io.longspan.admin.overview.OverviewReader;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The reports as JSON. */
@RestController
class BackendsApi {
    private final OverviewReader reader;
    private final BackendChecks checks;

    BackendsApi(OverviewReader reader, BackendChecks checks) {
        this.reader = reader;
        this.checks = checks;
    }

    @GetMapping("/api/v1/backends")
    List<BackendReport> backends() {
        return reader.backends();
    }

    /** The latest tests, the newest first; one that runs stands before them. */
    @GetMapping("/api/v1/backends/checks")
    List<BackendCheck> checks() {
        return Stream.concat(checks.running().stream(), checks.kept().stream()).toList();
    }
}
