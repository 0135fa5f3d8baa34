package io.longspan.admin.overview;

import io.longspan.store.work.WorkRow;
import io.longspan.store.work.WorkState;
import java.util.Comparator;
import java.util.List;

/**
 * Requests for work, by what can be done about them.
 *
 * @param running a worker has them, the oldest first
 * @param waiting nobody has them yet, the one that is next first
 * @param ended the ones that ended last, the latest first
 */
public record WorkBoard(List<WorkRow> running, List<WorkRow> waiting, List<WorkRow> ended) {
    /** Sorts requests; of those that ended only the last {@code mostEnded} are kept. */
    static WorkBoard of(List<WorkRow> requests, int mostEnded) {
        Comparator<WorkRow> oldestFirst = Comparator.comparingLong(WorkRow::id);
        return new WorkBoard(
                in(WorkState.RUNNING, requests, oldestFirst),
                in(WorkState.QUEUED, requests, oldestFirst),
                requests.stream()
                        .filter(r -> r.state().ended())
                        .sorted(
                                Comparator.comparing(
                                                (WorkRow r) -> r.endedAt().orElse(r.createdAt()))
                                        .reversed())
                        .limit(mostEnded)
                        .toList());
    }

    /** Whether nobody has ever asked for anything. */
    public boolean empty() {
        return running.isEmpty() && waiting.isEmpty() && ended.isEmpty();
    }

    private static List<WorkRow> in(
            WorkState state, List<WorkRow> requests, Comparator<WorkRow> order) {
        return requests.stream().filter(r -> r.state() == state).sorted(order).toList();
    }
}
