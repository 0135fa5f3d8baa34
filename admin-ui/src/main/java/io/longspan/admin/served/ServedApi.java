package io.longspan.admin.served;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What servers hold, as JSON. */
@RestController
class ServedApi {
    private final Holdings holdings;

    ServedApi(Holdings holdings) {
        this.holdings = holdings;
    }

    @GetMapping("/api/v1/served")
    List<Holding> served() {
        return holdings.all();
    }
}
