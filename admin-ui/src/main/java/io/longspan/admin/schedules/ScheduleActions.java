package io.longspan.admin.schedules;

import io.longspan.admin.page.Deeds;
import io.longspan.admin.page.Missing;
import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import io.longspan.store.schedule.ScheduleRow;
import io.longspan.store.schedule.ScheduleRow.Missed;
import io.longspan.store.schedule.ScheduleRow.Overlap;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/** What is done to schedules. */
@Controller
class ScheduleActions {
    private static final int LONGEST_NAME = 100;
    private static final String LIST = "redirect:/schedules";

    private final Store store;
    private final Deeds deeds;
    private final ObjectMapper mapper;

    ScheduleActions(Store store, Deeds deeds, ObjectMapper mapper) {
        this.store = store;
        this.deeds = deeds;
        this.mapper = mapper;
    }

    @PostMapping("/schedules")
    String create(
            @RequestParam String name,
            @RequestParam String cron,
            @RequestParam String zone,
            @RequestParam Overlap overlap,
            @RequestParam Missed missed,
            @RequestParam String request,
            Authentication user,
            RedirectAttributes next) {
        String called = name.strip();
        if (!called.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || called.length() > LONGEST_NAME) {
            throw new Refused(
                    "The schedule's name is '"
                            + called
                            + "'; it must begin with a letter or digit and hold only those, '.', '_' and '-', at most "
                            + LONGEST_NAME
                            + ".");
        }
        checkRequest(request);
        try {
            boolean made =
                    deeds.change(
                            user,
                            "schedule.create",
                            "schedule " + called,
                            Map.of("cron", cron, "zone", zone),
                            () ->
                                    store.schedules()
                                            .create(
                                                    called,
                                                    cron.strip(),
                                                    zone.strip(),
                                                    overlap,
                                                    missed,
                                                    request,
                                                    user.getName()));
            next.addFlashAttribute(
                    "notice",
                    made
                            ? "Schedule '" + called + "' is made."
                            : "There is a schedule '" + called + "' already; nothing was changed.");
        } catch (IllegalArgumentException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
        return LIST;
    }

    private void checkRequest(String request) {
        try {
            if (mapper.readTree(request).isObject()) {
                return;
            }
        } catch (JacksonException e) {
            throw new Refused("The request is not valid JSON (" + e.getOriginalMessage() + ").");
        }
        throw new Refused("The request must be a JSON object: what an ingest is asked for with.");
    }

    @PostMapping("/schedules/{name}/pause")
    String pause(@PathVariable String name, Authentication user, RedirectAttributes next) {
        return simple(
                name,
                "schedule.pause",
                "is paused",
                user,
                next,
                () -> store.schedules().pause(name));
    }

    @PostMapping("/schedules/{name}/resume")
    String resume(@PathVariable String name, Authentication user, RedirectAttributes next) {
        return simple(
                name,
                "schedule.resume",
                "goes on",
                user,
                next,
                () -> store.schedules().resume(name));
    }

    @PostMapping("/schedules/{name}/delete")
    String delete(@PathVariable String name, Authentication user, RedirectAttributes next) {
        return simple(
                name,
                "schedule.delete",
                "is deleted",
                user,
                next,
                () -> store.schedules().delete(name));
    }

    private String simple(
            String name,
            String action,
            String what,
            Authentication user,
            RedirectAttributes next,
            java.util.function.BooleanSupplier deed) {
        find(name);
        deeds.change(user, action, "schedule " + name, Map.of(), deed);
        next.addFlashAttribute("notice", "Schedule '" + name + "' " + what + ".");
        return LIST;
    }

    @PostMapping("/schedules/{name}/run")
    String run(@PathVariable String name, Authentication user, RedirectAttributes next) {
        find(name);
        long id =
                deeds.make(
                        user,
                        "schedule.run",
                        "schedule " + name + ", work_request",
                        Map.of(),
                        () -> store.schedules().runNow(name).orElseThrow());
        next.addFlashAttribute("notice", "Request " + id + " is queued.");
        return "redirect:/jobs/" + id;
    }

    @PostMapping("/schedules/{name}/backfill")
    String backfill(
            @PathVariable String name,
            @RequestParam String from,
            @RequestParam String until,
            Authentication user,
            RedirectAttributes next) {
        ScheduleRow row = find(name);
        ZoneId zone = ZoneId.of(row.zone());
        Instant first = time(from, zone);
        Instant last = time(until, zone);
        if (last.isBefore(first)) {
            throw new Refused("'" + until + "' is before '" + from + "'; give the earlier first.");
        }
        List<Long> keys =
                deeds.make(
                        user,
                        "schedule.backfill",
                        "schedule " + name + ", work_requests",
                        Map.of("from", first.toString(), "until", last.toString()),
                        () -> store.schedules().backfill(name, first, last).orElseThrow());
        next.addFlashAttribute("notice", keys.size() + " requests are queued.");
        return LIST;
    }

    private static Instant time(String text, ZoneId zone) {
        try {
            return LocalDateTime.parse(text.strip().replace(' ', 'T')).atZone(zone).toInstant();
        } catch (DateTimeParseException e) {
            throw new Refused("The time '" + text + "' must be like 2026-11-25T04:30.");
        }
    }

    private ScheduleRow find(String name) {
        return store.schedules()
                .find(name)
                .orElseThrow(() -> new Missing("Schedule '" + name + "' does not exist."));
    }
}
