package io.longspan.admin.models;

import io.longspan.admin.page.Missing;
import io.longspan.admin.page.ReadData;
import io.longspan.store.Store;
import io.longspan.store.model.ModelRow;
import io.longspan.store.run.RunRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The list of models, and all versions of one. */
@Controller
class ModelsPage {
    private final Store store;

    ModelsPage(Store store) {
        this.store = store;
    }

    /**
     * A version with where it came from.
     *
     * @param row as registered
     * @param run that trained it
     * @param data that the run read
     */
    record Version(ModelRow row, Optional<RunRow> run, List<ReadData> data) {}

    @GetMapping("/models")
    String list(Model page) {
        Map<String, List<ModelRow>> byName =
                store.models().list().stream()
                        .collect(
                                Collectors.groupingBy(
                                        ModelRow::name, LinkedHashMap::new, Collectors.toList()));
        page.addAttribute("models", byName);
        page.addAttribute("json", "/api/v1/models");
        return "longspan/models";
    }

    @GetMapping("/models/{name}")
    String one(@PathVariable String name, Model page) {
        List<Version> versions =
                store.models().list().stream()
                        .filter(m -> m.name().equals(name))
                        .map(this::version)
                        .toList();
        if (versions.isEmpty()) {
            throw new Missing(
                    "Model '" + name + "' is not registered; Models lists those that are.");
        }
        page.addAttribute("name", name);
        page.addAttribute("versions", versions);
        page.addAttribute("json", "/api/v1/models");
        return "longspan/model";
    }

    private Version version(ModelRow row) {
        Optional<RunRow> run = store.runSearch().of(row.runId());
        return new Version(row, run, run.map(r -> ReadData.of(store, r)).orElse(List.of()));
    }
}
