package io.longspan.admin.backends;

import io.longspan.admin.page.Deeds;
import java.util.Map;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Begins a test of the backends. */
@Controller
class BackendCheckPage {
    private final BackendChecks checks;
    private final Deeds deeds;

    BackendCheckPage(BackendChecks checks, Deeds deeds) {
        this.checks = checks;
        this.deeds = deeds;
    }

    @PostMapping("/backends/check")
    String check(Authentication user, RedirectAttributes next) {
        deeds.elsewhere(
                user, "backends.check", "backends", Map.of(), () -> checks.start(user.getName()));
        next.addFlashAttribute(
                "notice", "The backends of this console's machine are tested; it takes seconds.");
        return "redirect:/backends";
    }
}
