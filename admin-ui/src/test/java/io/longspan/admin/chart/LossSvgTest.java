package io.longspan.admin.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.store.run.Metric;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class LossSvgTest {
    private static final Pattern POINT = Pattern.compile("([-.0-9]+),([-.0-9]+)");

    @Test
    void higherLossesLieHigherAndLaterStepsFurtherRight() throws Exception {
        Document svg = parsed(List.of(loss(1, 3), loss(2, 5), loss(3, 1)), List.of());
        List<double[]> line = line(svg);
        assertThat(line).hasSize(3);
        assertThat(line.get(0)[0]).isLessThan(line.get(1)[0]);
        assertThat(line.get(1)[0]).isLessThan(line.get(2)[0]);
        // The middle of three equal distances, and the top and the bottom of the drawing.
        assertThat(line.get(1)[0] - line.get(0)[0]).isEqualTo(line.get(2)[0] - line.get(1)[0]);
        assertThat(line.get(1)[1]).isLessThan(line.get(0)[1]);
        assertThat(line.get(0)[1]).isEqualTo((line.get(1)[1] + line.get(2)[1]) / 2);
    }

    @Test
    void axesShowRoundNumbersInThisLocaleToo() throws Exception {
        Document svg =
                parsed(
                        LongStream.rangeClosed(0, 3000)
                                .mapToObj(s -> loss(s, 7 - s / 2000.0))
                                .toList(),
                        List.of());
        assertThat(labels(svg)).contains("500", "1,000", "2,500", "3,000", "5.5", "7.0", "step");
    }

    @Test
    void nothingIsDrawnOfNothing() {
        assertThat(new LossSvg(List.of(), List.of()).text()).isEmpty();
        assertThat(new LossSvg(List.of(loss(1, Double.NaN)), List.of()).text()).isEmpty();
    }

    @Test
    void oneStepAndEqualLossesAreDrawn() throws Exception {
        assertThat(labels(parsed(List.of(loss(7, 2)), List.of()))).contains("7", "2.0");
        Document flat = parsed(List.of(loss(1, 0), loss(4, 0)), List.of());
        assertThat(labels(flat)).contains("1", "2", "3", "4").doesNotContain("-0.0");
        for (double[] point : line(flat)) {
            assertThat(point).doesNotContain(Double.NaN);
        }
    }

    @Test
    void whatIsNotFiniteIsLeftOut() throws Exception {
        List<Metric> points = List.of(loss(1, 3), loss(2, Double.POSITIVE_INFINITY), loss(3, 2));
        assertThat(line(parsed(points, List.of()))).hasSize(2);
    }

    @Test
    void aLongCurveIsThinnedAndKeepsItsPeaksAndEnds() {
        List<Metric> points = new ArrayList<>();
        for (int step = 0; step < 100_000; step++) {
            points.add(loss(step, step == 54_321 ? 99 : step == 54_322 ? -99 : 5));
        }
        List<Metric> kept = Thinning.of(points, 800);
        assertThat(kept).hasSizeLessThanOrEqualTo(810).hasSizeGreaterThan(300);
        assertThat(kept).contains(points.getFirst(), points.getLast());
        assertThat(kept).extracting(Metric::value).contains(99.0, -99.0);
        assertThat(kept).extracting(Metric::step).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void longCurvesComeInPiecesThatMissNothing() {
        List<Metric> loss = LongStream.rangeClosed(1, 25).mapToObj(s -> loss(s, 1)).toList();
        List<Metric> heldOut =
                LongStream.of(0, 5, 10, 15, 20, 25).mapToObj(s -> loss(s, 1)).toList();
        List<Long> seen = new ArrayList<>();
        List<Long> seenHeldOut = new ArrayList<>();
        long last = -1;
        boolean more = true;
        while (more) {
            long after = last;
            MetricsAnswer answer =
                    MetricsAnswer.of(
                            Run.of(25),
                            loss.stream().filter(m -> m.step() > after).toList(),
                            heldOut.stream().filter(m -> m.step() > after).toList(),
                            4);
            answer.loss().forEach(p -> seen.add(p.step()));
            answer.heldOut().forEach(p -> seenHeldOut.add(p.step()));
            last =
                    LongStream.concat(
                                    answer.loss().stream().mapToLong(MetricsAnswer.Point::step),
                                    answer.heldOut().stream().mapToLong(MetricsAnswer.Point::step))
                            .max()
                            .orElseThrow();
            more = answer.more();
        }
        assertThat(seen).containsExactlyElementsOf(LongStream.rangeClosed(1, 25).boxed().toList());
        assertThat(seenHeldOut).containsExactly(0L, 5L, 10L, 15L, 20L, 25L);
    }

    private static Metric loss(long step, double value) {
        return new Metric(Metric.LOSS, step, value);
    }

    private static Document parsed(List<Metric> loss, List<Metric> heldOut) throws Exception {
        String svg = new LossSvg(loss, heldOut).text();
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
    }

    private static List<double[]> line(Document svg) {
        Element line = (Element) svg.getElementsByTagName("polyline").item(0);
        List<double[]> points = new ArrayList<>();
        Matcher point = POINT.matcher(line.getAttribute("points"));
        while (point.find()) {
            points.add(
                    new double[] {
                        Double.parseDouble(point.group(1)), Double.parseDouble(point.group(2))
                    });
        }
        return points;
    }

    private static List<String> labels(Document svg) {
        NodeList texts = svg.getElementsByTagName("text");
        return IntStream.range(0, texts.getLength())
                .mapToObj(i -> texts.item(i).getTextContent())
                .toList();
    }
}
