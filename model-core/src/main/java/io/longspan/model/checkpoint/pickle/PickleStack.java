package io.longspan.model.checkpoint.pickle;

import io.longspan.model.ModelInputException;
import java.util.ArrayList;
import java.util.List;

/** The machine's stack, with marks between groups of values. */
final class PickleStack {
    private final List<Object> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    void push(Object value) {
        values.add(value);
    }

    void mark() {
        marks.add(values.size());
    }

    Object pop() {
        require(1);
        return values.removeLast();
    }

    Object peek() {
        require(1);
        return values.getLast();
    }

    /** The topmost values in the order in which they were pushed. */
    List<Object> pop(int count) {
        require(count);
        return cut(values.size() - count);
    }

    /** Everything above the last mark, which goes too. */
    List<Object> popToMark() {
        if (marks.isEmpty()) {
            throw damaged();
        }
        return cut(marks.removeLast());
    }

    boolean isEmpty() {
        return values.isEmpty() && marks.isEmpty();
    }

    private List<Object> cut(int from) {
        List<Object> top = values.subList(from, values.size());
        List<Object> group = List.copyOf(top);
        top.clear();
        return group;
    }

    private void require(int count) {
        int floor = marks.isEmpty() ? 0 : marks.getLast();
        if (values.size() - floor < count) {
            throw damaged();
        }
    }

    private static ModelInputException damaged() {
        return new ModelInputException(
                "the file's list of tensors takes a value that is not there; it is damaged, so get"
                        + " it again");
    }
}
