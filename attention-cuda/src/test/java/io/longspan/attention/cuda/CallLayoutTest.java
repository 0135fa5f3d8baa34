package io.longspan.attention.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The structs of the kernels lie in memory as Java writes them. */
final class CallLayoutTest {
    @Test
    void everyFieldIsWhereTheCompilerPutsIt() {
        Emulation emulation = Emulation.shipped();
        Map<String, StructLayout> structs =
                Map.of(
                        "View", CallLayout.VIEW,
                        "Item", CallLayout.ITEM,
                        "Call", CallLayout.CALL);
        structs.forEach((name, layout) ->
                layout.memberLayouts()
                        .forEach(field -> {
                            String word = field.name().orElseThrow();
                            assertThat(emulation.offset(name, word))
                                    .as("%s.%s", name, word)
                                    .isEqualTo(layout.byteOffset(PathElement.groupElement(word)));
                        }));
    }
}
