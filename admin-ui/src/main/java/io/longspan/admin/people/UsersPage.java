package io.longspan.admin.people;

import io.longspan.admin.access.Passwords;
import io.longspan.admin.page.Deeds;
import io.longspan.admin.page.Missing;
import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import io.longspan.store.user.ConsoleUser;
import io.longspan.store.user.UserRow;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * People who may log in. A change of a role, a password or the right to log in ends their sessions.
 */
@Controller
class UsersPage {
    private static final List<String> ROLES = List.of("VIEWER", "OPERATOR", "ADMIN");
    private static final String LIST = "redirect:/users";

    private final Store store;
    private final Deeds deeds;

    UsersPage(Store store, Deeds deeds) {
        this.store = store;
        this.deeds = deeds;
    }

    @GetMapping("/users")
    String list(Model model) {
        model.addAttribute("users", store.userAdmin().list());
        model.addAttribute("allRoles", ROLES);
        model.addAttribute("json", "/api/v1/users");
        return "longspan/users";
    }

    @PostMapping("/users")
    String create(
            @RequestParam String name,
            @RequestParam String password,
            @RequestParam String role,
            Authentication user,
            RedirectAttributes next) {
        String called = name.strip();
        if (!called.matches("[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")) {
            throw new Refused(
                    "The name is '"
                            + called
                            + "'; it must be 1 to 100 letters, digits, '.', '_', '@' and '-', the first a letter or digit.");
        }
        String hash = Passwords.hash(password);
        checkRole(role);
        boolean made =
                deeds.change(
                        user,
                        "user.create",
                        "user " + called,
                        Map.of("role", role),
                        () -> store.users().add(new ConsoleUser(called, hash, role)));
        next.addFlashAttribute(
                "notice",
                made
                        ? "User '" + called + "' is made."
                        : "There is a user '" + called + "' already; nothing was changed.");
        return LIST;
    }

    @PostMapping("/users/{name}/role")
    String role(
            @PathVariable String name,
            @RequestParam String role,
            Authentication user,
            RedirectAttributes next) {
        checkRole(role);
        keepOneAdministrator(find(name), !role.equals("ADMIN"));
        return change(
                name,
                "user.role",
                Map.of("role", role),
                user,
                next,
                () -> store.userAdmin().role(name, role));
    }

    @PostMapping("/users/{name}/password")
    String password(
            @PathVariable String name,
            @RequestParam String password,
            Authentication user,
            RedirectAttributes next) {
        String hash = Passwords.hash(password);
        return change(
                name,
                "user.password",
                Map.of(),
                user,
                next,
                () -> store.userAdmin().password(name, hash));
    }

    @PostMapping("/users/{name}/disable")
    String disable(@PathVariable String name, Authentication user, RedirectAttributes next) {
        keepOneAdministrator(find(name), true);
        return change(
                name,
                "user.disable",
                Map.of(),
                user,
                next,
                () -> store.userAdmin().disabled(name, true));
    }

    @PostMapping("/users/{name}/enable")
    String enable(@PathVariable String name, Authentication user, RedirectAttributes next) {
        return change(
                name,
                "user.enable",
                Map.of(),
                user,
                next,
                () -> store.userAdmin().disabled(name, false));
    }

    private String change(
            String name,
            String action,
            Map<String, String> detail,
            Authentication user,
            RedirectAttributes next,
            BooleanSupplier deed) {
        find(name);
        deeds.change(
                user,
                action,
                "user " + name,
                detail,
                () -> {
                    boolean done = deed.getAsBoolean();
                    store.userAdmin().endSessions(name);
                    return done;
                });
        next.addFlashAttribute(
                "notice", "User '" + name + "' is changed; open sessions have ended.");
        return LIST;
    }

    private void keepOneAdministrator(UserRow row, boolean goes) {
        if (goes
                && row.role().equals("ADMIN")
                && !row.disabled()
                && store.userAdmin().administrators() <= 1) {
            throw new Refused(
                    "'"
                            + row.name()
                            + "' is the only administrator who can log in; make another one first.");
        }
    }

    private static void checkRole(String role) {
        if (!ROLES.contains(role)) {
            throw new Refused("The role is '" + role + "'; it must be one of " + ROLES + ".");
        }
    }

    private UserRow find(String name) {
        return store.userAdmin()
                .find(name)
                .orElseThrow(() -> new Missing("User '" + name + "' does not exist."));
    }
}
