package io.longspan.admin.backends;

import io.longspan.admin.overview.BackendReport;
import io.longspan.admin.overview.OverviewReader;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The reports as JSON. */
@RestController
class BackendsApi {
    private final OverviewReader reader;

    BackendsApi(OverviewReader reader) {
        this.reader = reader;
    }

    @GetMapping("/api/v1/backends")
    List<BackendReport> backends() {
        return reader.backends();
    }
}
