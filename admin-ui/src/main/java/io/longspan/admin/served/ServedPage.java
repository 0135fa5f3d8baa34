package io.longspan.admin.served;

import io.grpc.StatusRuntimeException;
import io.longspan.admin.page.Deeds;
import io.longspan.admin.page.Refused;
import io.longspan.admin.servers.Servers;
import io.longspan.api.LongspanClient;
import io.longspan.store.Store;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What servers hold, with the forms that change it. Who asked stands in the audit. */
@Controller
class ServedPage {
    /** A checkpoint of gigabytes is read and run once before the server answers. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final String BACK = "redirect:/models/served";

    private final Servers servers;
    private final Holdings holdings;
    private final Store store;
    private final Deeds deeds;

    ServedPage(Servers servers, Holdings holdings, Store store, Deeds deeds) {
        this.servers = servers;
        this.holdings = holdings;
        this.store = store;
        this.deeds = deeds;
    }

    @GetMapping("/models/served")
    String page(
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String version,
            @RequestParam(defaultValue = "") String folder,
            Model page) {
        page.addAttribute("holdings", holdings.all());
        page.addAttribute("registered", store.models().list());
        page.addAttribute("name", name);
        page.addAttribute("version", version);
        page.addAttribute("folder", folder);
        page.addAttribute("json", "/api/v1/served");
        return "longspan/served";
    }

    @PostMapping("/models/served/load")
    String load(
            @RequestParam String target,
            @RequestParam String name,
            @RequestParam(defaultValue = "") String version,
            @RequestParam String folder,
            @RequestParam(defaultValue = "false") boolean keep,
            Authentication user,
            RedirectAttributes next) {
        String called = needed("name", name);
        String from = needed("folder", folder);
        return act(
                new Act(
                        target,
                        "model.load",
                        "model " + called,
                        Map.of("server", target, "version", version, "folder", from, "keep", keep),
                        "'" + called + "' is loaded and served."),
                user,
                next,
                client -> client.load(called, version.strip(), from, keep));
    }

    @PostMapping("/models/served/unload")
    String unload(
            @RequestParam String target,
            @RequestParam String name,
            @RequestParam String version,
            Authentication user,
            RedirectAttributes next) {
        return act(
                new Act(
                        target,
                        "model.unload",
                        "model " + name + " " + version,
                        Map.of("server", target),
                        "'" + name + "' " + version + " is closed."),
                user,
                next,
                client -> client.unload(needed("name", name), needed("version", version)));
    }

    /** Of an alias and of a model's own name. */
    @PostMapping("/models/served/point")
    String point(
            @RequestParam String target,
            @RequestParam String alias,
            @RequestParam String name,
            @RequestParam String version,
            Authentication user,
            RedirectAttributes next) {
        String called = needed("alias", alias);
        return act(
                new Act(
                        target,
                        "alias.set",
                        "alias " + called,
                        Map.of("server", target, "name", name, "version", version),
                        "'" + called + "' is '" + name + "' " + version + " from now on."),
                user,
                next,
                client -> client.setAlias(called, needed("name", name), version.strip()));
    }

    @PostMapping("/models/served/forget")
    String forget(
            @RequestParam String target,
            @RequestParam String alias,
            Authentication user,
            RedirectAttributes next) {
        return act(
                new Act(
                        target,
                        "alias.delete",
                        "alias " + alias,
                        Map.of("server", target),
                        "'" + alias + "' is no name any more."),
                user,
                next,
                client -> client.deleteAlias(needed("alias", alias)));
    }

    /**
     * What is done to a server.
     *
     * @param done what to say when it is
     */
    private record Act(
            String target, String action, String subject, Map<String, ?> detail, String done) {}

    private String act(
            Act act, Authentication user, RedirectAttributes next, Consumer<LongspanClient> call) {
        try (LongspanClient client = servers.connect(act.target()).withDeadline(PATIENCE)) {
            deeds.elsewhere(
                    user, act.action(), act.subject(), act.detail(), () -> call.accept(client));
        } catch (StatusRuntimeException e) {
            throw new Refused(
                    "Server '" + act.target() + "' answered " + Holdings.sentence(e) + ".");
        }
        next.addFlashAttribute("notice", act.done());
        return BACK;
    }

    private static String needed(String field, String value) {
        String given = value.strip();
        if (given.isEmpty()) {
            throw new Refused("The " + field + " is empty; fill it in.");
        }
        return given;
    }
}
