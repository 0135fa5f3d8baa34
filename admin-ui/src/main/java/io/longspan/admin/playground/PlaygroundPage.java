package io.longspan.admin.playground;

import io.grpc.StatusRuntimeException;
import io.longspan.admin.page.Refused;
import io.longspan.admin.servers.Servers;
import io.longspan.api.LongspanClient;
import io.longspan.store.Store;
import io.longspan.store.model.ModelRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The form, and the answer below it. Texts are sent to the server that was chosen and kept nowhere.
 */
@Controller
class PlaygroundPage {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Servers servers;
    private final Store store;

    PlaygroundPage(Servers servers, Store store) {
        this.servers = servers;
        this.store = store;
    }

    @GetMapping("/playground")
    String form(
            @RequestParam(defaultValue = "") String model,
            @RequestParam(defaultValue = "FILL_MASK") Question.Task task,
            Model page) {
        return show(
                new Question(task, model, "", "", 0, 0, 0),
                servers.addresses().stream().findFirst().orElse(""),
                page);
    }

    @PostMapping("/playground")
    String ask(
            @RequestParam(defaultValue = "") String target,
            @RequestParam(defaultValue = "") String model,
            @RequestParam Question.Task task,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String second,
            @RequestParam(defaultValue = "0") int layer,
            @RequestParam(defaultValue = "0") int head,
            @RequestParam Optional<Integer> token,
            Model page) {
        Question question =
                new Question(
                        // A token that was chosen among those shown is one that looks.
                        task == Question.Task.TOKENS && token.isPresent()
                                ? Question.Task.ATTENTION
                                : task,
                        model.strip(),
                        text.replace("\r\n", "\n"),
                        second,
                        layer,
                        head,
                        token.orElse(0));
        try (LongspanClient client = servers.connect(target).withDeadline(PATIENCE)) {
            page.addAttribute("outcome", new Asking(client, question).ask());
        } catch (Refused e) {
            page.addAttribute("problem", e.getMessage());
        } catch (StatusRuntimeException e) {
            page.addAttribute(
                    "problem",
                    e.getStatus().getCode()
                            + ": "
                            + String.valueOf(e.getStatus().getDescription()));
        }
        return show(question, target, page);
    }

    private String show(Question question, String target, Model page) {
        page.addAttribute("question", question);
        page.addAttribute("target", target);
        page.addAttribute("targets", servers.addresses());
        page.addAttribute("tasks", List.of(Question.Task.values()));
        page.addAttribute(
                "names", store.models().list().stream().map(ModelRow::name).distinct().toList());
        return "longspan/playground";
    }
}
