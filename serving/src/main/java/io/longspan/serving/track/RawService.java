package io.longspan.serving.track;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A service whose requests and answers pass interceptors as the bytes of the wire. So the digest of
 * a request is that of what came in, and a request that is no message fails inside of the
 * interceptors, where its status is tracked and measured, instead of outside.
 */
public final class RawService implements BindableService {
    private final BindableService service;
    private final List<ServerInterceptor> inside;

    /**
     * The given service, which stays as it is.
     *
     * @param inside interceptors that read messages, the outermost first
     */
    public RawService(BindableService service, ServerInterceptor... inside) {
        this.service = service;
        this.inside = List.of(inside);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerInterceptors.useMarshalledMessages(
                ServerInterceptors.interceptForward(service.bindService(), inside), new Bytes());
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            try (message) {
                return message.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException("a message in memory cannot be read", e);
            }
        }
    }
}
