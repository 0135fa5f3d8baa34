package io.longspan.ingest.source;

/**
 * What the members of a row are called. Only the text has to be there; a row without one of the
 * others has nothing in its place.
 *
 * @param text the document
 * @param id by which the source knows the row
 * @param title its title
 * @param url its address; stands for the id where that is missing
 * @param split the split it belongs to
 */
public record Columns(String text, String id, String title, String url, String split) {
    /** {@code text}, {@code id}, {@code title}, {@code url}, {@code split}. */
    public static final Columns STANDARD = new Columns("text", "id", "title", "url", "split");

    /** The first that is not empty: the row's own id, its address, its place in the source. */
    static String key(String id, String url, String place) {
        return !id.isBlank() ? id : !url.isBlank() ? url : place;
    }
}
