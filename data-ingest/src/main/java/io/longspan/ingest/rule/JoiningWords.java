package io.longspan.ingest.rule;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Words that join others, by language. They make up a third of any prose, and those of another
 * language make up more of a text in it.
 */
final class JoiningWords {
    /** Of English. */
    static final Set<String> ENGLISH =
            words(
                    "the of and to in a is that was he for it with as his on be at by i this had not"
                            + " are but from or have an they which you were her she all there would"
                            + " their we him been has when who will no if out so what up said its");

    /** Of other languages, by ISO 639-1. */
    static final Map<String, Set<String>> OTHERS =
            Map.of(
                    "fr",
                    words(
                            "le la les de des du un une et est que qui dans en pour pas ne il elle se"
                                    + " sur ce au aux par plus je vous son sa ses avec ou mais"
                                    + " comme lui nous a qu on"),
                    "de",
                    words(
                            "der die das und ist in den von zu mit sich des auf er sie es ein eine"
                                    + " nicht als auch an dem so war ich wie im aus bei hat"),
                    "es",
                    words(
                            "el la los las de que y en un una es no se por con para su lo como al"
                                    + " del m\u00E1s pero sus le ya o este"),
                    "it",
                    words(
                            "il la lo i gli le di che e \u00E8 un una in per non si con del della da"
                                    + " al come pi\u00F9 ma nel alla mi ho"),
                    "pt",
                    words(
                            "o a os as de que e em um uma do da no na se por com para n\u00E3o mais"
                                    + " como mas foi ao ele dos seu sua"),
                    "nl",
                    words(
                            "de het een en van in is dat op te zijn met voor niet die er aan hij ik"
                                    + " was als ook om maar dan zij bij"));

    private JoiningWords() {}

    private static Set<String> words(String list) {
        return Set.copyOf(List.of(list.split(" ")));
    }
}
