package io.longspan.model;

/** Text of a user inside a message: in quotes, on one line, never longer than a line of text. */
public final class Quoted {
    private static final int LONGEST = 120;

    private Quoted() {}

    /** The text in single quotes; control characters are escaped, what is too long is cut. */
    public static String of(String text) {
        return "'" + plain(text) + "'";
    }

    /** The text as {@link #of} gives it, without the quotes. */
    public static String plain(String text) {
        StringBuilder shown = new StringBuilder();
        int end = Math.min(text.length(), LONGEST);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                shown.append("\\u").append(hex(c));
            } else {
                shown.append(c);
            }
        }
        return end < text.length() ? shown.append("...").toString() : shown.toString();
    }

    private static String hex(char c) {
        return Integer.toHexString(c | 0x10000).substring(1);
    }
}
