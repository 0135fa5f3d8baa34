package io.longspan.admin.people;

import io.longspan.store.Store;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Who did what. */
@Controller
class AuditPage {
    private static final int ROWS = 100;

    private final Store store;

    AuditPage(Store store) {
        this.store = store;
    }

    @GetMapping("/audit")
    String list(
            @RequestParam Optional<String> actor,
            @RequestParam Optional<String> action,
            @RequestParam Optional<Long> before,
            Model model) {
        model.addAttribute(
                "slice",
                store.auditSearch()
                        .page(
                                actor.filter(a -> !a.isBlank()),
                                action.filter(a -> !a.isBlank()),
                                before,
                                ROWS));
        model.addAttribute("json", "/api/v1/audit");
        return "longspan/audit";
    }
}
