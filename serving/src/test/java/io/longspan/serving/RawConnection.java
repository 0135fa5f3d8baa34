package io.longspan.serving;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A connection that speaks HTTP/2 byte by byte, so that it can speak it badly. */
final class RawConnection implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int GO_AWAY = 7;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    RawConnection(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** What every client begins with. */
    RawConnection greet() throws IOException {
        send(PREFACE.getBytes(StandardCharsets.US_ASCII));
        return frame(SETTINGS, 0, 0, new byte[0]);
    }

    /** The head of a call, plus headers in pairs; a repeated name stays repeated. */
    RawConnection call(String method, String... more) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        header(block, ":method", "POST");
        header(block, ":scheme", "http");
        header(block, ":path", method);
        header(block, ":authority", "localhost");
        header(block, "te", "trailers");
        for (int i = 0; i < more.length; i += 2) {
            header(block, more[i], more[i + 1]);
        }
        return frame(HEADERS, END_HEADERS, 1, block.toByteArray());
    }

    /** A message as gRPC frames it, with a length that need not be true. */
    RawConnection message(int flag, int length, byte[] bytes, int flags) throws IOException {
        return frame(
                DATA,
                flags,
                1,
                ByteBuffer.allocate(5 + bytes.length)
                        .put((byte) flag)
                        .putInt(length)
                        .put(bytes)
                        .array());
    }

    RawConnection frame(int type, int flags, int stream, byte[] payload) throws IOException {
        return send(
                ByteBuffer.allocate(9 + payload.length)
                        .putInt((payload.length << 8) | type)
                        .put((byte) flags)
                        .putInt(stream)
                        .put(payload)
                        .array());
    }

    /** Bytes as they are; a connection that the server has closed takes them without a word. */
    RawConnection send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException closed) {
            // What it said before it closed is still to be read.
        }
        return this;
    }

    /** Nothing more will come. */
    void half() throws IOException {
        socket.shutdownOutput();
    }

    /** How the server ends it: "status N", "http N", "reset N" or "closed". */
    String outcome() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        try {
            while (true) {
                int head = in.readInt();
                int type = head & 0xff;
                in.readUnsignedByte();
                in.readInt();
                byte[] payload = new byte[head >>> 8];
                in.readFully(payload);
                if (type == RESET) {
                    return "reset " + ByteBuffer.wrap(payload).getInt();
                }
                if (type == GO_AWAY) {
                    return "closed";
                }
                if (type == HEADERS) {
                    Http2Headers headers = decode(payload);
                    CharSequence http = headers.status();
                    // Trailers have none. A page for a browser may name a gRPC status as well.
                    if (http != null && !"200".contentEquals(http)) {
                        return "http " + http;
                    }
                    CharSequence status = headers.get("grpc-status");
                    if (status != null) {
                        return "status " + status;
                    }
                }
            }
        } catch (EOFException | SocketException gone) {
            return "closed";
        }
    }

    private Http2Headers decode(byte[] block) {
        ByteBuf bytes = Unpooled.wrappedBuffer(block);
        try {
            return decoder.decodeHeaders(1, bytes);
        } catch (Http2Exception e) {
            throw new UncheckedIOException(new IOException(e));
        } finally {
            bytes.release();
        }
    }

    /** HPACK's literal that is never indexed, without Huffman's code. */
    private static void header(ByteArrayOutputStream block, String name, String value) {
        block.write(0x10);
        text(block, name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int rest = bytes.length - 127;
        block.write(Math.min(bytes.length, 127));
        if (rest >= 0) {
            for (; rest >= 128; rest >>= 7) {
                block.write((rest & 127) | 128);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
