package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.Manifest;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** What makes one request another: two that agree in all of it build the same data set. */
final class Identity {
    static final String SOURCE = "source";

    private Identity() {}

    /** Of a request; the folders of its sources included. */
    static SortedMap<String, String> of(IngestRequest request, String tokenizerDigest) {
        SortedMap<String, String> found = ofContent(request, tokenizerDigest);
        found.put(
                SOURCE, String.join("\n", request.sources().stream().map(Path::toString).toList()));
        return found;
    }

    /** Of a request, without where its source lies: the manifest has a digest of that. */
    static SortedMap<String, String> ofContent(IngestRequest request, String tokenizerDigest) {
        SortedMap<String, String> found = new TreeMap<>(request.settings().byName());
        found.put("corpus", request.corpus().label());
        found.put("name", request.name());
        found.put("tokenizer", tokenizerDigest);
        return found;
    }

    /** Of a complete data set. */
    static SortedMap<String, String> ofContent(Manifest manifest) {
        SortedMap<String, String> found = new TreeMap<>(manifest.settings());
        found.put("corpus", manifest.corpus());
        found.put("name", manifest.name());
        found.put("tokenizer", manifest.tokenizer().sha256());
        return found;
    }

    /**
     * Refuses a request that is not the one that a folder was begun with.
     *
     * @throws CorpusException naming the first thing that differs
     */
    static void requireSame(
            Path out, SortedMap<String, String> before, SortedMap<String, String> now) {
        TreeMap<String, String> all = new TreeMap<>(before);
        now.forEach(all::putIfAbsent);
        for (String key : all.keySet()) {
            String was = before.getOrDefault(key, "nothing");
            String is = now.getOrDefault(key, "nothing");
            if (!was.equals(is)) {
                throw new CorpusException(
                        "'"
                                + out
                                + "' was built with "
                                + key
                                + " '"
                                + was
                                + "', and now it is '"
                                + is
                                + "'; take that back, or name another folder");
            }
        }
    }
}
