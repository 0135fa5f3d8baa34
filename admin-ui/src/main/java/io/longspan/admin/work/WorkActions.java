package io.longspan.admin.work;

import io.longspan.store.Store;
import io.longspan.store.work.WorkRow;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.ObjectMapper;

/** Stops and restarts requests for work. A deed and its line in the audit are stored together. */
@Controller
class WorkActions {
    private final Store store;
    private final ObjectMapper mapper;
    private final TransactionTemplate together;

    WorkActions(Store store, ObjectMapper mapper) {
        this.store = store;
        this.mapper = mapper;
        together = new TransactionTemplate(new JdbcTransactionManager(store.dataSource()));
    }

    @PostMapping("/work/{id}/stop")
    String stop(
            @PathVariable long id,
            @RequestParam Optional<Long> run,
            Authentication user,
            RedirectAttributes next) {
        boolean done = change(id, "work.stop", user, () -> store.work().requestStop(id));
        next.addFlashAttribute(
                "notice",
                done
                        ? "Request " + id + " is asked to stop."
                        : "Request " + id + " has ended already; there is nothing to stop.");
        return back(run, next);
    }

    @PostMapping("/work/{id}/restart")
    String restart(
            @PathVariable long id,
            @RequestParam Optional<Long> run,
            Authentication user,
            RedirectAttributes next) {
        boolean done = change(id, "work.restart", user, () -> store.work().restart(id));
        next.addFlashAttribute(
                "notice",
                done
                        ? "Request " + id + " is queued again and goes on where it ended."
                        : "Request "
                                + id
                                + " has neither failed nor been stopped; it cannot be restarted.");
        return back(run, next);
    }

    private boolean change(long id, String action, Authentication user, Deed deed) {
        WorkRow request =
                store.work()
                        .find(id)
                        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        String detail =
                mapper.writeValueAsString(
                        Map.of("title", request.title(), "was", request.stateForPeople()));
        return Boolean.TRUE.equals(
                together.execute(status -> {
                    boolean done = deed.done();
                    if (done) {
                        store.audit()
                                .add(
                                        user.getName(),
                                        action,
                                        "work_request " + id,
                                        Optional.of(detail));
                    }
                    return done;
                }));
    }

    private static String back(Optional<Long> run, RedirectAttributes next) {
        run.ifPresent(id -> next.addAttribute("run", id));
        return "redirect:/#work";
    }

    /** What is done to a request. */
    private interface Deed {
        boolean done();
    }
}
