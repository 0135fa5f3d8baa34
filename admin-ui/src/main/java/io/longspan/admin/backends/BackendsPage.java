package io.longspan.admin.backends;

import io.longspan.admin.overview.BackendReport;
import io.longspan.admin.overview.OverviewReader;
import io.longspan.admin.page.Missing;
import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import io.longspan.store.model.ModelRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.ObjectMapper;

/** The reports of processes that live, and the viewer of patterns. */
@Controller
class BackendsPage {
    private static final int MOST_TOKENS = 128;
    private static final int LARGEST_CONFIG = 1 << 20;
    private static final String EXAMPLE =
            "{\"num_hidden_layers\": 2, \"num_attention_heads\": 2, \"attention_window\": 16, \"causal\": false,\n"
                    + " \"attention_dilation_per_head\": [[1, 1], [1, 2]]}";

    private final Store store;
    private final OverviewReader reader;
    private final BackendChecks checks;
    private final ObjectMapper mapper;

    BackendsPage(Store store, OverviewReader reader, BackendChecks checks, ObjectMapper mapper) {
        this.store = store;
        this.reader = reader;
        this.checks = checks;
        this.mapper = mapper;
    }

    @GetMapping("/backends")
    String reports(Model model) {
        List<BackendReport> reports = reader.backends();
        model.addAttribute("reports", reports);
        model.addAttribute("testable", checks.possible());
        model.addAttribute("running", checks.running().orElse(null));
        model.addAttribute("kept", checks.kept());
        model.addAttribute("json", "/api/v1/backends");
        return "longspan/backends";
    }

    @GetMapping("/backends/pattern")
    String pattern(
            @RequestParam Optional<String> model,
            @RequestParam Optional<String> config,
            @RequestParam(defaultValue = "0") int layer,
            @RequestParam(defaultValue = "0") int head,
            @RequestParam(defaultValue = "64") int tokens,
            @RequestParam Optional<String> globals,
            Model page) {
        String text =
                model.filter(m -> !m.isBlank())
                        .map(this::stored)
                        .or(() -> config.filter(c -> !c.isBlank()))
                        .orElse(EXAMPLE);
        Pattern pattern = Pattern.parse(text, mapper);
        int heads = pattern.layers().getFirst().size();
        within("layer", layer, pattern.layers().size());
        within("head", head, heads);
        if (tokens < 2 || tokens > MOST_TOKENS) {
            throw new Refused("'tokens' is " + tokens + "; it must be 2 to " + MOST_TOKENS + ".");
        }
        page.addAttribute("pattern", pattern);
        page.addAttribute("config", text);
        page.addAttribute("layer", layer);
        page.addAttribute("head", head);
        page.addAttribute("heads", heads);
        page.addAttribute("tokens", tokens);
        page.addAttribute("globals", globals.orElse("0"));
        page.addAttribute("seen", pattern.layers().get(layer).get(head));
        page.addAttribute("fields", pattern.fields());
        page.addAttribute("svg", pattern.svg(layer, head, tokens, positions(globals.orElse("0"))));
        page.addAttribute("models", store.models().list());
        return "longspan/pattern";
    }

    private static void within(String name, int value, int count) {
        if (value < 0 || value >= count) {
            throw new Refused(
                    "'"
                            + name
                            + "' is "
                            + value
                            + "; this configuration has 0 to "
                            + (count - 1)
                            + ".");
        }
    }

    private static List<Integer> positions(String text) {
        try {
            return Stream.of(text.split("[, ]+", -1))
                    .filter(p -> !p.isBlank())
                    .limit(MOST_TOKENS)
                    .map(Integer::valueOf)
                    .toList();
        } catch (NumberFormatException e) {
            throw new Refused("'globals' is '" + text + "'; it must be positions such as 0, 5.");
        }
    }

    private String stored(String nameAndVersion) {
        int cut = nameAndVersion.lastIndexOf('@');
        ModelRow row =
                (cut < 0
                                ? store.models().newest(nameAndVersion)
                                : store.models()
                                        .find(
                                                nameAndVersion.substring(0, cut),
                                                nameAndVersion.substring(cut + 1)))
                        .orElseThrow(() ->
                                new Missing(
                                        "Model '"
                                                + nameAndVersion
                                                + "' is not registered; see Models."));
        Path file = Path.of(row.folder(), "config.json");
        try {
            if (Files.size(file) > LARGEST_CONFIG) {
                throw new Refused(
                        "'" + file + "' is larger than a configuration; check the folder.");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new Missing(
                    "'"
                            + file
                            + "' cannot be read on the console's machine; paste the configuration instead.");
        }
    }
}
