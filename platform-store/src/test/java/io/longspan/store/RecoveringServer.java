package io.longspan.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** What a PostgreSQL server says while it recovers, a few times; then another server answers. */
final class RecoveringServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final AtomicInteger refused = new AtomicInteger();
    private final int real;
    private final int times;

    RecoveringServer(int real, int times) throws IOException {
        this.real = real;
        this.times = times;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    int refused() {
        return refused.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                if (refused.get() < times) {
                    Thread.ofVirtual().start(() -> refuse(client));
                } else {
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), real);
                    Thread.ofVirtual().start(() -> copy(client, server));
                    Thread.ofVirtual().start(() -> copy(server, client));
                }
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    /** A start that asks for encryption is answered 'N'; the one after it with the error. */
    private void refuse(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            while (true) {
                int length = ByteBuffer.wrap(in.readNBytes(4)).getInt();
                boolean start = ByteBuffer.wrap(in.readNBytes(length - 4)).getInt() == 3 << 16;
                if (start) {
                    break;
                }
                out.write('N');
            }
            byte[] fields =
                    "SFATAL\0VFATAL\0C57P03\0Mthe database system is in recovery mode\0\0"
                            .getBytes(StandardCharsets.UTF_8);
            refused.incrementAndGet();
            out.write('E');
            out.write(ByteBuffer.allocate(4).putInt(fields.length + 4).array());
            out.write(fields);
            out.flush();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // By either side.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
