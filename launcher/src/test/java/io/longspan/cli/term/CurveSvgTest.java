package io.longspan.cli.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class CurveSvgTest {
    @Test
    void pointsLieWhereTheirNumbersAre() throws Exception {
        CurveSvg curves = new CurveSvg("a <b> & c");
        curves.add("one", 0, true, points(0, 2, 5, 1, 10, 0));
        curves.add("two", 1, false, points(0, 2, 10, Double.NaN));
        curves.add("nothing", 2, false, List.of());
        Document svg = parsed(curves.text());
        assertThat(svg.getDocumentElement().getNamespaceURI())
                .isEqualTo("http://www.w3.org/2000/svg");
        NodeList lines = svg.getElementsByTagName("polyline");
        assertThat(lines.getLength()).isEqualTo(2);
        // 0 to 10 across 64 to 844, 0 to 2 up from 376 to 40.
        assertThat(((Element) lines.item(0)).getAttribute("points"))
                .isEqualTo("64.0,40.0 454.0,208.0 844.0,376.0");
        assertThat(((Element) lines.item(1)).getAttribute("points")).isEqualTo("64.0,40.0");
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(3);
        assertThat(svg.getDocumentElement().getTextContent())
                .contains("a <b> & c", "one", "two")
                .doesNotContain("nothing");
    }

    @Test
    void aLongCurveIsThinnedToMeans() throws Exception {
        CurveSvg curves = new CurveSvg("long");
        curves.add(
                "zigzag",
                0,
                false,
                LongStream.range(0, 4000)
                        .mapToObj(i -> new CurveSvg.Point(i, i % 2 == 0 ? 1 : 3))
                        .toList());
        NodeList lines = parsed(curves.text()).getElementsByTagName("polyline");
        String[] points = ((Element) lines.item(0)).getAttribute("points").split(" ", -1);
        assertThat(points).hasSize(400);
        assertThat(points[7].split(",", -1)[1]).isEqualTo(points[301].split(",", -1)[1]);
    }

    @Test
    void aDrawingWithoutPointsIsStillAFile() throws Exception {
        assertThat(parsed(new CurveSvg("none").text()).getElementsByTagName("polyline").getLength())
                .isZero();
    }

    private static Document parsed(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<CurveSvg.Point> points(double... numbers) {
        return IntStream.range(0, numbers.length / 2)
                .mapToObj(i -> new CurveSvg.Point((long) numbers[2 * i], numbers[2 * i + 1]))
                .toList();
    }
}
