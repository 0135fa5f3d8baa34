package io.longspan.admin.people;

import io.longspan.admin.access.Passwords;
import io.longspan.admin.page.Deeds;
import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import io.longspan.store.user.ConsoleUser;
import java.util.Map;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** One's own password. */
@Controller
class AccountPage {
    private final Store store;
    private final Deeds deeds;

    AccountPage(Store store, Deeds deeds) {
        this.store = store;
        this.deeds = deeds;
    }

    @GetMapping("/account")
    String page() {
        return "longspan/account";
    }

    @PostMapping("/account/password")
    String password(
            @RequestParam String current, @RequestParam String password, Authentication user) {
        ConsoleUser known = store.users().find(user.getName()).orElseThrow();
        if (!Passwords.matches(current, known.passwordHash())) {
            throw new Refused("The present password is another one; nothing was changed.");
        }
        String hash = Passwords.hash(password);
        deeds.change(
                user,
                "account.password",
                "user " + user.getName(),
                Map.of(),
                () -> {
                    boolean done = store.userAdmin().password(user.getName(), hash);
                    store.userAdmin().endSessions(user.getName());
                    return done;
                });
        return "redirect:/login?logout";
    }
}
