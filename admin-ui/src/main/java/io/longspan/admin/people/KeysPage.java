package io.longspan.admin.people;

import io.longspan.admin.page.Deeds;
import io.longspan.admin.page.Missing;
import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import io.longspan.store.key.ApiKeyRow;
import io.longspan.store.key.ApiKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Keys: made, shown once, revoked. */
@Controller
class KeysPage {
    private static final int ROWS = 500;
    private static final int LONGEST_NAME = 100;
    private static final int MOST_DAYS = 3650;

    private final Store store;
    private final Deeds deeds;
    private final InstantSource clock;

    KeysPage(Store store, Deeds deeds, InstantSource consoleClock) {
        this.store = store;
        this.deeds = deeds;
        this.clock = consoleClock;
    }

    /**
     * A key and its state at this moment.
     *
     * @param row as stored
     * @param state ACTIVE, EXPIRED or REVOKED
     */
    record Shown(ApiKeyRow row, String state) {}

    @GetMapping("/keys")
    String list(Model model) {
        Instant now = clock.instant();
        model.addAttribute(
                "keys",
                store.apiKeys().list(ROWS).stream().map(k -> new Shown(k, k.state(now))).toList());
        model.addAttribute("scopes", List.copyOf(ApiKeys.SCOPES));
        model.addAttribute("json", "/api/v1/keys");
        return "longspan/keys";
    }

    /** The answer is the page itself: the secret never stands in a session or an address. */
    @PostMapping("/keys")
    String create(
            @RequestParam String name,
            @RequestParam(defaultValue = "") Set<String> scope,
            @RequestParam Optional<Integer> days,
            Authentication user,
            Model model) {
        String called = name.strip();
        if (called.isEmpty() || called.length() > LONGEST_NAME) {
            throw new Refused(
                    "The name has "
                            + called.length()
                            + " characters; it must have 1 to "
                            + LONGEST_NAME
                            + ".");
        }
        if (days.filter(d -> d < 1 || d > MOST_DAYS).isPresent()) {
            throw new Refused(
                    "The key would live "
                            + days.get()
                            + " days; it must be 1 to "
                            + MOST_DAYS
                            + ", or nothing for ever.");
        }
        ApiKeys.Made made;
        try {
            made =
                    deeds.make(
                            user,
                            "key.create",
                            "",
                            Map.of("name", called, "scopes", scope),
                            () ->
                                    store.apiKeys()
                                            .create(
                                                    called,
                                                    scope,
                                                    days.map(d ->
                                                            clock.instant()
                                                                    .plus(Duration.ofDays(d))),
                                                    user.getName()));
        } catch (IllegalArgumentException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
        model.addAttribute("secret", made.secret());
        model.addAttribute("madeName", called);
        return list(model);
    }

    @PostMapping("/keys/{id}/revoke")
    String revoke(@PathVariable long id, Authentication user, RedirectAttributes next) {
        ApiKeyRow row =
                store.apiKeys()
                        .find(id)
                        .orElseThrow(() -> new Missing("Key " + id + " does not exist."));
        boolean done =
                deeds.change(
                        user,
                        "key.revoke",
                        "api_key " + row.prefix(),
                        Map.of("name", row.name()),
                        () -> store.apiKeys().revoke(id, user.getName()));
        next.addFlashAttribute(
                "notice",
                done
                        ? "Key '" + row.name() + "' is revoked."
                        : "Key '" + row.name() + "' was revoked before.");
        return "redirect:/keys";
    }
}
