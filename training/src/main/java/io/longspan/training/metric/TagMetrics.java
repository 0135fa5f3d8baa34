package io.longspan.training.metric;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Accuracy and F1 of tags. Where every tag is O or begins with B- or I-, F1 counts whole names, as
 * the script of CoNLL does: a name is right when its first token, its last token and its kind are;
 * an I- that continues nothing begins a name. Otherwise F1 counts tags. Macro is the mean over the
 * kinds that occur in truths or answers, micro counts all together.
 */
public final class TagMetrics {
    private record Name(String kind, long first, long last) {}

    private static final class Count {
        private long hits;
        private long either;

        double f1() {
            return either == 0 ? 0 : 2.0 * hits / either;
        }
    }

    private final List<String> names;
    private final boolean begins;
    private final Map<String, Count> counts = new TreeMap<>();
    private final Count all = new Count();
    private long tokens;
    private long right;

    /**
     * A fresh measurement.
     *
     * @param names of the tags in order
     */
    public TagMetrics(List<String> names) {
        this.names = List.copyOf(names);
        begins =
                names.stream()
                                .allMatch(n ->
                                        n.equals("O") || n.startsWith("B-") || n.startsWith("I-"))
                        && names.stream().anyMatch(n -> n.startsWith("B-"));
    }

    /**
     * Counts one sequence.
     *
     * @param truth tags of its tokens
     * @param answer as many tags
     */
    public void add(int[] truth, int[] answer) {
        for (int t = 0; t < truth.length; t++) {
            tokens++;
            right += truth[t] == answer[t] ? 1 : 0;
        }
        Set<Name> wanted = begins ? whole(truth) : single(truth);
        Set<Name> said = begins ? whole(answer) : single(answer);
        wanted.forEach(name -> of(name).either++);
        for (Name name : said) {
            of(name).either++;
            if (wanted.contains(name)) {
                of(name).hits++;
                all.hits++;
            }
        }
        all.either += wanted.size() + said.size();
    }

    /** The numbers by name. */
    public NavigableMap<String, Double> measured() {
        NavigableMap<String, Double> measured = new TreeMap<>();
        measured.put(Evaluation.ACCURACY, (double) right / tokens);
        measured.put(Evaluation.MICRO_F1, all.f1());
        measured.put(
                Evaluation.MACRO_F1,
                counts.values().stream().mapToDouble(Count::f1).average().orElse(0));
        return measured;
    }

    private Count of(Name name) {
        return counts.computeIfAbsent(name.kind(), kind -> new Count());
    }

    private Set<Name> single(int[] tags) {
        Set<Name> found = new HashSet<>();
        for (int t = 0; t < tags.length; t++) {
            found.add(new Name(names.get(tags[t]), t, t));
        }
        return found;
    }

    private Set<Name> whole(int[] tags) {
        Set<Name> found = new HashSet<>();
        String open = "";
        int first = 0;
        for (int t = 0; t <= tags.length; t++) {
            String tag = t < tags.length ? names.get(tags[t]) : "O";
            String kind = tag.equals("O") ? "" : tag.substring(2);
            boolean goesOn = !open.isEmpty() && tag.startsWith("I-") && kind.equals(open);
            if (!goesOn) {
                if (!open.isEmpty()) {
                    found.add(new Name(open, first, t - 1));
                }
                open = kind;
                first = t;
            }
        }
        return found;
    }
}
