package io.longspan.attention.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Device;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class CudaProbeTest {
    private final FakeDriver driver;

    CudaProbeTest() throws ReflectiveOperationException {
        driver = new FakeDriver(Arena.ofAuto());
    }

    @Test
    void aMissingLibraryIsNamed() {
        assertThat(CudaProbe.probe("libno-such-driver.so.1"))
                .isInstanceOfSatisfying(
                        CudaProbe.Finding.Obstacle.class,
                        why -> {
                            assertThat(why.reason())
                                    .contains("libno-such-driver.so.1 is not on this machine");
                            assertThat(why.hint()).contains("install the NVIDIA driver");
                        });
    }

    @Test
    void aLibraryWithoutADriverFunctionIsNamedWithTheFunction() {
        driver.remove("cuDeviceGetCount");
        assertThat(why()).contains("fake lacks the driver function cuDeviceGetCount");
    }

    @Test
    void aRefusalOfTheDriverIsGivenWithItsNumberAndName() {
        driver.initStatus = 100;
        assertThat(why()).contains("cuInit(0) with 100 (CUDA_ERROR_NO_DEVICE)");
        driver.initStatus = 0;
        driver.countStatus = 7;
        assertThat(why()).contains("cuDeviceGetCount with 7 (an error without a name)");
    }

    @Test
    void aDriverWithoutAGpuIsSaidSo() {
        driver.devices = 0;
        assertThat(why()).contains("sees no GPU");
    }

    @Test
    void devicesAreReportedInTheOrderOfTheDriver() {
        assertThat(CudaProbe.probe(driver.lookup(), "fake"))
                .isEqualTo(
                        new CudaProbe.Finding.Devices(
                                12080,
                                List.of(
                                        new CudaProbe.Finding.FoundDevice("Test GPU 70", 90),
                                        new CudaProbe.Finding.FoundDevice("Test GPU 71", 90))));
    }

    @Test
    void availabilityNamesTheDriverAndTheDevices() {
        assertThat(CudaAttentionProvider.availability(CudaProbe.probe(driver.lookup(), "fake")))
                .isEqualTo(
                        new Availability.Available(
                                "a driver for CUDA 12.8; Test GPU 70, compute capability 9.0; Test"
                                        + " GPU 71, compute capability 9.0"));
    }

    @Test
    void aDriverThatIsTooOldIsNamedWithWhatIsNeeded() {
        assertThat(refusal(new CudaProbe.Finding.Devices(10020, List.of())))
                .isEqualTo("the driver runs CUDA 10.2; the kernels need CUDA 11.0 or later");
    }

    @Test
    void aGpuThatIsTooOldIsNamedWithWhatIsNeeded() {
        assertThat(
                        refusal(
                                new CudaProbe.Finding.Devices(
                                        12080,
                                        List.of(new CudaProbe.Finding.FoundDevice("Old", 70)))))
                .isEqualTo(
                        "no GPU has compute capability 7.5 or higher; the driver sees Old, compute"
                                + " capability 7.0");
    }

    private static String refusal(CudaProbe.Finding finding) {
        return CudaAttentionProvider.availability(finding)
                        instanceof Availability.Unavailable(String reason, String hint)
                ? reason
                : "available";
    }

    @Test
    void theProviderIsFound() {
        AttentionBackendProvider provider =
                ServiceLoader.load(AttentionBackendProvider.class).findFirst().orElseThrow();
        assertThat(provider.name()).isEqualTo("cuda");
    }

    @Test
    void aProviderWithoutADriverSaysWhyAndRefusesToMakeABackend() {
        AttentionBackendProvider provider = new CudaAttentionProvider("libno-such-driver.so.1");
        assertThat(provider.availability())
                .isInstanceOfSatisfying(
                        Availability.Unavailable.class,
                        no -> {
                            assertThat(no.reason()).contains("libno-such-driver.so.1");
                            assertThat(no.hint()).isNotBlank();
                        });
        BackendContext context =
                new BackendContext(
                        BackendOptions.of("cuda", provider.options(), Map.of()),
                        new Device(Device.Kind.CUDA, 0),
                        1);
        assertThatThrownBy(() -> provider.create(context))
                .isInstanceOf(AttentionConfigurationException.class)
                .hasMessageContaining("'cuda' cannot be made");
    }

    @Test
    void tf32IsRefusedWithWhatIsOffered() {
        assertThatThrownBy(() ->
                        BackendOptions.of(
                                "cuda",
                                new CudaAttentionProvider().options(),
                                Map.of("float32", "tf32")))
                .isInstanceOf(AttentionConfigurationException.class)
                .hasMessageContaining("float32")
                .hasMessageContaining("tf32")
                .hasMessageContaining("allowed: fma");
    }

    @Test
    void theLibraryFollowsTheOperatingSystem() {
        assertThat(CudaAttentionProvider.driverLibrary("Windows 11")).isEqualTo("nvcuda.dll");
        assertThat(CudaAttentionProvider.driverLibrary("Linux")).isEqualTo("libcuda.so.1");
    }

    private String why() {
        return CudaProbe.probe(driver.lookup(), "fake")
                        instanceof CudaProbe.Finding.Obstacle obstacle
                ? obstacle.reason()
                : "no obstacle";
    }
}
