package io.longspan.admin.corpora;

import io.longspan.admin.page.Missing;
import io.longspan.store.Slice;
import io.longspan.store.Store;
import io.longspan.store.dataset.DataSetRow;
import io.longspan.store.model.ModelRow;
import io.longspan.store.run.RunRow;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.ObjectMapper;

/** The list of data sets, and one of them with its statistics and its lineage. */
@Controller
class CorporaPage {
    private static final int ROWS = 50;
    private static final int RELATIVES = 50;

    private final Store store;
    private final ObjectMapper mapper;

    CorporaPage(Store store, ObjectMapper mapper) {
        this.store = store;
        this.mapper = mapper;
    }

    @GetMapping("/corpora")
    String list(@RequestParam Optional<Long> before, Model model) {
        Slice<DataSetRow> slice = store.dataSets().page(before, ROWS);
        model.addAttribute("sets", slice.rows());
        model.addAttribute("next", slice.next());
        model.addAttribute("json", "/api/v1/data-sets");
        return "longspan/corpora";
    }

    @GetMapping("/corpora/{id}")
    String one(@PathVariable long id, Model model) {
        DataSetRow set =
                store.dataSets()
                        .find(id)
                        .orElseThrow(() ->
                                new Missing(
                                        "Data set "
                                                + id
                                                + " does not exist; Corpora lists those that do."));
        List<RunRow> runs = store.runSearch().ofDataSet(set.folder(), RELATIVES);
        Set<Long> keys = runs.stream().map(RunRow::id).collect(Collectors.toSet());
        List<ModelRow> models =
                store.models().list().stream()
                        .filter(m -> m.runId().isPresent() && keys.contains(m.runId().getAsLong()))
                        .toList();
        model.addAttribute("set", set);
        model.addAttribute(
                "manifest", set.manifest().map(m -> ManifestView.read(m, mapper)).orElse(null));
        model.addAttribute("lengths", set.manifest().isPresent() ? Lengths.of(set.folder()) : null);
        model.addAttribute("requests", store.workSearch().ofDataSet(set.folder(), RELATIVES));
        model.addAttribute("runs", runs);
        model.addAttribute("models", models);
        model.addAttribute("json", "/api/v1/data-sets/" + id);
        return "longspan/corpus";
    }
}
