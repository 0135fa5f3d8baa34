package io.longspan.admin.work;

import io.longspan.admin.page.Deeds;
import io.longspan.admin.page.Missing;
import io.longspan.store.Store;
import io.longspan.store.work.WorkRow;
import java.util.Map;
import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Stops and restarts requests for work. */
@Controller
class WorkActions {
    private final Store store;
    private final Deeds deeds;

    WorkActions(Store store, Deeds deeds) {
        this.store = store;
        this.deeds = deeds;
    }

    @PostMapping("/work/{id}/stop")
    String stop(
            @PathVariable long id,
            @RequestParam Optional<Long> run,
            @RequestParam(defaultValue = "") String back,
            Authentication user,
            RedirectAttributes next) {
        boolean done =
                deeds.change(
                        user,
                        "work.stop",
                        "work_request " + id,
                        detail(id),
                        () -> store.work().requestStop(id));
        next.addFlashAttribute(
                "notice",
                done
                        ? "Request " + id + " is asked to stop."
                        : "Request " + id + " has ended already; there is nothing to stop.");
        return back(id, run, back, next);
    }

    @PostMapping("/work/{id}/restart")
    String restart(
            @PathVariable long id,
            @RequestParam Optional<Long> run,
            @RequestParam(defaultValue = "") String back,
            Authentication user,
            RedirectAttributes next) {
        boolean done =
                deeds.change(
                        user,
                        "work.restart",
                        "work_request " + id,
                        detail(id),
                        () -> store.work().restart(id));
        next.addFlashAttribute(
                "notice",
                done
                        ? "Request " + id + " is queued again and goes on where it ended."
                        : "Request "
                                + id
                                + " has neither failed nor been stopped; it cannot be restarted.");
        return back(id, run, back, next);
    }

    private Map<String, String> detail(long id) {
        WorkRow request =
                store.work()
                        .find(id)
                        .orElseThrow(
                                () -> new Missing("Request " + id + " does not exist; see Jobs."));
        return Map.of("title", request.title(), "was", request.stateForPeople());
    }

    /** Where the reader came from, as one of three words: an address would lead anywhere. */
    private static String back(long id, Optional<Long> run, String back, RedirectAttributes next) {
        return switch (back) {
            case "job" -> "redirect:/jobs/" + id;
            case "jobs" -> "redirect:/jobs";
            default -> {
                run.ifPresent(key -> next.addAttribute("run", key));
                yield "redirect:/#work";
            }
        };
    }
}
