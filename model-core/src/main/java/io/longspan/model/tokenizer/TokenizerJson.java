package io.longspan.model.tokenizer;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Describes RoBERTa's tokenizer in the layout of {@code tokenizer.json}: bytes split by the GPT-2
 * pattern, byte-pair merges, {@code <s> A </s>} around one text and {@code <s> A </s></s> B </s>}
 * around two. The five special tokens are found in text; {@code <mask>} swallows the space to its
 * left.
 */
final class TokenizerJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String FIRST_LINE = "#version";

    private TokenizerJson() {}

    /**
     * The description.
     *
     * @param vocabulary id by token
     * @param mergeLines lines of {@code merges.txt}; earlier ones merge first
     * @param special ids of the special tokens
     * @param prefixSpace whether a space is put before the first word
     */
    static ObjectNode of(
            ObjectNode vocabulary,
            List<String> mergeLines,
            SpecialTokens special,
            boolean prefixSpace) {
        ObjectNode json = NODES.objectNode();
        json.put("version", "1.0");
        json.putNull("truncation");
        json.putNull("padding");
        ArrayNode added = json.putArray("added_tokens");
        added.add(addedToken("<s>", special.bos()));
        added.add(addedToken("<pad>", special.pad()));
        added.add(addedToken("</s>", special.eos()));
        added.add(addedToken("<unk>", special.unk()));
        added.add(
                addedToken("<mask>", special.mask()).put("lstrip", true).put("normalized", false));
        json.putNull("normalizer");
        json.set("pre_tokenizer", byteLevel(prefixSpace));
        ObjectNode processor = json.putObject("post_processor");
        processor.put("type", "RobertaProcessing");
        processor.putArray("sep").add("</s>").add(special.eos());
        processor.putArray("cls").add("<s>").add(special.bos());
        processor.put("trim_offsets", true).put("add_prefix_space", prefixSpace);
        json.set("decoder", byteLevel(true));
        ObjectNode model = json.putObject("model");
        model.put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.put("continuing_subword_prefix", "");
        model.put("end_of_word_suffix", "");
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", false);
        model.set("vocab", vocabulary);
        addMerges(mergeLines, model.putArray("merges"));
        return json;
    }

    private static ObjectNode addedToken(String content, int id) {
        return NODES.objectNode()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", true)
                .put("special", true);
    }

    private static ObjectNode byteLevel(boolean prefixSpace) {
        return NODES.objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private static void addMerges(List<String> lines, ArrayNode merges) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean heading = i == 0 && line.startsWith(FIRST_LINE);
            if (heading || line.isBlank()) {
                continue;
            }
            String[] parts = line.split(" ", -1);
            if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
                throw new ModelInputException(
                        "line "
                                + (i + 1)
                                + " of the merges is "
                                + Quoted.of(line)
                                + "; it must be two tokens with one space between, so get the file"
                                + " again");
            }
            merges.addArray().add(parts[0]).add(parts[1]);
        }
    }
}
