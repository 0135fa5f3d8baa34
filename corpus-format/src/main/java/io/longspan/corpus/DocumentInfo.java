package io.longspan.corpus;

/**
 * Where a document came from and what its text was, before it became tokens.
 *
 * @param id unique in the data set and the same in every run over the same source
 * @param source the corpus, such as {@code books}
 * @param path file inside the source, with {@code /} between folders
 * @param url address, or empty
 * @param title title, or empty
 * @param licence licence, or empty when it is not known
 * @param bytes length in UTF-8 of the text that was tokenised
 * @param characters code points of that text
 * @param sha256 of that text in UTF-8, in hex
 */
public record DocumentInfo(
        String id,
        String source,
        String path,
        String url,
        String title,
        String licence,
        long bytes,
        long characters,
        String sha256) {}
