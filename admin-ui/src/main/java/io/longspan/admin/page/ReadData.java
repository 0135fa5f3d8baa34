package io.longspan.admin.page;

import io.longspan.store.Store;
import io.longspan.store.dataset.DataSetRow;
import io.longspan.store.run.RunData;
import io.longspan.store.run.RunRow;
import java.util.List;
import java.util.Optional;

/**
 * Data that a run read, for pages of lineage.
 *
 * @param read folder or file, as the run knows it
 * @param set the data set of that folder, where it is known
 */
public record ReadData(RunData read, Optional<DataSetRow> set) {
    /** All that a run read, in the order of its settings. */
    public static List<ReadData> of(Store store, RunRow run) {
        return store.runs().origin(run).data().stream()
                .map(data -> new ReadData(data, store.dataSets().find(data.folder())))
                .toList();
    }
}
