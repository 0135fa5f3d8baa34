package io.longspan.ingest.wiki;

import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One page of a dump. Elements are known by their local names: each version of the export schema
 * has a namespace of its own.
 *
 * @param title of the page
 * @param namespace 0 for articles
 * @param id of the page
 * @param redirect whether it only points to another page
 * @param text its wikitext
 */
public record WikiPage(String title, String namespace, String id, boolean redirect, String text) {
    private static final Pattern REDIRECT =
            Pattern.compile("\\A\\s*#\\s*REDIRECT\\b", Pattern.CASE_INSENSITIVE);

    /** The templates that English Wikipedia puts on pages of this kind. */
    private static final Marks DISAMBIGUATION =
            new Marks(
                    "{{",
                    "\\{\\{\\s*(?:disambig(?:uation)?|dab|disamb|hndis|geodis|numberdis|mathdab|roaddis"
                            + "|schooldis|hospitaldis|callsigndis|[a-z -]{1,60} disambiguation)\\s*"
                            + "(?:\\||\\}\\})",
                    Pattern.CASE_INSENSITIVE);

    /**
     * A factory for {@link #read}, for one thread. The two limits that stop JDK 25 after ten
     * megabytes of a dump are lifted; document types are off, and with them all entities but the
     * five that XML has.
     */
    public static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
        factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
        return factory;
    }

    /**
     * Reads a page; closes nothing.
     *
     * @param xml placed before the {@code page} element
     * @throws XMLStreamException when it is no XML
     */
    public static WikiPage read(XMLStreamReader xml) throws XMLStreamException {
        String title = "";
        String namespace = "0";
        String id = "";
        String text = "";
        boolean redirect = false;
        int depth = 0;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            }
            if (event != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            depth++;
            String name = xml.getLocalName();
            boolean ofPage = depth == 2;
            if (ofPage && name.equals("redirect")) {
                redirect = true;
            } else if (ofPage && name.equals("title")) {
                title = xml.getElementText();
                depth--;
            } else if (ofPage && name.equals("ns")) {
                namespace = xml.getElementText().strip();
                depth--;
            } else if (ofPage && name.equals("id")) {
                id = xml.getElementText().strip();
                depth--;
            } else if (depth == 3 && name.equals("text")) {
                text = xml.getElementText();
                depth--;
            }
        }
        return new WikiPage(
                title, namespace, id, redirect || REDIRECT.matcher(text).lookingAt(), text);
    }

    /** Whether it is an article, or at least in their namespace. */
    public boolean article() {
        return namespace.equals("0");
    }

    /** Whether it lists what its title may mean. */
    public boolean disambiguation() {
        return title.endsWith("(disambiguation)") || DISAMBIGUATION.in(text);
    }
}
