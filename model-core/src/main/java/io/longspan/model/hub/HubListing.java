package io.longspan.model.hub;

import io.longspan.model.ModelInputException;
import io.longspan.model.convert.TokenizerCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The files of a revision.
 *
 * @param commit that the revision stands for, so that a branch that moves is not mixed
 * @param files all of them
 */
record HubListing(String commit, List<HubFile> files) {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");
    private static final Pattern SAFETENSORS =
            Pattern.compile("model-[0-9]+-of-[0-9]+\\.safetensors");
    private static final Pattern PYTORCH = Pattern.compile("pytorch_model-[0-9]+-of-[0-9]+\\.bin");

    /** Copies the list. */
    HubListing {
        files = List.copyOf(files);
    }

    static HubListing of(JsonNode json, String revision) {
        List<HubFile> files = new ArrayList<>();
        for (JsonNode entry : json.path("siblings")) {
            files.add(HubFile.of(entry));
        }
        String commit = json.path("sha").asString("");
        return new HubListing(COMMIT.matcher(commit).matches() ? commit : revision, files);
    }

    /**
     * What this program reads: the configuration, the weights in the best format that there is, the
     * tokenizer. Weights come last, so that a model of another kind costs little.
     *
     * @throws ModelInputException when there is no configuration or there are no weights
     */
    List<HubFile> wanted(HubModel model) {
        List<HubFile> wanted = new ArrayList<>();
        wanted.add(
                named("config.json")
                        .orElseThrow(() ->
                                new ModelInputException(
                                        "'"
                                                + model.repository()
                                                + "' has no config.json, so it is no checkpoint in Hugging Face's layout; choose another")));
        for (String name : TokenizerCopy.names()) {
            named(name).ifPresent(wanted::add);
        }
        wanted.addAll(weights(model));
        return wanted;
    }

    private List<HubFile> weights(HubModel model) {
        return whole("model.safetensors", SAFETENSORS)
                .or(() -> whole("pytorch_model.bin", PYTORCH))
                .orElseThrow(() ->
                        new ModelInputException(
                                "'"
                                        + model.repository()
                                        + "' has neither model.safetensors nor pytorch_model.bin, whole or in parts; choose another model or revision"));
    }

    /** One file, or an index and its parts. */
    private Optional<List<HubFile>> whole(String name, Pattern parts) {
        Optional<HubFile> one = named(name);
        if (one.isPresent()) {
            return Optional.of(List.of(one.get()));
        }
        return named(name + ".index.json")
                .map(index -> {
                    List<HubFile> all = new ArrayList<>(List.of(index));
                    Predicate<HubFile> part = file -> parts.matcher(file.name()).matches();
                    files.stream().filter(part).forEach(all::add);
                    return all;
                })
                .filter(all -> all.size() > 1);
    }

    private Optional<HubFile> named(String name) {
        return files.stream().filter(file -> file.name().equals(name)).findFirst();
    }
}
